import type { Node } from 'libpg-query';

/** Something that a statement creates or drops. */
export interface DefinedObject {
  /** The same for two that cannot be there at once. */
  readonly key: string;
  /** For people: `table users`. */
  readonly what: string;
}

/** What a statement does to objects by name. */
export interface Definition {
  readonly creates: readonly DefinedObject[];
  /** CREATE OR REPLACE, or IF NOT EXISTS: it does not fail where the object is there. */
  readonly isLenient: boolean;
  /** Keys. */
  readonly drops: readonly string[];
}

const NOTHING: Definition = { creates: [], isLenient: false, drops: [] };

/** Nodes of the parse tree, as far as they are looked at here; the field names are those of PostgreSQL's parsenodes.h. */
interface Tree {
  readonly [field: string]: unknown;
}

/** What a parsed statement creates or drops; names without a schema are taken to be in `public`. */
export function definitionOf(node: Node): Definition {
  const [kind, tree] = Object.entries(node)[0] as [string, Tree];
  switch (kind) {
    case 'CreateStmt':
      return creates('relation', 'table', rangeName(tree['relation']), tree['if_not_exists']);
    case 'CreateTableAsStmt':
      return creates(
        'relation',
        tree['objtype'] === 'OBJECT_MATVIEW' ? 'materialized view' : 'table',
        rangeName((tree['into'] as Tree)?.['rel']),
        tree['if_not_exists'],
      );
    case 'ViewStmt':
      return creates('relation', 'view', rangeName(tree['view']), tree['replace']);
    case 'CreateSeqStmt':
      return creates('relation', 'sequence', rangeName(tree['sequence']), tree['if_not_exists']);
    case 'CreateForeignTableStmt':
      return creates(
        'relation',
        'foreign table',
        rangeName((tree['base'] as Tree)?.['relation']),
        (tree['base'] as Tree)?.['if_not_exists'],
      );
    case 'IndexStmt':
      // In the schema of its table.
      return typeof tree['idxname'] === 'string'
        ? creates('relation', 'index', [schemaOf(tree['relation']), tree['idxname']], tree['if_not_exists'])
        : NOTHING;
    case 'CompositeTypeStmt':
      return creates('relation', 'type', rangeName(tree['typevar']), false);
    case 'CreateEnumStmt':
    case 'CreateRangeStmt':
      return creates('type', 'type', nameList(tree['typeName']), false);
    case 'CreateDomainStmt':
      return creates('type', 'domain', nameList(tree['domainname']), false);
    case 'CreateFunctionStmt':
      return createsFunction(tree);
    case 'CreateSchemaStmt':
      return creates('schema', 'schema', [String(tree['schemaname'])], tree['if_not_exists']);
    case 'CreateExtensionStmt':
      return creates('extension', 'extension', [String(tree['extname'])], tree['if_not_exists']);
    case 'CreateTrigStmt':
      return createsOn('trigger', tree['trigname'], tree['relation'], tree['replace']);
    case 'CreatePolicyStmt':
      return createsOn('policy', tree['policy_name'], tree['table'], false);
    case 'RuleStmt':
      return createsOn('rule', tree['rulename'], tree['relation'], tree['replace']);
    case 'DropStmt':
      return dropsOf(tree);
    default:
      return NOTHING;
  }
}

function creates(space: string, what: string, name: readonly string[], lenient: unknown): Definition {
  const object = { key: keyOf(space, name), what: `${what} ${shown(name)}` };
  return { creates: [object], isLenient: lenient === true, drops: [] };
}

function createsFunction(tree: Tree): Definition {
  const name = nameList(tree['funcname']);
  const types = list(tree['parameters']).flatMap((each) => {
    const parameter = (each as { FunctionParameter?: Tree }).FunctionParameter;
    const isResult = /_OUT$|_TABLE$/.test(String(parameter?.['mode']));
    return parameter === undefined || isResult ? [] : [typeText(parameter['argType'])];
  });
  const what = tree['is_procedure'] === true ? 'procedure' : 'function';
  const signature = `(${types.join(', ')})`;
  const object = { key: keyOf('function', name) + signature, what: `${what} ${shown(name)}${signature}` };
  return { creates: [object], isLenient: tree['replace'] === true, drops: [] };
}

function createsOn(what: string, name: unknown, relation: unknown, lenient: unknown): Definition {
  const table = rangeName(relation);
  const key = `${keyOf(what, table)}.${String(name)}`;
  return {
    creates: [{ key, what: `${what} ${String(name)} on ${shown(table)}` }],
    isLenient: lenient === true,
    drops: [],
  };
}

const DROPPED_SPACES: Readonly<Record<string, string>> = {
  OBJECT_TABLE: 'relation',
  OBJECT_VIEW: 'relation',
  OBJECT_MATVIEW: 'relation',
  OBJECT_INDEX: 'relation',
  OBJECT_SEQUENCE: 'relation',
  OBJECT_FOREIGN_TABLE: 'relation',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'type',
  OBJECT_SCHEMA: 'schema',
  OBJECT_EXTENSION: 'extension',
};

function dropsOf(tree: Tree): Definition {
  const type = String(tree['removeType']);
  const drops = list(tree['objects']).flatMap((each): string[] => {
    const object = each as { List?: Tree; TypeName?: Tree; String?: Tree; ObjectWithArgs?: Tree };
    if (object.ObjectWithArgs !== undefined) {
      const types = list(object.ObjectWithArgs['objargs']).map((arg) =>
        typeText((arg as { TypeName?: unknown }).TypeName),
      );
      return [`${keyOf('function', nameList(object.ObjectWithArgs['objname']))}(${types.join(', ')})`];
    }
    const name =
      object.String === undefined
        ? nameList(object.List?.['items'] ?? object.TypeName?.['names'])
        : [String(object.String['sval'])];
    const space = DROPPED_SPACES[type];
    if (space !== undefined)
      return [keyOf(space, name), ...(space === 'type' ? [keyOf('relation', name)] : [])];
    const own = /^OBJECT_(TRIGGER|POLICY|RULE)$/.exec(type)?.[1]?.toLowerCase();
    return own === undefined ? [] : [`${keyOf(own, name.slice(0, -1))}.${name.at(-1)}`];
  });
  return { creates: [], isLenient: false, drops };
}

function keyOf(space: string, name: readonly string[]): string {
  const [last = '', schema = 'public'] = [...name].reverse();
  // Schemas and extensions are in no schema.
  return space === 'schema' || space === 'extension'
    ? `${space} ${JSON.stringify(last)}`
    : `${space} ${JSON.stringify([schema, last])}`;
}

function shown(name: readonly string[]): string {
  return name.filter((part) => part !== '').join('.');
}

function rangeName(relation: unknown): string[] {
  const { schemaname, relname } = (relation ?? {}) as { schemaname?: string; relname?: string };
  return [...(schemaname === undefined ? [] : [schemaname]), relname ?? ''];
}

function schemaOf(relation: unknown): string {
  return (relation as { schemaname?: string } | undefined)?.schemaname ?? 'public';
}

function nameList(names: unknown): string[] {
  return list(names).map((name) => String((name as { String?: { sval?: string } }).String?.sval ?? ''));
}

/** A type as two spellings of it are the same: `int` is pg_catalog.int4 in the tree already. */
function typeText(type: unknown): string {
  const { names, arrayBounds } = (type ?? {}) as { names?: unknown; arrayBounds?: unknown };
  const name = nameList(names).filter((part) => part !== 'pg_catalog');
  return name.join('.') + '[]'.repeat(list(arrayBounds).length);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
