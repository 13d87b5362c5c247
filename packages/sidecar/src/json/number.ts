/** Whether bytes[from, to) is one number of RFC 8259, section 6. */
export function isJsonNumber(bytes: Uint8Array, from: number, to: number): boolean {
  let p = from;
  if (p < to && bytes[p] === 0x2d) p++;
  if (p === to) return false;
  let c = bytes[p++] as number;
  if (c < 0x30 || c > 0x39) return false;
  if (c !== 0x30) while (p < to && isDigit(bytes[p] as number)) p++;
  if (p === to) return true;
  c = bytes[p] as number;
  if (c === 0x2e) {
    const fraction = ++p;
    while (p < to && isDigit(bytes[p] as number)) p++;
    if (p === fraction) return false;
    if (p === to) return true;
    c = bytes[p] as number;
  }
  if (c !== 0x65 && c !== 0x45) return false;
  p++;
  if (p < to && (bytes[p] === 0x2b || bytes[p] === 0x2d)) p++;
  const exponent = p;
  while (p < to && isDigit(bytes[p] as number)) p++;
  return p === to && p > exponent;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
