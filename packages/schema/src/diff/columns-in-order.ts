import type { Catalogue, CatalogueObject } from '../catalogue/catalogue.ts';

/** Kinds with columns. Their definitions begin with the column names, in order. */
const WITH_COLUMNS: ReadonlySet<string> = new Set(['table', 'foreign table', 'composite type']);
/** A name without quotes contains none of these delimiters. */
const COLUMNS = /^\(((?:"(?:[^"]|"")*"|[^")])*)\) ?([\s\S]*)$/;
const NAME = /"(?:[^"]|"")*"|[^", ]+/g;

/**
 * A catalog with the columns of its tables separated out, because each column is already an object of its
 * own.
 */
export interface ColumnsApart {
  readonly catalogue: Catalogue;
  /** By kind and name of the object that has them. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

export function columnsApart(catalogue: Catalogue): ColumnsApart {
  const columns = new Map<string, readonly string[]>();
  const apart = catalogue.map((object) => {
    if (!WITH_COLUMNS.has(object.kind)) return object;
    const [, names = '', definition = ''] = COLUMNS.exec(object.definition) ?? [];
    columns.set(columnsKey(object), names.match(NAME) ?? []);
    return { ...object, definition };
  });
  return { catalogue: apart, columns };
}

export function columnsKey({ kind, name }: Pick<CatalogueObject, 'kind' | 'name'>): string {
  return `${kind} ${name}`;
}

/** Whether the columns that both have are in a different order. */
export function isReordered(before: readonly string[], after: readonly string[]): boolean {
  const [old, now] = [new Set(before), new Set(after)];
  const stayed = after.filter((name) => old.has(name));
  return before.filter((name) => now.has(name)).some((name, at) => name !== stayed[at]);
}
