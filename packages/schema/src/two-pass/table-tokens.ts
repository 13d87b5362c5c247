import { CLASSES, CLOSE, LETTER, OPEN } from '../lexer/byte-classes.ts';
import { endOfGap } from '../lexer/gap.ts';
import { endOfPrefixed, endOfToken, endOfWord } from '../lexer/token.ts';

/** A token of a statement that PostgreSQL's parser has accepted, as far as it matters for its elements. */
export interface TableToken {
  readonly start: number;
  readonly end: number;
  /** Brackets enclose elements as parentheses do: ARRAY[1, 2]. */
  readonly kind: 'open' | 'close' | 'open bracket' | 'close bracket' | 'comma' | 'other';
}

const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** The tokens of a statement, without comments. */
export function tableTokens(statement: Uint8Array): readonly TableToken[] {
  const tokens: TableToken[] = [];
  const limit = statement.length;
  for (let start = endOfGap(statement, 0, limit); start >= 0 && start < limit; ) {
    const end = endOf(statement, start, limit);
    // A statement that the parser has accepted leaves nothing open.
    if (end < 0) break;
    tokens.push({ start, end, kind: kindOf(statement[start] as number) });
    start = endOfGap(statement, end, limit);
  }
  return tokens;
}

function endOf(statement: Uint8Array, at: number, limit: number): number {
  const kind = CLASSES[statement[at] as number] as number;
  if (kind !== LETTER) return endOfToken(kind, statement, at, limit);
  const literal = endOfPrefixed(statement, at, limit);
  return literal === 0 ? endOfWord(statement, at, limit) : literal;
}

function kindOf(first: number): TableToken['kind'] {
  if (first === COMMA) return 'comma';
  if (first === OPEN_BRACKET) return 'open bracket';
  if (first === CLOSE_BRACKET) return 'close bracket';
  const kind = CLASSES[first];
  return kind === OPEN ? 'open' : kind === CLOSE ? 'close' : 'other';
}
