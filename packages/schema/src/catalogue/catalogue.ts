import type { ScratchDatabase } from '../database/scratch-database.ts';
import { catalogueQuery } from './catalogue-query.ts';

/** One thing that a database holds, as plain text: PostgreSQL's own words where it has a function for them. */
export interface CatalogueObject {
  /** Such as table, column, index, function, grant, comment. */
  readonly kind: string;
  /** With its schema, quoted where that is needed; no two of a kind have the same. */
  readonly name: string;
  readonly definition: string;
}

/** What a database holds, by kind and name; no oids, no times, and nothing of PostgreSQL or its extensions themselves. */
export type Catalogue = readonly CatalogueObject[];

/** A session as the schema may have left it: in a transaction, as another role, with a search path of its own. */
const AS_NEW = ['ROLLBACK', 'RESET SESSION AUTHORIZATION', 'RESET ROLE', 'RESET ALL'];

/** Reads the catalogue. Names are qualified whatever search path the schema has set. A transaction that it left open is rolled back. */
export async function readCatalogue(
  database: Pick<ScratchDatabase, 'apply' | 'texts'>,
): Promise<CatalogueObject[]> {
  for (const statement of AS_NEW) await database.apply(statement);
  await database.apply('SET search_path = pg_catalog');
  const rows = await database.texts(catalogueQuery());
  const objects = rows.map((row): CatalogueObject => {
    const [kind, name, definition] = JSON.parse(row) as [string, string, string];
    return { kind, name, definition };
  });
  return objects.sort(byKindAndName);
}

/** `kind name` and its definition, on the same line where that is one line. */
export function catalogueText(catalogue: Catalogue): string {
  return catalogue.map((object) => `${objectText(object)}\n`).join('');
}

export function objectText({ kind, name, definition }: CatalogueObject): string {
  const text = definition.trimEnd();
  if (text === '') return `${kind} ${name}`;
  if (!text.includes('\n')) return `${kind} ${name}: ${text}`;
  return `${kind} ${name}:\n${text.replace(/^(?=.)/gm, '  ')}`;
}

/** By UTF-16 unit, so that no locale has a say. */
export function byKindAndName(one: CatalogueObject, other: CatalogueObject): number {
  return compare(one.kind, other.kind) || compare(one.name, other.name);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
