import { TextPlaces } from '@tandem/files';
import type { Definition } from '../definitions/definition.ts';
import { readDefinitions } from '../definitions/read-definitions.ts';
import { splitStatements } from '../lexer/split-statements.ts';

/**
 * What the statements of a file create, as far as their heads show it, and where to search for what the heads
 * do not show.
 */
export interface FileStatements {
  readonly definitions: readonly LinedDefinition[];
  /**
   * Statements that may create something whose name they contain: CREATE ROLE, ALTER TABLE ... ADD COLUMN,
   * DO.
   */
  readonly others: readonly LinedText[];
  /**
   * Tables that receive rows, by the last part of their names in lower case, and the first line that adds
   * rows to them.
   */
  readonly rows: ReadonlyMap<string, number>;
  /** GRANT ON ALL ... IN SCHEMA and ALTER DEFAULT PRIVILEGES. */
  readonly privileges: readonly LinedText[];
  /** Whether the file begins or ends transactions itself. */
  readonly hasTransactions: boolean;
}

export interface LinedDefinition extends Definition {
  /** The line of the statement, from 1. */
  readonly line: number;
}

export interface LinedText {
  readonly line: number;
  readonly text: string;
}

const OTHERS = /^(create|alter|do|select|call|execute)\b/i;
const ROWS = /^(?:insert\s+into|copy)\s+(?:(?:"[^"]*"|[^\s."(]+)\s*\.\s*)*("[^"]*"|[^\s."(]+)/i;
const PRIVILEGES = /^(?:(?:grant|revoke)\b.*?\bon\s+all\b|alter\s+default\s+privileges\b)/is;
const TRANSACTION = /^(?:begin|start\s+transaction|commit|end|rollback|abort|savepoint|release)\b/i;
/** The number of characters that show what a statement is about. */
const HEAD = 300;

/** @param text of one file, in UTF-8 */
export function readStatements(text: Buffer): FileStatements {
  const definitions: LinedDefinition[] = [];
  const others: LinedText[] = [];
  const privileges: LinedText[] = [];
  const rows = new Map<string, number>();
  const places = new TextPlaces(text);
  let hasTransactions = false;
  for (const { start, end, kind } of splitStatements(text)) {
    if (kind === 'psql') continue;
    const head = text.toString('utf8', start, Math.min(end, start + HEAD));
    const table = ROWS.exec(head)?.[1];
    const { line } = places.at(start);
    if (table !== undefined) {
      const name = table.replaceAll('"', '').toLowerCase();
      if (!rows.has(name)) rows.set(name, line);
      continue;
    }
    let isTold = false;
    readDefinitions(text, start, end, (definition) => {
      definitions.push({ ...definition, line });
      isTold ||= definition.how === 'create' || definition.how === 'lenient';
    });
    const whole = (): LinedText => ({ line, text: text.toString('utf8', start, end) });
    if (PRIVILEGES.test(head)) privileges.push(whole());
    else if (!isTold && OTHERS.test(head)) others.push(whole());
    hasTransactions ||= isTransactionCommand(head);
  }
  return { definitions, others, rows, privileges, hasTransactions };
}

/** Whether a statement is about a transaction or a savepoint. */
export function isTransactionCommand(statement: string): boolean {
  return TRANSACTION.test(statement);
}
