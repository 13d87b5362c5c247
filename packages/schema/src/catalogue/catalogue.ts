import type { ScratchDatabase } from '../database/scratch-database.ts';
import { catalogueQuery } from './catalogue-query.ts';

/** One object of a database, as plain text: PostgreSQL's own wording if it has a function for it. */
export interface CatalogueObject {
  /** Such as table, column, index, function, grant, comment. */
  readonly kind: string;
  /** With its schema, quoted if necessary; unique among objects of the same kind. */
  readonly name: string;
  readonly definition: string;
  /** The name of the table, type, function or schema that it belongs to; null for an independent object. */
  readonly of: string | null;
}

/**
 * The contents of a database, by kind and name; without OIDs, without times, and without what belongs to
 * PostgreSQL itself or to its extensions.
 */
export type Catalogue = readonly CatalogueObject[];

/** A catalog, and the owners of its objects. */
export interface OwnedCatalogue {
  readonly catalogue: Catalogue;
  /** Roles by the names of objects, also where that is the owner of the database, which the catalogue does not tell. */
  readonly owners: ReadonlyMap<string, string>;
}

/**
 * Resets a session that the schema may have left in a transaction, as another role, or with its own search
 * path.
 */
const AS_NEW = ['ROLLBACK', 'RESET SESSION AUTHORIZATION', 'RESET ROLE', 'RESET ALL'];

/**
 * Settings that control how definitions are printed: names are qualified, and constants look the same,
 * regardless of the settings of a database or role.
 */
export const PRINTED_BY: readonly string[] = [
  'search_path = pg_catalog',
  'quote_all_identifiers = off',
  "datestyle = 'ISO, MDY'",
  "intervalstyle = 'postgres'",
  "timezone = 'UTC'",
  'extra_float_digits = 1',
  "bytea_output = 'hex'",
];

/**
 * Reads the catalog of a database to which a schema was applied. A transaction that the schema left open is
 * rolled back.
 */
export async function readCatalogue(
  database: Pick<ScratchDatabase, 'apply' | 'texts'>,
): Promise<OwnedCatalogue> {
  for (const statement of AS_NEW) await database.apply(statement);
  for (const setting of PRINTED_BY) await database.apply(`SET ${setting}`);
  return catalogueOf(await database.texts(catalogueQuery()));
}

/** The catalog in the result of catalogueQuery. */
export function catalogueOf(rows: readonly string[]): OwnedCatalogue {
  const objects = rows.map((row): CatalogueObject => {
    const [kind, name, definition, of] = JSON.parse(row) as [string, string, string, string | null];
    return { kind, name, definition, of };
  });
  // The owner without an object name is that of the database.
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

/** `kind name` and its definition, on the same line if the definition is a single line. */
export function catalogueText(catalogue: Catalogue): string {
  return catalogue.map((object) => `${objectText(object)}\n`).join('');
}

export function objectText({ kind, name, definition }: Omit<CatalogueObject, 'of'>): string {
  const text = definition.trimEnd();
  if (text === '') return `${kind} ${name}`;
  if (!text.includes('\n')) return `${kind} ${name}: ${text}`;
  return `${kind} ${name}:\n${text.replace(/^(?=.)/gm, '  ')}`;
}

/** By UTF-16 code unit, so that the order does not depend on the locale. */
export function byKindAndName(
  one: Pick<CatalogueObject, 'kind' | 'name'>,
  other: Pick<CatalogueObject, 'kind' | 'name'>,
): number {
  return compareText(one.kind, other.kind) || compareText(one.name, other.name);
}

/** By UTF-16 code unit. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
