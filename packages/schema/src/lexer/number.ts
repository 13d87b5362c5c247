import { CLASSES, DIGIT } from './byte-classes.ts';
import { endOfJunk } from './quotes.ts';

const UNDERSCORE = 0x5f;
const DOT_BYTE = 0x2e;
const DOLLAR_BYTE = 0x24;
const PLUS = 0x2b;
const MINUS = 0x2d;
const SMALL_E = 0x65;

/**
 * The offset after a number that begins at `at`, with a digit or with a dot and a digit: integers, decimals,
 * exponents, and the trailing junk (scan.l, decinteger, numeric, real, realfail, integer_junk). 0x1f is read
 * as a 0 with junk, which ends at the same byte.
 */
export function endOfNumber(text: Uint8Array, at: number, end: number): number {
  let digits = at;
  let p = endOfDigits(text, at, end);
  // 1..10 is split into 1, .., 10.
  if (p < end && text[p] === DOT_BYTE && !(p + 1 < end && text[p + 1] === DOT_BYTE)) {
    digits = p + 1;
    p = endOfDigits(text, digits, end);
  }
  if (p + 1 < end && ((text[p] as number) | 0x20) === SMALL_E) {
    const sign = text[p + 1];
    if (sign === PLUS || sign === MINUS) {
      digits = p + 2;
      p = endOfDigits(text, digits, end);
      // Without digits, the sign is still part of the error.
      if (p === digits) return p;
    }
  }
  // In 1_0$$ the longest match is 1 with the junk _0$$.
  if (p < end && text[p] === DOLLAR_BYTE) p = underscore(text, digits, p);
  return endOfJunk(text, p, end);
}

/** The offset after digits with single underscores between them. */
function endOfDigits(text: Uint8Array, at: number, end: number): number {
  let p = at;
  while (p < end) {
    if (CLASSES[text[p] as number] === DIGIT) p++;
    else if (p > at && text[p] === UNDERSCORE && p + 1 < end && CLASSES[text[p + 1] as number] === DIGIT)
      p += 2;
    else break;
  }
  return p;
}

/** The offset of the first underscore from `at`, or `end`. */
function underscore(text: Uint8Array, at: number, end: number): number {
  let p = at;
  while (p < end && text[p] !== UNDERSCORE) p++;
  return p;
}
