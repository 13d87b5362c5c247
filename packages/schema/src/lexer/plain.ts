import { CLASSES, DASH, DOLLAR, DOUBLE_QUOTE, IN_WORD, OPEN, QUOTE, SPACE } from './byte-classes.ts';

const AMPERSAND = 0x26;
const SMALL_E = 0x65;
const PREFIXES: Uint8Array = new Uint8Array(256);
for (const byte of Buffer.from('bBeEnNxX')) PREFIXES[byte] = 1;

/**
 * For each byte, whether it is more than a word, a number, a sign or a space; and for each pair of bytes,
 * whether one of them is.
 */
const STOPS: Uint8Array = CLASSES.map((kind) => (kind >= OPEN ? 1 : 0));
const PAIR_STOPS: Uint8Array = pairStops();

/** A text as pairs of bytes, from the first even address of its memory. */
export function pairsOf({ buffer, byteOffset, length }: Uint8Array): Uint16Array {
  const before = byteOffset & 1;
  return length < 2
    ? new Uint16Array(0)
    : new Uint16Array(buffer, byteOffset + before, (length - before) >>> 1);
}

/**
 * The offset of the next byte that is more than a word, a number, a sign or a space.
 * @param pairs pairsOf the text; `before` bytes of the text, 0 or 1, precede the first pair
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
  // The byte at `at` is not a stop, so it does not matter whether it begins a pair.
  let pair = (at - before + 1) >> 1;
  // Eight bytes at a time: the whole lexer then takes half the time of one that inspects each byte.
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

/** A separate function, because one that reads both kinds of arrays is slower. */
function pairStop(stops: Uint8Array, pairs: Uint16Array, at: number): number {
  return stops[pairs[at] as number] as number;
}

/** The table holds for either byte order of a pair in memory. */
function pairStops(): Uint8Array {
  const table = new Uint8Array(0x10000);
  // Row by row: filling single elements would add a millisecond to every start.
  for (const [byte, stops] of STOPS.entries()) {
    if (stops === 1) table.fill(1, byte * 0x100, (byte + 1) * 0x100);
    else table.set(STOPS, byte * 0x100);
  }
  return table;
}

/**
 * Whether the byte at `stop` may belong to a token that begins before it, at `at` or later. A quote may have
 * a prefix, a `$` may be part of an identifier, and a `-` may be the sign of an exponent.
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

/** The end of text[at, end) without trailing space. */
export function withoutSpace(text: Uint8Array, at: number, end: number): number {
  let p = end;
  while (p > at && CLASSES[text[p - 1] as number] === SPACE) p--;
  return p;
}
