import { CR, LF } from './byte-classes.ts';

const BACKSLASH_BYTE = 0x5c;
const DOT_BYTE = 0x2e;

/**
 * The offset of the line `\.` that ends the data of a COPY (psql's copy.c, handleCopyIn).
 * @param from the offset of the first line of data
 * @returns -1 if there is no such line
 */
export function endOfCopyData(text: Uint8Array, from: number): number {
  for (let p = text.indexOf(BACKSLASH_BYTE, from); p >= 0; p = text.indexOf(BACKSLASH_BYTE, p + 1)) {
    if (text[p + 1] !== DOT_BYTE || !(p === from || isLineEnd(text[p - 1]))) continue;
    if (p + 2 === text.length || isLineEnd(text[p + 2])) return p;
  }
  return -1;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}
