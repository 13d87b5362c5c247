import type { Node } from 'libpg-query';
import { kindOf, list, nameList, type Tree, typeText } from '../parse/node-fields.ts';
import type { Definition } from './definition.ts';
import type { QualifiedName } from './head-tokens.ts';

const FORGET_ALL: Definition = { how: 'drop', kind: 'all', schema: '', name: '', detail: '' };
/** A new name for one of these does not rename an object of its own. */
const PARTS: ReadonlySet<unknown> = new Set([
  'OBJECT_COLUMN',
  'OBJECT_ATTRIBUTE',
  'OBJECT_TABCONSTRAINT',
  'OBJECT_DOMCONSTRAINT',
]);

/**
 * What a parsed statement creates, drops or sets: the same as readDefinitions finds, but with the arguments
 * of a function as types, however they are written.
 */
export function parsedDefinitions(node: Node): Definition[] {
  const [kind, tree] = kindOf(node);
  switch (kind) {
    case 'CreateSchemaStmt':
      return alone('schema', tree['schemaname'] ?? (tree['authrole'] as Tree)?.['rolename'], tree);
    case 'CreateExtensionStmt':
      return alone('extension', tree['extname'], tree);
    case 'CreateTrigStmt':
      return onTable('trigger', tree['trigname'], tree['relation'], tree);
    case 'CreatePolicyStmt':
      return onTable('policy', tree['policy_name'], tree['table'], tree);
    case 'RuleStmt':
      return onTable('rule', tree['rulename'], tree['relation'], tree);
    case 'DropStmt':
      return dropsOf(tree);
    case 'RenameStmt':
      return PARTS.has(tree['renameType']) ? [] : [FORGET_ALL];
    case 'AlterObjectSchemaStmt':
      return [FORGET_ALL];
    case 'VariableSetStmt':
    case 'DiscardStmt':
    case 'SelectStmt':
      return pathOf(kind, tree);
    default:
      return createsOf(kind, tree);
  }
}

function createsOf(kind: string, tree: Tree): Definition[] {
  switch (kind) {
    case 'CreateStmt':
      return creates('table', rangeName(tree['relation']), tree);
    case 'CreateTableAsStmt': {
      const what = tree['objtype'] === 'OBJECT_MATVIEW' ? 'materialized view' : 'table';
      // SELECT ... INTO is also parsed to this node, but its head does not show it.
      return tree['is_select_into'] === true
        ? []
        : creates(what, rangeName((tree['into'] as Tree)?.['rel']), tree);
    }
    case 'ViewStmt':
      return creates('view', rangeName(tree['view']), tree);
    case 'CreateSeqStmt':
      return creates('sequence', rangeName(tree['sequence']), tree);
    case 'CreateForeignTableStmt': {
      const base = (tree['base'] ?? {}) as Tree;
      return creates('foreign table', rangeName(base['relation']), base);
    }
    case 'IndexStmt': {
      if (typeof tree['idxname'] !== 'string') return [];
      const table = rangeName(tree['relation']);
      return creates('index', { schema: table.schema, name: tree['idxname'] }, tree, table.name);
    }
    case 'CompositeTypeStmt':
      return creates('composite type', rangeName(tree['typevar']), tree);
    case 'CreateEnumStmt':
    case 'CreateRangeStmt':
      return creates('type', nameOf(tree['typeName']), tree);
    case 'CreateDomainStmt':
      return creates('domain', nameOf(tree['domainname']), tree);
    case 'CreateFunctionStmt': {
      const what = tree['is_procedure'] === true ? 'procedure' : 'function';
      return creates(what, nameOf(tree['funcname']), tree, argumentTypes(tree['parameters']));
    }
    default:
      return [];
  }
}

function creates(kind: string, name: QualifiedName, tree: Tree, detail = ''): Definition[] {
  const isLenient = tree['if_not_exists'] === true || tree['replace'] === true;
  return [{ how: isLenient ? 'lenient' : 'create', kind, ...name, detail }];
}

