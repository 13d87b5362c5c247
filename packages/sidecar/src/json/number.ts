/** Whether bytes[from, to) is one number of RFC 8259, section 6. */
export function isJsonNumber(bytes: Uint8Array, from: number, to: number): boolean {
  let p = from;
  if (bytes[p] === 0x2d) p++;
  if (p >= to) return false;
  if (bytes[p] === 0x30) p++;
  else {
    const digits = digitsEnd(bytes, p, to);
    if (digits === p) return false;
    p = digits;
  }
  if (p < to && bytes[p] === 0x2e) {
    const digits = digitsEnd(bytes, p + 1, to);
    if (digits === p + 1) return false;
    p = digits;
  }
  if (p < to && (bytes[p] === 0x65 || bytes[p] === 0x45)) {
    p++;
    if (p < to && (bytes[p] === 0x2b || bytes[p] === 0x2d)) p++;
    const digits = digitsEnd(bytes, p, to);
    if (digits === p) return false;
    p = digits;
  }
  return p === to;
}

function digitsEnd(bytes: Uint8Array, from: number, to: number): number {
  let p = from;
  while (p < to && (bytes[p] as number) >= 0x30 && (bytes[p] as number) <= 0x39) p++;
  return p;
}
