import { list, nameList, rangeName, type Tree, typeText } from '../parse/node-fields.ts';
import { type CreatedObject, createdObject } from './created-object.ts';
import type { Space } from './space.ts';

const SPACES: Readonly<Record<string, readonly [space: Space, kind: string]>> = {
  OBJECT_TABLE: ['relation', 'table'],
  OBJECT_VIEW: ['relation', 'view'],
  OBJECT_MATVIEW: ['relation', 'materialized view'],
  OBJECT_SEQUENCE: ['relation', 'sequence'],
  OBJECT_FOREIGN_TABLE: ['relation', 'foreign table'],
  OBJECT_INDEX: ['relation', 'index'],
  OBJECT_TYPE: ['type', 'type'],
  OBJECT_DOMAIN: ['type', 'domain'],
  OBJECT_FUNCTION: ['function', 'function'],
  OBJECT_PROCEDURE: ['function', 'procedure'],
  OBJECT_ROUTINE: ['function', 'function'],
  OBJECT_AGGREGATE: ['function', 'aggregate'],
  OBJECT_COLLATION: ['collation', 'collation'],
  OBJECT_SCHEMA: ['schema', 'schema'],
  OBJECT_ROLE: ['role', 'role'],
  OBJECT_FOREIGN_SERVER: ['server', 'server'],
  OBJECT_FDW: ['foreign-data wrapper', 'foreign-data wrapper'],
  OBJECT_LANGUAGE: ['language', 'language'],
  OBJECT_PUBLICATION: ['publication', 'publication'],
  OBJECT_TSCONFIGURATION: ['text search configuration', 'text search configuration'],
  OBJECT_TSDICTIONARY: ['text search dictionary', 'text search dictionary'],
};
const PARTS: Readonly<Record<string, Space>> = {
  OBJECT_COLUMN: 'column',
  OBJECT_TABCONSTRAINT: 'constraint',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_RULE: 'rule',
};

/** What there is under a new name, or in another schema, after ALTER ... RENAME TO and SET SCHEMA. */
export function renamedObjects(kind: string, tree: Tree, path: readonly string[]): CreatedObject[] {
  const type = String(tree[kind === 'RenameStmt' ? 'renameType' : 'objectType']);
  const relation = tree['relation'] === undefined ? null : rangeName(tree['relation']);
  const part = PARTS[type];
  if (part !== undefined && relation !== null) {
    return [createdObject(part, part, relation, path, { own: String(tree['newname']) })];
  }
  const [space, about] = SPACES[type] ?? [];
  if (space === undefined || about === undefined) return [];
  const { name: before, types } =
    relation === null ? objectName(tree['object']) : { name: relation, types: null };
  const name =
    kind === 'RenameStmt'
      ? [...before.slice(0, -1), String(tree['newname'])]
      : [String(tree['newschema']), before.at(-1) ?? ''];
  const inputs =
    space !== 'function'
      ? null
      : types === null
        ? { types: [], least: 0, most: Number.POSITIVE_INFINITY }
        : { types, least: 0, most: types.length };
  return [createdObject(space, about, name, path, { inputs })];
}

function objectName(object: unknown): { readonly name: string[]; readonly types: string[] | null } {
  const {
    List,
    String: text,
    TypeName,
    ObjectWithArgs,
  } = (object ?? {}) as {
    List?: Tree;
    String?: { sval?: string };
    TypeName?: Tree;
    ObjectWithArgs?: Tree;
  };
  if (ObjectWithArgs !== undefined) {
    const types = list(ObjectWithArgs['objargs']).map((arg) =>
      typeText((arg as { TypeName?: unknown }).TypeName),
    );
    const isUnspecified = ObjectWithArgs['args_unspecified'] === true;
    return { name: nameList(ObjectWithArgs['objname']), types: isUnspecified ? null : types };
  }
  const name = text === undefined ? nameList(List?.['items'] ?? TypeName?.['names']) : [text.sval ?? ''];
  return { name, types: null };
}
