import { byKindAndName, type Catalogue, compareText, type OwnedCatalogue } from '../catalogue/catalogue.ts';
import { type CatalogueChange, catalogueChanges } from '../catalogue/catalogue-changes.ts';
import { columnsApart, columnsKey, isReordered } from './columns-in-order.ts';
import { type Ignored, type IsExcluded, withoutIgnored } from './left-out.ts';

/**
 * A part that was added or removed together with its object: a column, a constraint, an index, a grant ...
 */
export interface DiffPart {
  readonly kind: string;
  readonly name: string;
  readonly definition: string;
}

/** An object that only one side has, with everything that belongs to it. */
export interface DiffObject extends DiffPart {
  /**
   * The table, type, function or schema that it belongs to and that both sides have; null for an independent
   * object.
   */
  readonly of: string | null;
  /** Columns in their order, then the other parts. */
  readonly parts: readonly DiffPart[];
}

/**
 * An object that both sides have, but with different definitions. The kind `column order` is for a table
 * whose common columns are in a different order.
 */
export interface DiffChange {
  readonly kind: string;
  readonly name: string;
  readonly of: string | null;
  readonly before: string;
  readonly after: string;
}

/**
 * The differences, each list sorted by subject: a table, then what belongs to it. A renamed object is
 * reported as one removed and one added.
 */
export interface CatalogueDiff {
  readonly added: readonly DiffObject[];
  readonly removed: readonly DiffObject[];
  readonly changed: readonly DiffChange[];
}

/** Kinds that other objects belong to; their names are distinct across all of these kinds. */
const WHOLES: ReadonlySet<string> = new Set(
  `schema,table,foreign table,view,materialized view,sequence,composite type,enum,domain,range type,type,function,procedure,aggregate`.split(
    ',',
  ),
);

/** Compares the contents of two databases. */
export function diffCatalogues(
  before: OwnedCatalogue,
  after: OwnedCatalogue,
  ignored: ReadonlySet<Ignored>,
  isExcluded: IsExcluded,
): CatalogueDiff {
  const read = (one: OwnedCatalogue, other: OwnedCatalogue): Catalogue =>
    withoutIgnored(one, other, ignored).filter((object) => !isExcluded(object));
  const old = columnsApart(read(before, after));
  const now = columnsApart(read(after, before));
  const changes = catalogueChanges(old.catalogue, now.catalogue);
  const reordered = ignored.has('column-order') ? [] : orderChanges(old.columns, now.columns, now.catalogue);
  const changed = changes.filter(({ change }) => change === 'changed') as (CatalogueChange & DiffChange)[];
  return {
    added: objectsOf(changes, 'added', now.columns),
    removed: objectsOf(changes, 'removed', old.columns),
    changed: [...changed, ...reordered]
      .sort(byWhole)
      .map(({ kind, name, of, before: was, after: is }) => ({ kind, name, of, before: was, after: is })),
  };
}

function orderChanges(
  before: ReadonlyMap<string, readonly string[]>,
  after: ReadonlyMap<string, readonly string[]>,
  catalogue: Catalogue,
): DiffChange[] {
  return catalogue.flatMap((object) => {
    const [old, now] = [before.get(columnsKey(object)), after.get(columnsKey(object))];
    if (old === undefined || now === undefined || !isReordered(old, now)) return [];
    const { name } = object;
    const told = (columns: readonly string[]): string => `(${columns.join(', ')})`;
    return [{ kind: 'column order', name, of: name, before: told(old), after: told(now) }];
  });
}

/** Objects that were added or removed; an object that belongs to another of them becomes a part of it. */
function objectsOf(
  changes: readonly CatalogueChange[],
  change: 'added' | 'removed',
  columns: ReadonlyMap<string, readonly string[]>,
): DiffObject[] {
  const all = changes.filter((each) => each.change === change);
  const wholes = new Map(all.filter(({ kind }) => WHOLES.has(kind)).map((each) => [each.name, each]));
  // A grant on the sequence of a table's column is a part of the table.
  const rootOf = (each: CatalogueChange): CatalogueChange => {
    const above = each.of === null || each.of === each.name ? undefined : wholes.get(each.of);
    return above === undefined ? each : rootOf(above);
  };
  const parts = new Map<CatalogueChange, CatalogueChange[]>();
  for (const each of all) {
    const root = rootOf(each);
    const known = parts.get(root) ?? [];
    parts.set(root, root === each ? known : [...known, each]);
  }
  return [...parts]
    .sort(([one], [other]) => byWhole(one, other))
    .map(([root, below]) => ({
      ...partOf(root),
      of: root.of,
      parts: inOrder(below, columns.get(columnsKey(root)) ?? [], root.name).map(partOf),
    }));
}

function partOf({ kind, name, before, after }: CatalogueChange): DiffPart {
  return { kind, name, definition: after ?? before ?? '' };
}

/** Columns in the order of the table; the others by kind and name. */
function inOrder(
  parts: readonly CatalogueChange[],
  columns: readonly string[],
  table: string,
): CatalogueChange[] {
  const place = new Map(columns.map((name, at) => [`${table}.${name}`, at]));
  const placeOf = ({ kind, name }: CatalogueChange): number =>
    kind === 'column' ? (place.get(name) ?? place.size) : place.size;
  return [...parts].sort((one, other) => placeOf(one) - placeOf(other) || byKindAndName(one, other));
}

function byWhole(
  one: Pick<DiffChange, 'kind' | 'name' | 'of'>,
  other: Pick<DiffChange, 'kind' | 'name' | 'of'>,
): number {
  const isWhole = (object: typeof one): number => Number(object.of !== null);
  return (
    compareText(one.of ?? one.name, other.of ?? other.name) ||
    isWhole(one) - isWhole(other) ||
    byKindAndName(one, other)
  );
}
