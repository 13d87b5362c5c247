import { CLASSES, DASH, DOLLAR, DOUBLE_QUOTE, IN_WORD, OPEN, QUOTE, SPACE } from './byte-classes.ts';

const AMPERSAND = 0x26;
const SMALL_E = 0x65;
const PREFIXES: Uint8Array = new Uint8Array(256);
for (const byte of Buffer.from('bBeEnNxX')) PREFIXES[byte] = 1;

/** Of each byte, whether it is more than a word, a number, a sign or space; and whether one of two is. */
const STOPS: Uint8Array = CLASSES.map((kind) => (kind >= OPEN ? 1 : 0));
const PAIR_STOPS: Uint8Array = pairStops();

/** A text by two bytes at once, from the first even place of its memory on. */
export function pairsOf({ buffer, byteOffset, length }: Uint8Array): Uint16Array {
  const before = byteOffset & 1;
  return length < 2
    ? new Uint16Array(0)
    : new Uint16Array(buffer, byteOffset + before, (length - before) >>> 1);
}

/**
 * Where the next byte stands that is more than a word, a number, a sign or space.
 * @param pairs pairsOf the text, of which `before` bytes, 0 or 1, lie before the first pair
 */
export function endOfPlain(
  text: Uint8Array,
  pairs: Uint16Array,
  before: number,
  at: number,
  end: number,
): number {
  const stops = STOPS;
  const pairStops = PAIR_STOPS;
  if (at >= end || stop(stops, text, at) !== 0) return at;
  // The byte at `at` is none, so it does not matter whether it begins a pair.
  let pair = (at - before + 1) >> 1;
  // Eight bytes at a time: the whole lexer takes half the time of one that looks at each.
  for (const last = ((end - before) >> 1) - 4; pair <= last; pair += 4) {
    const two = pairStop(pairStops, pairs, pair) | pairStop(pairStops, pairs, pair + 1);
    if ((two | pairStop(pairStops, pairs, pair + 2) | pairStop(pairStops, pairs, pair + 3)) !== 0) break;
  }
  let p = pair * 2 + before;
  while (p < end && stop(stops, text, p) === 0) p++;
  return p;
}

function stop(stops: Uint8Array, text: Uint8Array, at: number): number {
  return stops[text[at] as number] as number;
}

/** A function of its own: one that reads both kinds of arrays is slower. */
function pairStop(stops: Uint8Array, pairs: Uint16Array, at: number): number {
  return stops[pairs[at] as number] as number;
}

/** Whichever of the two comes first in memory. */
function pairStops(): Uint8Array {
  const table = new Uint8Array(0x10000);
  // By rows: one by one they would take a millisecond of every start.
  for (const [byte, stops] of STOPS.entries()) {
    if (stops === 1) table.fill(1, byte * 0x100, (byte + 1) * 0x100);
    else table.set(STOPS, byte * 0x100);
  }
  return table;
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
