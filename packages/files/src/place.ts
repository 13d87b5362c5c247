/**
 * Line and column in a text as an editor counts them: both from 1, columns in code points
 * (spec/json.md).
 */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place of bytes[offset] in a text that begins at `start`. */
export function placeOf(bytes: Uint8Array, start: number, offset: number): Place {
  let line = 1;
  let column = 1;
  for (let p = start; p < offset; p++) {
    const c = bytes[p] as number;
    if (c === 0x0a) {
      line++;
      column = 1;
    } else if ((c & 0xc0) !== 0x80) column++;
  }
  return { line, column };
}
