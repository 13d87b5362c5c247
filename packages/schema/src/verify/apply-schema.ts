import type { ScratchDatabase } from '../database/scratch-database.ts';
import { SqlFailure } from '../database/sql-failure.ts';
import { splitStatements } from '../lexer/split-statements.ts';
import { isIdle } from './psql-command.ts';
import { findWholeServer, type WholeServerStatement } from './whole-server.ts';

/** What stopped a schema from being applied: bytes [start, end) of the schema, and the reason. */
export interface Stopped {
  readonly start: number;
  readonly end: number;
  readonly why:
    | { readonly kind: 'refused'; readonly failure: SqlFailure }
    | { readonly kind: 'psql' }
    | { readonly kind: 'whole-server'; readonly found: WholeServerStatement };
}

/** How much of a schema was applied. */
export interface Applied {
  /** Statements that went through. */
  readonly statements: number;
  readonly stopped: Stopped | null;
}

/**
 * Applies a schema statement by statement, as psql does with ON_ERROR_STOP: each by itself unless the schema
 * begins a transaction, up to the first that fails. Commands that only make psql print are skipped, and a
 * statement that changes the whole server is not sent to a server that Tandem did not start.
 * @throws what the database throws if the database itself fails
 */
export async function applySchema(schema: Buffer, database: ScratchDatabase): Promise<Applied> {
  let statements = 0;
  for await (const stopped of applyEach(schema, database)) {
    if (stopped !== null) return { statements, stopped };
    statements++;
  }
  return { statements, stopped: null };
}

/**
 * Like applySchema, but continues as long as the caller requests the next result: null for a statement that
 * succeeded, otherwise what would stop the schema.
 */
export async function* applyEach(
  schema: Buffer,
  database: ScratchDatabase,
): AsyncGenerator<Stopped | null, void, undefined> {
  const commands: { readonly start: number; readonly end: number }[] = [];
  for (const { start, end, kind, dataStart, dataEnd } of splitStatements(schema)) {
    if (kind === 'psql') {
      const command = schema.toString('utf8', start, end);
      if (isIdle(command)) commands.push({ start, end });
      else yield { start, end, why: { kind: 'psql' } };
      continue;
    }
    const sql = without(schema, start, end, commands);
    commands.length = 0;
    const found = database.kind === 'url' ? findWholeServer(sql) : null;
    if (found !== null) {
      yield { start, end, why: { kind: 'whole-server', found } };
      continue;
    }
    try {
      if (kind === 'copy') await database.copyIn(sql, schema.subarray(dataStart ?? end, dataEnd ?? end));
      else await database.apply(sql);
    } catch (failure) {
      if (!(failure instanceof SqlFailure)) throw failure;
      yield { start, end, why: { kind: 'refused', failure } };
      continue;
    }
    yield null;
  }
}

/**
 * A statement without the psql commands inside it; of the same length in bytes, so that offsets remain valid.
 */
function without(
  schema: Buffer,
  start: number,
  end: number,
  commands: readonly { readonly start: number; readonly end: number }[],
): string {
  const inside = commands.filter((command) => command.start > start && command.end <= end);
  if (inside.length === 0) return schema.toString('utf8', start, end);
  const bytes = Buffer.from(schema.subarray(start, end));
  for (const command of inside) bytes.fill(' ', command.start - start, command.end - start);
  return bytes.toString();
}
