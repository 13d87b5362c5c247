import { CLASSES, DASH, SLASH, SPACE } from './byte-classes.ts';

const LF = 0x0a;
const CR = 0x0d;
const DASH_BYTE = 0x2d;
const STAR = 0x2a;
const SLASH_BYTE = 0x2f;

/** The end of the line that contains `at`: the offset of its CR or LF, or `end`. */
export function endOfLine(text: Uint8Array, at: number, end: number): number {
  let p = at;
  while (p < end && text[p] !== LF && text[p] !== CR) p++;
  return p;
}

/** The offset after the end of the line that contains `at`; CR LF is one line ending. */
export function nextLine(text: Uint8Array, at: number, end: number): number {
  const p = endOfLine(text, at, end);
  if (p === end) return end;
  return text[p] === CR && p + 1 < end && text[p + 1] === LF ? p + 2 : p + 1;
}

export function beginsLineComment(text: Uint8Array, at: number, end: number): boolean {
  return text[at] === DASH_BYTE && at + 1 < end && text[at + 1] === DASH_BYTE;
}

export function beginsBlockComment(text: Uint8Array, at: number, end: number): boolean {
  return text[at] === SLASH_BYTE && at + 1 < end && text[at + 1] === STAR;
}

/**
 * The offset after the comment that begins at `at`, including nested comments; -1 if it is not closed before
 * `end`.
 */
export function endOfBlockComment(text: Uint8Array, at: number, end: number): number {
  let depth = 1;
  let p = at + 2;
  while (p + 1 < end) {
    const byte = text[p];
    if (byte === STAR && text[p + 1] === SLASH_BYTE) {
      p += 2;
      if (--depth === 0) return p;
    } else if (byte === SLASH_BYTE && text[p + 1] === STAR) {
      p += 2;
      depth++;
    } else p++;
  }
  return -1;
}

/** The offset of the next token after spaces and comments; -1 if a comment is not closed before `end`. */
export function endOfGap(text: Uint8Array, at: number, end: number): number {
  let p = at;
  while (p < end) {
    const kind = CLASSES[text[p] as number];
    if (kind === SPACE) p++;
    else if (kind === DASH && beginsLineComment(text, p, end)) p = endOfLine(text, p, end);
    else if (kind === SLASH && beginsBlockComment(text, p, end)) {
      p = endOfBlockComment(text, p, end);
      if (p < 0) return -1;
    } else return p;
  }
  return p;
}
