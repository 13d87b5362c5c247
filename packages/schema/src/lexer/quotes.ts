import { CLASSES, CR, DIGIT, IN_WORD, LETTER, LF, SPACE } from './byte-classes.ts';
import { beginsLineComment, endOfLine } from './gap.ts';

const QUOTE_BYTE = 0x27;
const DOUBLE_QUOTE_BYTE = 0x22;
const BACKSLASH_BYTE = 0x5c;
const DOLLAR_BYTE = 0x24;

/**
 * How a string literal is read: '...' and U&'...'; E'...'; B'...' and X'...', in which '' ends one literal
 * and begins another.
 */
export const PLAIN = 0;
export const ESCAPES = 1;
export const BITS = 2;

/**
 * The offset after the last quote of a string literal, including its continuations on further lines.
 * @param at the offset after its first quote
 * @returns -1 if it is not closed before `end`
 */
export function endOfString(text: Uint8Array, at: number, end: number, kind: number): number {
  let p = at;
  for (;;) {
    p = behindQuote(text, p, end, kind);
    if (p < 0) return -1;
    const next = continuation(text, p, end);
    if (next < 0) return p;
    p = next;
  }
}

function behindQuote(text: Uint8Array, at: number, end: number, kind: number): number {
  for (let p = at; p < end; p++) {
    const byte = text[p];
    if (byte === QUOTE_BYTE) {
      if (kind === BITS || p + 1 >= end || text[p + 1] !== QUOTE_BYTE) return p + 1;
      p++;
    } else if (byte === BACKSLASH_BYTE && kind === ESCAPES) p++;
  }
  return -1;
}

/**
 * The offset after the quote that continues a literal: only spaces and line comments precede it, with a line
 * ending among them (scan.l, quotecontinue). -1 if there is none.
 */
function continuation(text: Uint8Array, at: number, end: number): number {
  let newLine = false;
  for (let p = at; p < end; ) {
    const byte = text[p] as number;
    if (CLASSES[byte] === SPACE) {
      newLine ||= byte === LF || byte === CR;
      p++;
    } else if (byte === QUOTE_BYTE) return newLine ? p + 1 : -1;
    else if (beginsLineComment(text, p, end)) p = endOfLine(text, p, end);
    else return -1;
  }
  return -1;
}

/**
 * The offset after the last quote of an identifier; `at` is the offset after its first quote. -1 if it is not
 * closed before `end`.
 */
export function endOfIdentifier(text: Uint8Array, at: number, end: number): number {
  for (let p = at; p < end; p++) {
    if (text[p] !== DOUBLE_QUOTE_BYTE) continue;
    if (p + 1 >= end || text[p + 1] !== DOUBLE_QUOTE_BYTE) return p + 1;
    p++;
  }
  return -1;
}

/**
 * The offset after the second `$` of the delimiter that begins at `at`; -1 if the `$` does not begin a
 * delimiter.
 */
export function endOfDelimiter(text: Uint8Array, at: number, end: number): number {
  let p = at + 1;
  if (p < end && CLASSES[text[p] as number] === LETTER) {
    do p++;
    while (p < end && (CLASSES[text[p] as number] === LETTER || CLASSES[text[p] as number] === DIGIT));
  }
  return p < end && text[p] === DOLLAR_BYTE ? p + 1 : -1;
}

/**
 * The offset after a dollar quote whose delimiter is text[at, opened); -1 if the same bytes do not occur
 * again before `end`.
 */
export function endOfDollarQuote(text: Uint8Array, at: number, opened: number, end: number): number {
  const length = opened - at;
  const last = end - length;
  for (let p = text.indexOf(DOLLAR_BYTE, opened); p >= 0 && p <= last; p = text.indexOf(DOLLAR_BYTE, p + 1)) {
    let same = 1;
    while (same < length && text[p + same] === text[at + same]) same++;
    if (same === length) return p + length;
  }
  return -1;
}

/** The offset after `$1` and its trailing junk, or after the `$` alone. */
export function endOfParameter(text: Uint8Array, at: number, end: number): number {
  let p = at + 1;
  while (p < end && CLASSES[text[p] as number] === DIGIT) p++;
  return p === at + 1 ? p : endOfJunk(text, p, end);
}

/**
 * A letter directly after a number or parameter belongs to it, with all following identifier bytes (scan.l,
 * the junk rules).
 */
export function endOfJunk(text: Uint8Array, at: number, end: number): number {
  let p = at;
  if (p < end && CLASSES[text[p] as number] === LETTER) {
    do p++;
    while (p < end && IN_WORD[text[p] as number] === 1);
  }
  return p;
}
