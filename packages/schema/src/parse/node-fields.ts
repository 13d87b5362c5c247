/**
 * A node of the parse tree, as far as it is inspected; the field names are those of PostgreSQL's
 * parsenodes.h.
 */
export interface Tree {
  readonly [field: string]: unknown;
}

/** The kind of a node and its fields: a tree contains it as `{ SelectStmt: { ... } }`. */
export function kindOf(node: object): [kind: string, tree: Tree] {
  return Object.entries(node)[0] as [string, Tree];
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The strings of a list of String nodes; '' for any other node. */
export function nameList(names: unknown): string[] {
  return list(names).map((name) => String((name as { String?: { sval?: string } }).String?.sval ?? ''));
}

/**
 * A type in a form that is the same for all of its spellings: `int` is already pg_catalog.int4 in the tree.
 */
export function typeText(type: unknown): string {
  const { names, arrayBounds } = (type ?? {}) as { names?: unknown; arrayBounds?: unknown };
  const name = nameList(names).filter((part) => part !== 'pg_catalog');
  return name.join('.') + '[]'.repeat(list(arrayBounds).length);
}
