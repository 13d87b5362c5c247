import type { ScratchDatabase } from '../database/scratch-database.ts';
import { catalogueQuery } from './catalogue-query.ts';

/** One thing that a database holds, as plain text: PostgreSQL's own words where it has a function for them. */
export interface CatalogueObject {
  /** Such as table, column, index, function, grant, comment. */
  readonly kind: string;
  /** With its schema, quoted where that is needed; no two of a kind have the same. */
  readonly name: string;
  readonly definition: string;
  /** The name of the table, type, function or schema that it hangs on; null where it stands for itself. */
  readonly of: string | null;
}

/** What a database holds, by kind and name; no oids, no times, and nothing of PostgreSQL or its extensions themselves. */
export type Catalogue = readonly CatalogueObject[];

/** A catalogue, and who owns what is in it. */
export interface OwnedCatalogue {
  readonly catalogue: Catalogue;
  /** Roles by the names of objects, also where that is the owner of the database, which the catalogue does not tell. */
  readonly owners: ReadonlyMap<string, string>;
}

/** A session as the schema may have left it: in a transaction, as another role, with a search path of its own. */
const AS_NEW = ['ROLLBACK', 'RESET SESSION AUTHORIZATION', 'RESET ROLE', 'RESET ALL'];

/** What definitions are printed by: names are qualified, and constants look alike, whatever a database or role is set to. */
export const PRINTED_BY: readonly string[] = [
  'search_path = pg_catalog',
  'quote_all_identifiers = off',
  "datestyle = 'ISO, MDY'",
  "intervalstyle = 'postgres'",
  "timezone = 'UTC'",
  'extra_float_digits = 1',
  "bytea_output = 'hex'",
];

/** Reads the catalogue of a database that a schema was applied to. A transaction that it left open is rolled back. */
export async function readCatalogue(
  database: Pick<ScratchDatabase, 'apply' | 'texts'>,
): Promise<OwnedCatalogue> {
  for (const statement of AS_NEW) await database.apply(statement);
  for (const setting of PRINTED_BY) await database.apply(`SET ${setting}`);
  return catalogueOf(await database.texts(catalogueQuery()));
}

/** The catalogue in the answer to catalogueQuery. */
export function catalogueOf(rows: readonly string[]): OwnedCatalogue {
  const objects = rows.map((row): CatalogueObject => {
    const [kind, name, definition, of] = JSON.parse(row) as [string, string, string, string | null];
    return { kind, name, definition, of };
  });
  // The one without a name is the database.
  const isOwner = ({ kind }: CatalogueObject): boolean => kind === 'owner';
  const main = objects.find((object) => isOwner(object) && object.name === '')?.definition;
  const owners = objects.filter((object) => isOwner(object) && object.of !== null);
  return {
    catalogue: objects
      .filter((object) => !(isOwner(object) && object.definition === main))
      .sort(byKindAndName),
    owners: new Map(owners.map(({ of, definition }) => [of as string, definition])),
  };
}

/** `kind name` and its definition, on the same line where that is one line. */
export function catalogueText(catalogue: Catalogue): string {
  return catalogue.map((object) => `${objectText(object)}\n`).join('');
}

export function objectText({ kind, name, definition }: Omit<CatalogueObject, 'of'>): string {
  const text = definition.trimEnd();
  if (text === '') return `${kind} ${name}`;
  if (!text.includes('\n')) return `${kind} ${name}: ${text}`;
  return `${kind} ${name}:\n${text.replace(/^(?=.)/gm, '  ')}`;
}

/** By UTF-16 unit, so that no locale has a say. */
export function byKindAndName(
  one: Pick<CatalogueObject, 'kind' | 'name'>,
  other: Pick<CatalogueObject, 'kind' | 'name'>,
): number {
  return compareText(one.kind, other.kind) || compareText(one.name, other.name);
}

/** By UTF-16 unit. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
