/** The number of bytes of the byte order mark at the beginning of a text: 3, or 0 if there is none. */
export function bomLength(text: Uint8Array): number {
  return text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0;
}
