import { CLASSES, IN_WORD, SPACE } from './byte-classes.ts';
import { endOfGap } from './gap.ts';

/**
 * How far the words of a statement match one that ends in a special way: psqlscan.l, identifiers, and COPY.
 */
export const FIRST = 0;
export const CREATE = 1;
export const CREATE_OR = 2;
export const CREATE_OR_REPLACE = 3;
/** CREATE [OR REPLACE] FUNCTION or PROCEDURE: its BEGIN, CASE and END are counted. */
export const ROUTINE = 4;
export const COPY = 5;
/** The remaining words do not matter. */
export const ANY = 6;

const DOT_BYTE = 0x2e;

/** The state after one more word, which is text[at, end). */
export function afterWord(
  words: number,
  text: Uint8Array,
  at: number,
  end: number,
  isFirst: boolean,
): number {
  switch (words) {
    case FIRST:
      if (isWord(text, at, end, 'create')) return CREATE;
      return isFirst && isWord(text, at, end, 'copy') ? COPY : ANY;
    case CREATE:
      if (isWord(text, at, end, 'or')) return CREATE_OR;
      return isRoutine(text, at, end) ? ROUTINE : ANY;
    case CREATE_OR:
      return isWord(text, at, end, 'replace') ? CREATE_OR_REPLACE : ANY;
    case CREATE_OR_REPLACE:
      return isRoutine(text, at, end) ? ROUTINE : ANY;
    default:
      return words;
  }
}

function isRoutine(text: Uint8Array, at: number, end: number): boolean {
  return isWord(text, at, end, 'function') || isWord(text, at, end, 'procedure');
}

/** The BEGIN depth after a word of a routine outside of parentheses: END also ends a CASE. */
export function beginDepthAfter(depth: number, text: Uint8Array, at: number, end: number): number {
  if (isWord(text, at, end, 'begin')) return depth + 1;
  if (depth === 0) return 0;
  if (isWord(text, at, end, 'case')) return depth + 1;
  return isWord(text, at, end, 'end') ? depth - 1 : depth;
}

/**
 * Whether the token after the FROM of a COPY is the word STDIN. STDOUT reads from the same source (gram.y,
 * copy_file_name).
 */
export function isStdin(text: Uint8Array, at: number, end: number): boolean {
  const next = endOfGap(text, at, end);
  if (next < 0) return false;
  let nextEnd = next;
  while (nextEnd < end && IN_WORD[text[nextEnd] as number] === 1) nextEnd++;
  return isWord(text, next, nextEnd, 'stdin') || isWord(text, next, nextEnd, 'stdout');
}

/** Whether text[at] follows a dot. Then it is the name of a column or a table, even if it is a keyword. */
export function isBehindDot(text: Uint8Array, at: number): boolean {
  let p = at - 1;
  while (p >= 0 && CLASSES[text[p] as number] === SPACE) p--;
  return p >= 0 && text[p] === DOT_BYTE;
}

/** Whether text[at, end) is this word, ignoring case. */
export function isWord(text: Uint8Array, at: number, end: number, word: string): boolean {
  if (end - at !== word.length) return false;
  for (let p = 0; p < word.length; p++) {
    const byte = text[at + p] as number;
    const letter = word.charCodeAt(p);
    if (byte !== letter && (byte | 0x20) !== letter) return false;
  }
  return true;
}
