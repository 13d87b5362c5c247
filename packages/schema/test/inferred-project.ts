import { SchemaBuilder } from '@tandem/schema';
import type { ScratchDatabase } from '../src/database/scratch-database.ts';
import { applySchema } from '../src/verify/apply-schema.ts';
import { projectOf } from './verified-project.ts';

type Files = Readonly<Record<string, string>>;

/** The names of the files in the order that is proposed for them, or the findings that leave none. */
export async function proposed(files: Files): Promise<string[]> {
  const { files: ordered, findings } = await new SchemaBuilder({ projectDir: projectOf(files) }).inferNeeds();
  return ordered.length > 0 ? ordered.map(({ label }) => label) : findings.map(({ message }) => message);
}

/** What PostgreSQL says to files in an order; null where all of them go through. Nothing of it stays. */
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
