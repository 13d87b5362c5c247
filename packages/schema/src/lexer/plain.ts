import { CLASSES, DASH, DOLLAR, DOUBLE_QUOTE, IN_WORD, OPEN, QUOTE, SPACE } from './byte-classes.ts';

const AMPERSAND = 0x26;
const SMALL_E = 0x65;
const PREFIXES: Uint8Array = new Uint8Array(256);
for (const byte of Buffer.from('bBeEnNxX')) PREFIXES[byte] = 1;

/** Where the next byte stands that is more than a word, a number, a sign or space. */
export function endOfPlain(text: Uint8Array, at: number, end: number): number {
  // An import is looked up at every use.
  const classes = CLASSES;
  const least = OPEN;
  let p = at;
  while (p < end && (classes[text[p] as number] as number) < least) p++;
  return p;
}

/**
 * May the byte at `stop` belong to a token that begins before it, at `at` or behind it? A quote may have a prefix, a `$` may be in an
 * identifier, and a `-` may be the sign of an exponent.
 */
export function hidesToken(text: Uint8Array, at: number, stop: number): boolean {
  if (stop === at) return false;
  const before = text[stop - 1] as number;
  switch (CLASSES[text[stop] as number]) {
    case QUOTE:
      return PREFIXES[before] === 1 || before === AMPERSAND;
    case DOUBLE_QUOTE:
      return before === AMPERSAND;
    case DOLLAR:
      return IN_WORD[before] === 1;
    case DASH:
      return (before | 0x20) === SMALL_E;
    default:
      return false;
  }
}

/** The end of text[at, end) without the space at its end. */
export function withoutSpace(text: Uint8Array, at: number, end: number): number {
  let p = end;
  while (p > at && CLASSES[text[p - 1] as number] === SPACE) p--;
  return p;
}
