import { SqlLexer } from './sql-lexer.ts';

/** A statement, or a command of psql: bytes [start, end) of the text. */
export interface SqlStatement {
  readonly start: number;
  /** Behind its semicolon, or behind its last token where it has none. */
  readonly end: number;
  /** copy: COPY ... FROM STDIN; psql: a backslash command. One that stands inside of a statement comes before it. */
  readonly kind: 'sql' | 'copy' | 'psql';
  /** The lines of data that a copy, or \copy ... from stdin, reads; behind them is the line `\.`. */
  readonly dataStart?: number;
  readonly dataEnd?: number;
}

/** The statements of a text, in the order they end: spec/schema/lexer.md, "Statements". What is not right in it does not matter here. */
export function* splitStatements(text: Uint8Array): Generator<SqlStatement, void, undefined> {
  const lexer = new SqlLexer(text);
  for (let found = lexer.next(); found !== 'end'; found = lexer.next()) {
    if (found === 'forced') continue;
    const { start, end, dataStart, dataEnd } = lexer;
    const kind = found === 'statement' ? 'sql' : found === 'command' ? 'psql' : 'copy';
    yield dataStart < 0 ? { start, end, kind } : { start, end, kind, dataStart, dataEnd };
  }
}
