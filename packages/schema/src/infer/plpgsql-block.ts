import type { Node } from 'libpg-query';
import type { SqlParser } from '../parse/sql-parser.ts';
import { constantText } from './search-path.ts';

/** SQL that stands in a DO block. */
export interface EmbeddedSql {
  readonly sql: string;
  /** What of it stands in the block like that. */
  readonly query: string;
  /** Bytes of `sql` before `query`. */
  readonly before: number;
}

/** RawParseMode of PostgreSQL's parser. */
const STATEMENT = 0;
const TYPE_NAME = 1;

/**
 * The SQL of a DO block: its statements, the expressions between them, and what EXECUTE is given as a plain string. Whether it is run is
 * not known.
 */
export function embeddedSql(parser: SqlParser, block: string): EmbeddedSql[] {
  const found: EmbeddedSql[] = [];
  const stack: unknown[] = [parser.parsePlPgSql(block)];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    for (const [field, value] of Object.entries(node)) {
      if (field === 'PLpgSQL_expr') found.push(...sqlOf(value as Expression));
      else if (field === 'PLpgSQL_type')
        found.push(...sqlOfType((value as { typname?: string }).typname ?? ''));
      else if (field === 'PLpgSQL_stmt_dynexecute') {
        const { query } = (value as { query?: { PLpgSQL_expr?: Expression } }).query?.PLpgSQL_expr ?? {};
        found.push(...executedText(parser, query ?? ''));
      }
      stack.push(value);
    }
  }
  return found.reverse();
}

interface Expression {
  readonly query?: string;
  readonly parseMode?: number;
}

function sqlOf({ query = '', parseMode = STATEMENT }: Expression): EmbeddedSql[] {
  if (parseMode === STATEMENT) return [{ sql: query, query, before: 0 }];
  if (parseMode === TYPE_NAME) return [];
  // An assignment has its target before it.
  const value = parseMode > 2 ? query.slice(query.indexOf('=') + 1) : query;
  return [{ sql: `SELECT ${value}`, query: value, before: 'SELECT '.length }];
}

/** As a cast, and as the relation that %TYPE and %ROWTYPE are about. */
function sqlOfType(type: string): EmbeddedSql[] {
  const [, relation] = /^(.*?)(?:\.[^.]*%TYPE|%ROWTYPE)$/i.exec(type) ?? [];
  const [before, query] = relation === undefined ? ['SELECT NULL::', type] : ['TABLE ', relation];
  return query === '' ? [] : [{ sql: before + query, query, before: before.length }];
}

function executedText(parser: SqlParser, expression: string): EmbeddedSql[] {
  const parsed = parser.parse(Buffer.from(`SELECT ${expression}`));
  if ('problem' in parsed) return [];
  const { tree } = parsed[0] as { tree: Node };
  const [target] = (tree as { SelectStmt?: { targetList?: { ResTarget?: { val?: unknown } }[] } }).SelectStmt
    ?.targetList ?? [undefined];
  const sql = constantText(target?.ResTarget?.val);
  return sql === null ? [] : [{ sql, query: sql, before: 0 }];
}
