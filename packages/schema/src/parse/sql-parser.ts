import type { Node } from 'libpg-query';

/** One statement as PostgreSQL's parser sees it. */
export interface ParsedStatement {
  readonly tree: Node;
  /** Bytes from the start of the text, of its first byte; spaces and comments may stand there. */
  readonly start: number;
  readonly end: number;
}

/** What the parser does not take. */
export interface SyntaxFault {
  /** PostgreSQL's own words. */
  readonly problem: string;
  /** Bytes from the start of the text. */
  readonly offset: number;
}

/** PostgreSQL's parser, the WASM of libpg-query; loaded once, because that takes as long as parsing a hundred files. */
export class SqlParser {
  readonly #parse: Parse;
  readonly #scan: Scan;
  readonly #reserved = new Map<string, boolean>();

  private constructor({ parseSync, scanSync }: typeof import('libpg-query')) {
    this.#parse = parseSync as Parse;
    this.#scan = scanSync;
  }

  static async load(): Promise<SqlParser> {
    const parser = await import('libpg-query');
    await parser.loadModule();
    return new SqlParser(parser);
  }

  /** Whether a word of small letters cannot name a table or column without quotes: reserved, or for functions and types alone. */
  isReserved(word: string): boolean {
    let isReserved = this.#reserved.get(word);
    if (isReserved === undefined) {
      const kind = this.#scan(word).tokens[0]?.keywordName;
      isReserved = kind === 'RESERVED_KEYWORD' || kind === 'TYPE_FUNC_NAME_KEYWORD';
      this.#reserved.set(word, isReserved);
    }
    return isReserved;
  }

  /** The statements of a text without commands of psql, or the first thing that is wrong in it. */
  parse(text: Buffer): readonly ParsedStatement[] | SyntaxFault {
    const query = text.toString();
    // libpg-query takes no empty text.
    if (query.trim() === '') return [];
    try {
      return (this.#parse(query).stmts ?? []).map(({ stmt, stmt_location: start = 0, stmt_len: length }) => ({
        tree: stmt,
        start,
        end: length === undefined ? text.length : start + length,
      }));
    } catch (error) {
      return faultOf(error, query);
    }
  }
}

type Parse = (query: string) => { readonly stmts?: readonly RawStatement[] };
type Scan = (text: string) => { readonly tokens: readonly { readonly keywordName: string }[] };

interface RawStatement {
  readonly stmt: Node;
  readonly stmt_location?: number;
  readonly stmt_len?: number;
}

function faultOf(error: unknown, query: string): SyntaxFault {
  if (!(error instanceof Error)) throw error;
  const details = 'sqlDetails' in error ? (error.sqlDetails as { cursorPosition?: number }) : undefined;
  // An error of its own, such as too deep a nesting in the WASM, is told at the beginning.
  if (details?.cursorPosition === undefined) return { problem: error.message, offset: 0 };
  // It counts characters from 0.
  const before = Array.from(query).slice(0, details.cursorPosition).join('');
  return { problem: error.message, offset: Buffer.byteLength(before) };
}
