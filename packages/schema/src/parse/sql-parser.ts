import type { Node } from 'libpg-query';

/** One statement as PostgreSQL's parser sees it. */
export interface ParsedStatement {
  readonly tree: Node;
  /**
   * The offset of its first byte, from the start of the text; spaces and comments may precede the statement
   * there.
   */
  readonly start: number;
  readonly end: number;
}

/** An error of the parser. */
export interface SyntaxFault {
  /** PostgreSQL's own message. */
  readonly problem: string;
  /** Bytes from the start of the text. */
  readonly offset: number;
}

/**
 * PostgreSQL's parser, the WASM build of libpg-query. It is loaded once, because loading takes as long as
 * parsing a hundred files.
 */
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

  /**
   * Whether a lower-case word cannot name a table or column without quotes: it is reserved, or only allowed
   * for functions and types.
   */
  isReserved(word: string): boolean {
    let isReserved = this.#reserved.get(word);
    if (isReserved === undefined) {
      const kind = this.#scan(word).tokens[0]?.keywordName;
      isReserved = kind === 'RESERVED_KEYWORD' || kind === 'TYPE_FUNC_NAME_KEYWORD';
      this.#reserved.set(word, isReserved);
    }
    return isReserved;
  }

  /** The statements of a text without psql commands, or the first error in it. */
  parse(text: Buffer): readonly ParsedStatement[] | SyntaxFault {
    const query = text.toString();
    // libpg-query rejects an empty text.
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
  // An error of the parser library itself, such as nesting too deep for the WASM, is reported at the
  // beginning.
  if (details?.cursorPosition === undefined) return { problem: error.message, offset: 0 };
  // The cursor position counts characters from 0.
  const before = Array.from(query).slice(0, details.cursorPosition).join('');
  return { problem: error.message, offset: Buffer.byteLength(before) };
}
