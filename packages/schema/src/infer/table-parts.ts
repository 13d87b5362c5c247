import { list, nameList, type Tree } from '../parse/node-fields.ts';
import { type CreatedObject, createdObject } from './created-object.ts';
import { shownName } from './space.ts';

/** A table and the schema it is in, where that is said. */
type TableName = readonly string[];

const SERIAL = /^(small|big)?serial$|^serial[248]$/;
/** NAMEDATALEN - 1, in bytes. */
const LONGEST_NAME = 63;

/** What a CREATE TABLE brings along: sequences, constraints, their indexes, and what foreign keys can reference. */
export function partsOfTable(tree: Tree, table: TableName, path: readonly string[]): CreatedObject[] {
  return list(tree['tableElts']).flatMap((each) => {
    const { ColumnDef: column, Constraint: constraint } = each as { ColumnDef?: Tree; Constraint?: Tree };
    if (column !== undefined) return partsOfColumn(column, table, path);
    return constraint === undefined ? [] : partsOfConstraint(constraint, [], table, path);
  });
}

/** What an ALTER TABLE adds to one. */
export function addedParts(tree: Tree, table: TableName, path: readonly string[]): CreatedObject[] {
  return list(tree['cmds']).flatMap((each) => {
    const { def } = ((each as { AlterTableCmd?: Tree }).AlterTableCmd ?? {}) as {
      def?: { ColumnDef?: Tree; Constraint?: Tree };
    };
    if (def?.Constraint !== undefined) return partsOfConstraint(def.Constraint, [], table, path);
    if (def?.ColumnDef?.['colname'] === undefined) return [];
    const own = String(def.ColumnDef['colname']);
    return [
      createdObject('column', 'column', table, path, { own }),
      ...partsOfColumn(def.ColumnDef, table, path),
    ];
  });
}

/** What a CREATE UNIQUE INDEX lets foreign keys reference; nothing where it is partial or has an expression. */
export function uniqueIndexKey(tree: Tree, table: TableName, path: readonly string[]): CreatedObject[] {
  if (tree['unique'] !== true || tree['whereClause'] !== undefined) return [];
  const columns = list(tree['indexParams']).map((each) => (each as { IndexElem?: Tree }).IndexElem?.['name']);
  return columns.every((column) => typeof column === 'string')
    ? [uniqueKey(table, columns.map(String), path)]
    : [];
}

/** The own name of a unique key over these columns; without any it is the primary key. */
export function keyColumns(columns: readonly string[]): string {
  return JSON.stringify([...columns].sort());
}

function partsOfColumn(column: Tree, table: TableName, path: readonly string[]): CreatedObject[] {
  const name = String(column['colname'] ?? '');
  const types = nameList((column['typeName'] as Tree | undefined)?.['names']);
  const constraints = list(column['constraints']).map(
    (each) => (each as { Constraint?: Tree }).Constraint ?? {},
  );
  const isNumbered =
    (types.length === 1 && SERIAL.test(types[0] ?? '')) ||
    constraints.some(({ contype }) => contype === 'CONSTR_IDENTITY');
  const sequence = besides(table, objectName(table.at(-1) ?? '', name, 'seq'));
  return [
    ...(isNumbered ? [createdObject('relation', 'sequence', sequence, path)] : []),
    ...constraints.flatMap((constraint) => partsOfConstraint(constraint, [name], table, path)),
  ];
}

const INDEX_LABELS: Readonly<Record<string, string>> = {
  CONSTR_PRIMARY: 'pkey',
  CONSTR_UNIQUE: 'key',
  CONSTR_EXCLUSION: 'excl',
};

/** @param of the column that it stands at */
function partsOfConstraint(
  constraint: Tree,
  of: readonly string[],
  table: TableName,
  path: readonly string[],
): CreatedObject[] {
  const type = String(constraint['contype']);
  const keys = nameList(constraint[type === 'CONSTR_FOREIGN' ? 'fk_attrs' : 'keys']);
  const columns = keys.length > 0 ? keys : of;
  const label = INDEX_LABELS[type] ?? (type === 'CONSTR_FOREIGN' ? 'fkey' : null);
  const said = typeof constraint['conname'] === 'string' ? constraint['conname'] : null;
  const middle = type === 'CONSTR_PRIMARY' ? '' : columns.join('_');
  const name = said ?? (label === null ? null : objectName(table.at(-1) ?? '', middle, label));
  if (name === null) return [];
  const isUnique = type === 'CONSTR_PRIMARY' || type === 'CONSTR_UNIQUE';
  return [
    createdObject('constraint', 'constraint', table, path, { own: name }),
    ...(INDEX_LABELS[type] === undefined
      ? []
      : [createdObject('relation', 'index', besides(table, name), path)]),
    ...(isUnique && columns.length > 0 ? [uniqueKey(table, columns, path)] : []),
    ...(type === 'CONSTR_PRIMARY' ? [uniqueKey(table, [], path)] : []),
  ];
}

function uniqueKey(table: TableName, columns: readonly string[], path: readonly string[]): CreatedObject {
  const shown = shownName(table.at(-2) ?? path[0] ?? null, table.at(-1) ?? '');
  const what =
    columns.length === 0 ? `primary key of ${shown}` : `unique key ${shown} (${columns.join(', ')})`;
  return createdObject('unique key', '', table, path, { own: keyColumns(columns), what });
}

/** A name in the schema of a table. */
function besides(table: TableName, name: string): string[] {
  return [...table.slice(0, -1), name];
}

/** The name that PostgreSQL makes for what has none (makeObjectName in indexcmds.c). Bytes are cut, so it is right for ASCII. */
function objectName(first: string, second: string, label: string): string {
  let [one, other] = [first.length, second.length];
  const most = LONGEST_NAME - label.length - 1 - (second === '' ? 0 : 1);
  while (one + other > most) {
    if (one > other) one--;
    else other--;
  }
  return [first.slice(0, one), ...(second === '' ? [] : [second.slice(0, other)]), label].join('_');
}
