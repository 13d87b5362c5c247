import { explainFiles, type ProposedOrder, SchemaBuilder } from '@tandem/schema';
import type { ScratchDatabase } from '../src/database/scratch-database.ts';
import { proposedOrder } from '../src/infer/proposed-order.ts';
import { readTrialFiles } from '../src/infer/trial-file.ts';
import { type Inferred, inferWithin } from '../src/operations/infer.ts';
import type { SelectedFile } from '../src/selection/selected-file.ts';
import { applySchema } from '../src/verify/apply-schema.ts';
import { projectOf } from './verified-project.ts';

type Files = Readonly<Record<string, string>>;

/** The proposed order for files. Leaves nothing in the database. */
export async function inferred(
  database: ScratchDatabase,
  files: Files,
  twoPass = false,
): Promise<ProposedOrder> {
  const explained = explainFiles(new SchemaBuilder({ projectDir: projectOf(files) }).project());
  return proposedOrder(explained, await inferredOf(database, explained, twoPass));
}

/** The same for the files of an existing project. */
export async function inferredOf(
  database: ScratchDatabase,
  files: readonly SelectedFile[],
  twoPass = false,
): Promise<Inferred> {
  const read = await readTrialFiles(files, { twoPass });
  await database.apply('BEGIN');
  try {
    return await inferWithin(inTransaction(database), files, read, twoPass, new AbortController().signal);
  } finally {
    await database.apply('ROLLBACK');
  }
}

/**
 * Replaces transactions by savepoints of the open one: a database takes seconds to open, so one serves all
 * cases of a test.
 */
function inTransaction(database: ScratchDatabase): ScratchDatabase {
  const instead: Readonly<Record<string, string>> = {
    BEGIN: 'SAVEPOINT file',
    COMMIT: 'RELEASE SAVEPOINT file',
    ROLLBACK: 'ROLLBACK TO SAVEPOINT file',
  };
  return { ...database, apply: (sql) => database.apply(instead[sql] ?? sql) };
}

/** The names of the files in their proposed order, or the findings that prevent one. */
export async function proposed(database: ScratchDatabase, files: Files): Promise<string[]> {
  const { files: ordered, findings } = await inferred(database, files);
  return ordered.length > 0 ? ordered.map(({ label }) => label) : findings.map(({ message }) => message);
}

/** PostgreSQL's error for files in an order; null if all of them apply. Leaves nothing in the database. */
export async function refusal(
  database: ScratchDatabase,
  files: Files,
  order: readonly string[] = Object.keys(files),
): Promise<string | null> {
  const sql = order.map((name) => `${files[name]}\n`).join('');
  await database.apply('BEGIN');
  try {
    const { stopped } = await applySchema(Buffer.from(sql), database);
    if (stopped === null) return null;
    return stopped.why.kind === 'refused' ? stopped.why.failure.server.message : stopped.why.kind;
  } finally {
    await database.apply('ROLLBACK');
  }
}
