import type { ColumnDef, Constraint, CreateStmt, Node, RangeVar } from 'libpg-query';

/** The name of a table; the schema is null if the statement does not name one. */
export interface TableName {
  readonly schema: string | null;
  readonly name: string;
}

/** All properties of a movable foreign key; names as PostgreSQL stores them. */
export interface ForeignKey {
  readonly table: TableName;
  /** Null leaves the name to PostgreSQL, which chooses the same one in ALTER TABLE as in CREATE TABLE. */
  readonly name: string | null;
  readonly columns: readonly string[];
  readonly target: TableName;
  /** Empty for the primary key of the target. */
  readonly targetColumns: readonly string[];
  readonly onDelete: string | null;
  readonly onUpdate: string | null;
  readonly deferrable: 'DEFERRED' | 'IMMEDIATE' | null;
}

/** A foreign key and where its CREATE TABLE contains it; in bytes from the start of the statement. */
export interface WrittenKey {
  readonly key: ForeignKey;
  /** The index of the table element that it is, from 0; null if it is written on a column. */
  readonly element: number | null;
  /** Each piece begins at `start` and ends before the clause at `until`, or with its element. */
  readonly pieces: readonly { readonly start: number; readonly until: number | null }[];
}

const ACTIONS: Readonly<Record<string, string>> = {
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
};

/**
 * The foreign keys of a CREATE TABLE that can be written after it, in order. The others stay: see isWhole.
 */
export function movableKeys(statement: CreateStmt): readonly WrittenKey[] {
  const table = nameOf(statement.relation);
  return (statement.tableElts ?? []).flatMap((element, index) => {
    if ('ColumnDef' in element) return [...columnKeys(element.ColumnDef, table)];
    if (!('Constraint' in element) || !isMovable(element.Constraint)) return [];
    const { Constraint: node } = element;
    const deferrable = node.deferrable ? (node.initdeferred ? 'DEFERRED' : 'IMMEDIATE') : null;
    const key = { ...readKey(node, table), columns: texts(node.fk_attrs), deferrable } as const;
    return [{ key, element: index, pieces: [{ start: node.location ?? 0, until: null }] }];
  });
}

/** Clauses after a column's key that qualify it belong to the key: DEFERRABLE and the like. */
function* columnKeys(column: ColumnDef, table: TableName): Generator<WrittenKey, void, undefined> {
  const clauses = (column.constraints ?? []).map((node) => ('Constraint' in node ? node.Constraint : {}));
  for (const [at, node] of clauses.entries()) {
    if (!isMovable(node)) continue;
    let after = at + 1;
    while (isAttribute(clauses[after])) after++;
    const attributes = clauses.slice(at + 1, after).map(({ contype }) => String(contype));
    if (attributes.some((attribute) => attribute.endsWith('ENFORCED'))) continue;
    const key = {
      ...readKey(node, table),
      columns: [column.colname ?? ''],
      deferrable: deferral(attributes),
    } as const;
    const start = node.location ?? 0;
    const until = clauses[after]?.location ?? null;
    yield {
      key,
      element: null,
      pieces: piecesAround(start, until, column.collClause?.location ?? -1, clauses.slice(at + 1, after)),
    };
  }
}

/**
 * COLLATE is a clause of the column that the parser stores separately; it may follow the key, and even appear
 * among the clauses that belong to the key.
 */
function piecesAround(
  start: number,
  until: number | null,
  collate: number,
  attributes: readonly Constraint[],
): WrittenKey['pieces'] {
  if (collate < start || (until !== null && collate > until)) return [{ start, until }];
  const behind = attributes.find(({ location = 0 }) => location > collate)?.location;
  return [{ start, until: collate }, ...(behind === undefined ? [] : [{ start: behind, until }])];
}

function isMovable(node: Constraint): boolean {
  return node.contype === 'CONSTR_FOREIGN' && isWhole(node);
}

/**
 * A key with any other property stays where it is written, as in confiture (core/ddl_walk.py, model_holds):
 * MATCH FULL, the columns of SET NULL (...), NOT ENFORCED. A key with PERIOD also stays, although confiture
 * loses it.
 */
function isWhole(node: Constraint): boolean {
  return (
    node.fk_matchtype === 's' &&
    (node.fk_del_set_cols ?? []).length === 0 &&
    node.is_enforced === true &&
    node.fk_with_period !== true
  );
}

function isAttribute(node: Constraint | undefined): boolean {
  return node?.contype?.startsWith('CONSTR_ATTR_') === true;
}

/** https://www.postgresql.org/docs/18/sql-createtable.html: INITIALLY DEFERRED alone makes a key deferrable. */
function deferral(attributes: readonly string[]): ForeignKey['deferrable'] {
  let isDeferrable = false;
  let isDeferred = false;
  for (const attribute of attributes) {
    if (attribute === 'CONSTR_ATTR_DEFERRABLE') isDeferrable = true;
    else if (attribute === 'CONSTR_ATTR_NOT_DEFERRABLE') isDeferrable = false;
    else if (attribute === 'CONSTR_ATTR_DEFERRED') {
      isDeferred = true;
      isDeferrable = true;
    } else if (attribute === 'CONSTR_ATTR_IMMEDIATE') isDeferred = false;
  }
  if (!isDeferrable) return null;
  return isDeferred ? 'DEFERRED' : 'IMMEDIATE';
}

function readKey(node: Constraint, table: TableName): Omit<ForeignKey, 'columns' | 'deferrable'> {
  return {
    table,
    name: node.conname ?? null,
    target: nameOf(node.pktable),
    targetColumns: texts(node.pk_attrs),
    onDelete: ACTIONS[node.fk_del_action ?? ''] ?? null,
    onUpdate: ACTIONS[node.fk_upd_action ?? ''] ?? null,
  };
}

function nameOf(relation: RangeVar | undefined): TableName {
  return { schema: relation?.schemaname ?? null, name: relation?.relname ?? '' };
}

function texts(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).map((node) => ('String' in node ? (node.String.sval ?? '') : ''));
}
