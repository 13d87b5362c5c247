import { list, nameList, rangeName, type Tree } from '../parse/node-fields.ts';
import { keyColumns } from './table-parts.ts';
import type { Surroundings, UsedObjects } from './used-objects.ts';

const COLUMN_LISTS = ['cols', 'attlist', 'columns', 'keys', 'fk_attrs'];

/** Columns that a node names by plain strings. */
export function namedColumns(tree: Tree, used: UsedObjects): void {
  const { name } = tree;
  if (typeof name === 'string') used.column(name);
  for (const field of COLUMN_LISTS) for (const column of nameList(tree[field])) used.column(column);
}

/** What sorts, groups or is unique has to know how values of its types compare. */
export function sortUse(at: number, around: Surroundings, used: UsedObjects): void {
  used.add('default operator class', [''], at, around, { isDoubtful: true });
}

/** A column or expression of an index or of a partition key. */
export function indexedUses(tree: Tree, at: number, around: Surroundings, used: UsedObjects): void {
  namedColumns(tree, used);
  const [operatorClass, collation] = [nameList(tree['opclass']), nameList(tree['collation'])];
  if (operatorClass.length > 0) used.add('operator class', operatorClass, at, around);
  else sortUse(at, around, used);
  if (collation.length > 0) used.add('collation', collation, at, around);
}

const UNIQUE = new Set(['CONSTR_UNIQUE', 'CONSTR_PRIMARY']);

/** A constraint of a table or of a column. */
export function constraintUses(
  tree: Tree,
  table: readonly string[],
  at: number,
  around: Surroundings,
  used: UsedObjects,
): void {
  namedColumns(tree, used);
  if (UNIQUE.has(String(tree['contype']))) sortUse(at, around, used);
  if (typeof tree['indexname'] === 'string') {
    used.add('relation', [...table.slice(0, -1), tree['indexname']], at, around);
  }
  // EXCLUDE USING gist (room WITH =, during WITH &&) compares a plain column as well.
  if (tree['access_method'] === 'gist')
    used.add('extension', ['btree_gist'], at, around, { isDoubtful: true });
  if (tree['contype'] !== 'CONSTR_FOREIGN') return;
  const referenced = rangeName(tree['pktable']);
  const own = keyColumns(nameList(tree['pk_attrs']));
  used.foreignKey(table, referenced, around.path);
  used.add('relation', referenced, at, around, { kind: 'foreign key' });
  used.add('unique key', referenced, at, around, { own, kind: 'foreign key' });
}

/** ON CONFLICT of an INSERT goes by a unique key. */
export function conflictUses(tree: Tree, at: number, around: Surroundings, used: UsedObjects): void {
  const { infer } = (tree['onConflictClause'] ?? {}) as { infer?: Tree };
  if (infer === undefined) return;
  const table = rangeName(tree['relation']);
  const columns = list(infer['indexElems']).map((each) => (each as { IndexElem?: Tree }).IndexElem?.['name']);
  if (typeof infer['conname'] === 'string') {
    used.add('constraint', table, at, around, { own: infer['conname'] });
  } else if (columns.length > 0 && columns.every((column) => typeof column === 'string')) {
    used.add('unique key', table, at, around, { own: keyColumns(columns.map(String)) });
  }
}
