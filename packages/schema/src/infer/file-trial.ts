import type { ScratchDatabase } from '../database/scratch-database.ts';
import { SqlFailure } from '../database/sql-failure.ts';
import { applyEach, applySchema, type Stopped } from '../verify/apply-schema.ts';
import { isTransactionCommand } from './file-statements.ts';

/** The result of trying a file: either the file is in the database, or nothing of it is. */
export interface FileTrial {
  /** What PostgreSQL rejected, in the order of the file; empty if the whole file succeeded. */
  readonly failures: readonly Stopped[];
  /** The file could not be rolled back, and is not tried again. */
  readonly isHalf: boolean;
}

/**
 * Errors of statements that cannot run within a transaction: CREATE INDEX CONCURRENTLY, CALL of a procedure
 * that commits, a value that was added to an enum in the same transaction.
 * https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const ALONE: ReadonlySet<string> = new Set(['25001', '2D000', '55P04']);
/** The number of statements after the first failure that are also tried. */
const MOST_BEHIND = 200;
const SAVEPOINT = 'SAVEPOINT tandem_infer';

/**
 * Applies a file as one transaction, so that a file that fails leaves nothing behind.
 * @param hasTransactions whether the file begins or ends transactions itself
 */
export async function tryFile(
  text: Buffer,
  hasTransactions: boolean,
  database: ScratchDatabase,
): Promise<FileTrial> {
  if (hasTransactions) return tryAlone(text, database);
  await database.apply('BEGIN');
  const { stopped } = await applySchema(text, database);
  if (stopped === null) {
    const late = await commit(text, database);
    return { failures: late === null ? [] : [late], isHalf: false };
  }
  await database.apply('ROLLBACK');
  if (isAlone(stopped)) return tryAlone(text, database);
  return { failures: await allFailures(text, database), isHalf: false };
}

/**
 * Applies a file as psql does, after everything in it that can be tried within a transaction has succeeded
 * there.
 */
async function tryAlone(text: Buffer, database: ScratchDatabase): Promise<FileTrial> {
  const failures = await allFailures(text, database);
  if (failures.length > 0) return { failures, isHalf: false };
  const { stopped } = await applySchema(text, database);
  // PostgreSQL only warns if no transaction is open.
  await database.apply(stopped === null ? 'COMMIT' : 'ROLLBACK');
  return stopped === null ? { failures: [], isHalf: false } : { failures: [stopped], isHalf: true };
}

/**
 * Everything that fails in a file, including statements after the first failure; all changes are rolled back.
 */
async function allFailures(text: Buffer, database: ScratchDatabase): Promise<Stopped[]> {
  const failures: Stopped[] = [];
  let behind = 0;
  await database.apply('BEGIN');
  await database.apply(SAVEPOINT);
  for await (const stopped of applyEach(text, eachWithin(database))) {
    if (stopped !== null && !isAlone(stopped)) failures.push(stopped);
    if (failures.length > 0 && ++behind > MOST_BEHIND) break;
  }
  await database.apply('ROLLBACK');
  return failures;
}

/**
 * Runs each statement after a savepoint of the open transaction, so that statements after a failed one can
 * run.
 */
function eachWithin(database: ScratchDatabase): ScratchDatabase {
  const within = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (failure) {
      if (failure instanceof SqlFailure) await database.apply(`ROLLBACK TO ${SAVEPOINT}`);
      throw failure;
    }
    await database.apply(`RELEASE ${SAVEPOINT}; ${SAVEPOINT}`);
  };
  return {
    ...database,
    apply: async (sql) => {
      if (!isTransactionCommand(sql)) await within(() => database.apply(sql));
    },
    copyIn: (sql, data) => within(() => database.copyIn(sql, data)),
  };
}

function isAlone({ why }: Stopped): boolean {
  return why.kind === 'refused' && ALONE.has(why.failure.server.sqlstate);
}

/** Constraints may be deferred to the end of the transaction. */
async function commit(text: Buffer, database: ScratchDatabase): Promise<Stopped | null> {
  try {
    await database.apply('COMMIT');
    return null;
  } catch (failure) {
    if (!(failure instanceof SqlFailure)) throw failure;
    return { start: 0, end: text.length, why: { kind: 'refused', failure } };
  }
}
