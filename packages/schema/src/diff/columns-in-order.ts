import type { Catalogue, CatalogueObject } from '../catalogue/catalogue.ts';

/** What has columns has their names, in their order, at the beginning of its definition. */
const WITH_COLUMNS: ReadonlySet<string> = new Set(['table', 'foreign table', 'composite type']);
/** A name without quotes holds neither of the three. */
const COLUMNS = /^\(((?:"(?:[^"]|"")*"|[^")])*)\) ?([\s\S]*)$/;
const NAME = /"(?:[^"]|"")*"|[^", ]+/g;

/** A catalogue with the columns of its tables by themselves, because each of them is an object of its own already. */
export interface ColumnsApart {
  readonly catalogue: Catalogue;
  /** By kind and name of what has them. */
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

/** Whether the columns that both have stand in another order. */
export function isReordered(before: readonly string[], after: readonly string[]): boolean {
  const [old, now] = [new Set(before), new Set(after)];
  const stayed = after.filter((name) => old.has(name));
  return before.filter((name) => now.has(name)).some((name, at) => name !== stayed[at]);
}
