/**
 * The offset at which Rust's `Utf8Error::valid_up_to` points: the first byte of the first ill-formed
 * sequence; the length if there is none.
 */
export function firstIllFormed(bytes: Uint8Array): number {
  const end = bytes.length;
  let p = 0;
  while (p < end) {
    const length = sequenceLength(bytes, p, end, false);
    if (length === 0) return p;
    p += length;
  }
  return end;
}

/**
 * Whether the bytes are UTF-8 except for lone surrogates of three bytes each (WTF-8:
 * https://simonsapin.github.io/wtf-8/).
 */
export function isWtf8(bytes: Uint8Array): boolean {
  const end = bytes.length;
  let p = 0;
  let afterHigh = false;
  while (p < end) {
    const length = sequenceLength(bytes, p, end, true);
    if (length === 0) return false;
    const surrogate = length === 3 && bytes[p] === 0xed && (bytes[p + 1] as number) >= 0xa0;
    const low = surrogate && (bytes[p + 1] as number) >= 0xb0;
    if (low && afterHigh) return false;
    afterHigh = surrogate && !low;
    p += length;
  }
  return true;
}

/** The length of the well-formed sequence at `p` (Unicode 3.9, table 3-7), or 0. */
function sequenceLength(b: Uint8Array, p: number, end: number, surrogates: boolean): number {
  const c = b[p] as number;
  if (c < 0x80) return 1;
  if (c < 0xc2 || c > 0xf4) return 0;
  if (c < 0xe0) return p + 1 < end && continues(b[p + 1] as number) ? 2 : 0;
  if (c < 0xf0) {
    if (p + 2 >= end) return 0;
    const second = b[p + 1] as number;
    if (!continues(second) || !continues(b[p + 2] as number)) return 0;
    if (c === 0xe0 && second < 0xa0) return 0;
    return c === 0xed && second > 0x9f && !surrogates ? 0 : 3;
  }
  if (p + 3 >= end) return 0;
  const second = b[p + 1] as number;
  if (!continues(second) || !continues(b[p + 2] as number) || !continues(b[p + 3] as number)) return 0;
  if (c === 0xf0 && second < 0x90) return 0;
  return c === 0xf4 && second > 0x8f ? 0 : 4;
}

function continues(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
