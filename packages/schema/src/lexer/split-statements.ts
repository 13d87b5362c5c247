import { SqlLexer } from './sql-lexer.ts';

/** A statement or a psql command: bytes [start, end) of the text. */
export interface SqlStatement {
  readonly start: number;
  /** After its semicolon, or after its last token if it has none. */
  readonly end: number;
  /**
   * copy: COPY ... FROM STDIN; psql: a backslash command. A command inside a statement precedes the
   * statement.
   */
  readonly kind: 'sql' | 'copy' | 'psql';
  /** The data lines that a copy, or \copy ... from stdin, reads; the line `\.` follows them. */
  readonly dataStart?: number;
  readonly dataEnd?: number;
}

/**
 * The statements of a text, in the order of their ends: spec/schema/lexer.md, "Statements". Errors in the
 * text are ignored here.
 */
export function* splitStatements(text: Uint8Array): Generator<SqlStatement, void, undefined> {
  const lexer = new SqlLexer(text);
  for (let found = lexer.next(); found !== 'end'; found = lexer.next()) {
    if (found === 'forced') continue;
    const { start, end, dataStart, dataEnd } = lexer;
    const kind = found === 'statement' ? 'sql' : found === 'command' ? 'psql' : 'copy';
    yield dataStart < 0 ? { start, end, kind } : { start, end, kind, dataStart, dataEnd };
  }
}
