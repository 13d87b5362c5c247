import { type OwnedCatalogue, readCatalogue } from '../catalogue/catalogue.ts';
import { type DatabaseChoice, openDatabase } from '../database/open-database.ts';
import type { DatabaseKind } from '../database/scratch-database.ts';
import { type Applied, applySchema } from './apply-schema.ts';
import { requestedExtensions } from './requested-extensions.ts';

/** The result of applying a schema to a temporary database. */
export interface AppliedFresh extends Applied {
  readonly database: DatabaseKind;
  /** The server and its version, for display. */
  readonly server: string;
  /** What the database contained afterwards, if it was requested and the whole schema was applied. */
  readonly held: OwnedCatalogue | null;
}

/** Applies a schema to one temporary database, which is dropped afterwards. */
export async function applyFresh(
  schema: Buffer,
  choice: DatabaseChoice,
  wantsCatalogue: boolean,
  signal: AbortSignal,
): Promise<AppliedFresh> {
  const database = await openDatabase(choice, { signal, extensions: requestedExtensions(schema) });
  try {
    const applied = await applySchema(schema, database);
    const held = wantsCatalogue && applied.stopped === null ? await readCatalogue(database) : null;
    return { ...applied, database: database.kind, server: database.about, held };
  } finally {
    await database.close();
  }
}
