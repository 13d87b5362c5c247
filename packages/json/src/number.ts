import { Kind, type Tape } from './tape.ts';

/**
 * Whether bytes[from, to) is one number of RFC 8259, section 6. Half of the time for opening an archive is
 * spent here.
 */
export function isJsonNumber(bytes: Uint8Array, from: number, to: number): boolean {
  const start = bytes[from] === 0x2d ? from + 1 : from;
  let p = digitsEnd(bytes, start, to);
  if (p === start || (bytes[start] === 0x30 && p > start + 1)) return false;
  if (p === to) return true;
  if (bytes[p] === 0x2e) {
    const fraction = p + 1;
    p = digitsEnd(bytes, fraction, to);
    if (p === fraction) return false;
    if (p === to) return true;
  }
  return isExponent(bytes, p, to);
}

function isExponent(bytes: Uint8Array, at: number, to: number): boolean {
  if (bytes[at] !== 0x65 && bytes[at] !== 0x45) return false;
  const sign = bytes[at + 1];
  const digits = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
  return digits < to && digitsEnd(bytes, digits, to) === to;
}

function digitsEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  // One comparison: a byte below '0' becomes very large.
  while (at < to && ((bytes[at] as number) - 0x30) >>> 0 < 10) at++;
  return at;
}

/**
 * The count that a number represents: an integer from 0 to 2^53 - 1 (including `3.0`); -1 for everything
 * else.
 */
export function countOf(tape: Tape, node: number): number {
  const value = tape.kind(node) === Kind.number ? Number(tape.spelling(node)) : -1;
  // + 0 turns -0 into 0.
  return Number.isSafeInteger(value) && value >= 0 ? value + 0 : -1;
}
