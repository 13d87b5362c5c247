import { endOfGap } from '../lexer/gap.ts';
import { SqlLexer } from '../lexer/sql-lexer.ts';
import { isWord } from '../lexer/statement-words.ts';
import { endOfWord } from '../lexer/token.ts';
import type { Span } from './key-spans.ts';

/** What a file leaves open for the files after it. */
export interface Carried {
  /** The last statement lacks its semicolon, so that the text that follows belongs to it. */
  readonly isOpen: boolean;
  /** The number of psql \if commands that are open: what is created there may not exist in the end. */
  readonly conditions: number;
}

export const NOTHING_CARRIED: Carried = { isOpen: false, conditions: 0 };

/** The statements of a file that may lose keys, and what is open at its end. */
export interface OwnStatements {
  readonly creates: readonly Span[];
  readonly after: Carried;
}

const SEMICOLON = 0x3b;

/**
 * The CREATE statements of a file that are complete in it and run regardless of psql's variables.
 * @param text of one file, without a byte order mark
 * @param before what the preceding files leave open
 */
export function ownStatements(text: Uint8Array, before: Carried): OwnStatements {
  const lexer = new SqlLexer(text);
  const creates: Span[] = [];
  let { conditions } = before;
  // If a statement was left open, the first one here is its end.
  let isOpen = before.isOpen && !beginsWithSemicolon(text);
  for (let found = lexer.next(); found !== 'end'; found = lexer.next()) {
    const { start, end, wordEnd } = lexer;
    if (found === 'command') conditions = depthAfter(conditions, text, start + 1, wordEnd);
    else if (found !== 'forced') {
      if (!isOpen && conditions === 0 && isWholeCreate(text, start, end)) creates.push({ start, end });
      isOpen = false;
    }
  }
  return { creates, after: { isOpen: isOpen || lexer.open !== null, conditions } };
}

function beginsWithSemicolon(text: Uint8Array): boolean {
  const first = endOfGap(text, 0, text.length);
  return first >= 0 && text[first] === SEMICOLON;
}

/** The depth of conditions after a psql command whose word is text[at, end). */
function depthAfter(depth: number, text: Uint8Array, at: number, end: number): number {
  if (isWord(text, at, end, 'if')) return depth + 1;
  return isWord(text, at, end, 'endif') ? Math.max(0, depth - 1) : depth;
}

function isWholeCreate(text: Uint8Array, start: number, end: number): boolean {
  return text[end - 1] === SEMICOLON && isWord(text, start, endOfWord(text, start, end), 'create');
}