function alone(kind: string, name: unknown, tree: Tree): Definition[] {
  return typeof name === 'string' ? creates(kind, { schema: '', name }, tree) : [];
}

function onTable(kind: string, own: unknown, relation: unknown, tree: Tree): Definition[] {
  return creates(kind, rangeName(relation), tree, String(own));
}

/** Without results, which do not distinguish functions. */
function argumentTypes(parameters: unknown): string {
  const types = list(parameters).flatMap((each) => {
    const parameter = (each as { FunctionParameter?: Tree }).FunctionParameter;
    const isResult = /_OUT$|_TABLE$/.test(String(parameter?.['mode']));
    return parameter === undefined || isResult ? [] : [typeText(parameter['argType'])];
  });
  return types.join(', ');
}

const DROPPED: Readonly<Record<string, string>> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_INDEX: 'index',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'domain',
  OBJECT_SCHEMA: 'schema',
  OBJECT_EXTENSION: 'extension',
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'function',
  OBJECT_ROUTINE: 'function',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_RULE: 'rule',
};

function dropsOf(tree: Tree): Definition[] {
  const kind = DROPPED[String(tree['removeType'])];
  if (kind === undefined) return [];
  const drops = list(tree['objects']).map((each): Definition => {
    const object = each as { List?: Tree; TypeName?: Tree; String?: Tree; ObjectWithArgs?: Tree };
    const names = object.List?.['items'] ?? object.TypeName?.['names'] ?? object.ObjectWithArgs?.['objname'];
    const parts = object.String === undefined ? nameList(names) : [String(object.String['sval'])];
    const own = kind === 'trigger' || kind === 'policy' || kind === 'rule' ? (parts.pop() ?? '') : '';
    return { how: 'drop', kind, ...qualified(parts), detail: own };
  });
  return tree['behavior'] === 'DROP_CASCADE' ? [...drops, FORGET_ALL] : drops;
}

/** The schema that names without a schema refer to from here on, if the statement sets it. */
function pathOf(kind: string, tree: Tree): Definition[] {
  if (kind === 'DiscardStmt') return tree['target'] === 'DISCARD_ALL' ? [path('')] : [];
  if (kind === 'SelectStmt') return pathOfSetConfig(tree);
  if (tree['kind'] === 'VAR_RESET_ALL') return [path('')];
  if (tree['name'] !== 'search_path') return [];
  return [path(tree['kind'] === 'VAR_SET_VALUE' ? (constant(list(tree['args'])[0]) ?? '') : '')];
}

/** The form in which pg_dump sets it. */
function pathOfSetConfig(tree: Tree): Definition[] {
  const target = list(tree['targetList'])[0] as { ResTarget?: { val?: { FuncCall?: Tree } } } | undefined;
  const call = target?.ResTarget?.val?.FuncCall;
  const [setting, value] = list(call?.['args']).map(constant);
  if (qualified(nameList(call?.['funcname'])).name !== 'set_config' || setting !== 'search_path') return [];
  return value === undefined ? [] : [path((value.split(',')[0] as string).trim().replaceAll('"', ''))];
}

function path(name: string): Definition {
  return { how: 'path', kind: '', schema: '', name: name === '$user' ? '' : name, detail: '' };
}

function constant(node: unknown): string | undefined {
  return (node as { A_Const?: { sval?: { sval?: string } } } | undefined)?.A_Const?.sval?.sval;
}

function rangeName(relation: unknown): QualifiedName {
  const { schemaname, relname, relpersistence } = (relation ?? {}) as {
    readonly schemaname?: string;
    readonly relname?: string;
    readonly relpersistence?: string;
  };
  return { schema: schemaname ?? (relpersistence === 't' ? 'pg_temp' : ''), name: relname ?? '' };
}

function nameOf(names: unknown): QualifiedName {
  return qualified(nameList(names));
}

function qualified(parts: readonly string[]): QualifiedName {
  return { schema: parts.at(-2) ?? '', name: parts.at(-1) ?? '' };
}
