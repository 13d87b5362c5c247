import type { Node } from 'libpg-query';
import { type Definition, spaceOf } from '../definitions/definition.ts';
import { parsedDefinitions } from '../definitions/parsed-definitions.ts';
import { kindOf, list, nameList, rangeName, type Tree, typeText } from '../parse/node-fields.ts';
import { type CreatedObject, createdObject, type FunctionInputs } from './created-object.ts';
import { renamedObjects } from './renamed-objects.ts';
import { ANYWHERE, type Space, TEMPORARY } from './space.ts';
import { addedParts, partsOfTable, uniqueIndexKey } from './table-parts.ts';

/** Their detail is their own name, and their name that of their table. */
const PARTS: ReadonlySet<Space> = new Set<Space>(['policy', 'rule', 'trigger']);

/** What a statement creates, with all that comes along: the sequence of a serial column, the index of a primary key. */
export function createdObjects(node: Node, path: readonly string[]): CreatedObject[] {
  const [kind, tree] = kindOf(node);
  const defined = parsedDefinitions(node).filter(({ how }) => how === 'create' || how === 'lenient');
  const objects = [
    ...defined.flatMap((definition) => definedObject(definition, tree, path)),
    ...comeAlong(kind, tree, path),
  ];
  return isTemporary(kind, tree) ? objects.map((object) => ({ ...object, schema: TEMPORARY })) : objects;
}

function definedObject(definition: Definition, tree: Tree, path: readonly string[]): CreatedObject[] {
  const { kind, schema, name, detail } = definition;
  const space: Space = spaceOf(kind);
  const own = PARTS.has(space) ? detail : null;
  const inputs =
    space === 'function' ? inputsOf(list(tree['parameters']), tree['is_procedure'] === true) : null;
  const shown = kind === 'composite type' ? 'type' : kind;
  return [createdObject(space, shown, schema === '' ? [name] : [schema, name], path, { own, inputs })];
}

/** What parsedDefinitions does not tell. */
function comeAlong(kind: string, tree: Tree, path: readonly string[]): CreatedObject[] {
  const named = (space: Space, name: unknown): CreatedObject[] => [
    createdObject(space, space, [String(name)], path),
  ];
  const listed = (space: Space, names: unknown): CreatedObject[] => [
    createdObject(space, space, nameList(names), path),
  ];
  switch (kind) {
    case 'CreateStmt':
      return partsOfTable(tree, rangeName(tree['relation']), path);
    case 'CreateForeignTableStmt': {
      const base = (tree['base'] ?? {}) as Tree;
      return partsOfTable(base, rangeName(base['relation']), path);
    }
    case 'AlterTableStmt':
      return addedParts(tree, rangeName(tree['relation']), path);
    case 'IndexStmt':
      return uniqueIndexKey(tree, rangeName(tree['relation']), path);
    case 'SelectStmt': {
      const into = (tree['intoClause'] as Tree | undefined)?.['rel'];
      return into === undefined ? [] : [createdObject('relation', 'table', rangeName(into), path)];
    }
    case 'InsertStmt':
      return rowsOf(tree['relation'], path);
    case 'CopyStmt':
      return tree['is_from'] === true ? rowsOf(tree['relation'], path) : [];
    case 'DefineStmt':
      return definedByDefine(tree, path);
    case 'CreateRangeStmt':
      return [createdObject('type', 'type', multirangeName(tree), path)];
    case 'CreateExtensionStmt':
      return fromExtension(String(tree['extname']), path);
    case 'CreateCastStmt':
      return [castOf(tree, path)];
    case 'CreateOpClassStmt':
      return operatorClass(tree, path);
    case 'CreateOpFamilyStmt':
      return listed('operator family', tree['opfamilyname']);
    case 'CreateConversionStmt':
      return listed('conversion', tree['conversion_name']);
    case 'CreateStatsStmt':
      return listed('statistics', tree['defnames']);
    case 'CreateFdwStmt':
      return named('foreign-data wrapper', tree['fdwname']);
    case 'CreateForeignServerStmt':
      return named('server', tree['servername']);
    case 'CreatePLangStmt':
      return named('language', tree['plname']);
    case 'CreateRoleStmt':
      return named('role', tree['role']);
    case 'CreatePublicationStmt':
      return named('publication', tree['pubname']);
    case 'CreateEventTrigStmt':
      return named('event trigger', tree['trigname']);
    case 'CreateAmStmt':
      return named('access method', tree['amname']);
    case 'RenameStmt':
    case 'AlterObjectSchemaStmt':
      return renamedObjects(kind, tree, path);
    default:
      return [];
  }
}

function isTemporary(kind: string, tree: Tree): boolean {
  const into = (tree['into'] ?? tree['intoClause']) as Tree | undefined;
  const relation = ['CreateStmt', 'InsertStmt', 'CopyStmt'].includes(kind)
    ? tree['relation']
    : (tree['view'] ?? tree['sequence'] ?? into?.['rel']);
  const { relpersistence, schemaname } = (relation ?? {}) as { relpersistence?: string; schemaname?: string };
  return relpersistence === 't' || schemaname === TEMPORARY;
}

function rowsOf(relation: unknown, path: readonly string[]): CreatedObject[] {
  const name = rangeName(relation);
  return relation === undefined ? [] : [createdObject('rows', 'rows of', name, path)];
}

/** What functions take. OUT arguments of a procedure stand in its calls. */
function inputsOf(parameters: readonly unknown[], isProcedure: boolean): FunctionInputs {
  const taken = parameters
    .map((each) => (each as { FunctionParameter?: Tree }).FunctionParameter ?? {})
    .filter(({ mode }) => !/_TABLE$/.test(String(mode)));
  const inputs = taken.filter(({ mode }) => !/_OUT$/.test(String(mode)));
  const isVariadic = inputs.some(({ mode }) => /_VARIADIC$/.test(String(mode)));
  const isOptional = ({ mode, defexpr }: Tree): boolean =>
    defexpr !== undefined || /_VARIADIC$/.test(String(mode));
  return {
    types: inputs.map(({ argType }) => typeText(argType)),
    least: inputs.filter((each) => !isOptional(each)).length,
    most: isVariadic ? Number.POSITIVE_INFINITY : (isProcedure ? taken : inputs).length,
  };
}

const DEFINED: Readonly<Record<string, Space>> = {
  OBJECT_TYPE: 'type',
  OBJECT_COLLATION: 'collation',
  OBJECT_TSCONFIGURATION: 'text search configuration',
  OBJECT_TSDICTIONARY: 'text search dictionary',
  OBJECT_TSPARSER: 'text search parser',
  OBJECT_TSTEMPLATE: 'text search template',
};

/** CREATE AGGREGATE, OPERATOR, COLLATION, TEXT SEARCH ..., and CREATE TYPE of a base type. */
function definedByDefine(tree: Tree, path: readonly string[]): CreatedObject[] {
  const kind = String(tree['kind']);
  const name = nameList(tree['defnames']);
  if (kind === 'OBJECT_AGGREGATE') {
    // Without arguments, or in the old form in which they stand among the options.
    const items = (list(tree['args'])[0] as { List?: Tree } | undefined)?.List?.['items'];
    const isOld = tree['oldstyle'] === true;
    const inputs = isOld ? { types: [], least: 0, most: 1 } : inputsOf(list(items), false);
    return [createdObject('function', 'aggregate', name, path, { inputs })];
  }
  if (kind === 'OBJECT_OPERATOR') {
    const forTypes = list(tree['definition']).flatMap((each) => {
      const { defname, arg } = ((each as { DefElem?: Tree }).DefElem ?? {}) as {
        defname?: string;
        arg?: { TypeName?: Tree };
      };
      return /^(left|right)arg$/.test(defname ?? '') ? [nameList(arg?.TypeName?.['names'])] : [];
    });
    return [createdObject('operator', 'operator', name, path, { forTypes })];
  }
  const space = DEFINED[kind];
  return space === undefined ? [] : [createdObject(space, space, name, path)];
}

/** PostgreSQL makes it out of the name of the range (makeMultirangeTypeName) unless it is said. */
function multirangeName(tree: Tree): string[] {
  for (const each of list(tree['params'])) {
    const { defname, arg } = ((each as { DefElem?: Tree }).DefElem ?? {}) as {
      defname?: string;
      arg?: { TypeName?: Tree };
    };
    if (defname === 'multirange_type_name') return nameList(arg?.TypeName?.['names']);
  }
  const name = nameList(tree['typeName']);
  const last = name.at(-1) ?? '';
  const own = last.includes('range') ? last.replace('range', 'multirange') : `${last}_multirange`;
  return [...name.slice(0, -1), own];
}

/** Extensions have a language, a wrapper or a type of their own name often; what else they bring is not known. */
function fromExtension(name: string, path: readonly string[]): CreatedObject[] {
  const what = `extension ${name}`;
  return [
    createdObject('language', '', [name], path, { what }),
    createdObject('foreign-data wrapper', '', [name], path, { what }),
    createdObject('type', '', [ANYWHERE, name], path, { what }),
  ];
}

function castOf(tree: Tree, path: readonly string[]): CreatedObject {
  const [source, target] = [tree['sourcetype'], tree['targettype']].map((type) => (type ?? {}) as Tree);
  const forTypes = [source, target].map((type) => nameList(type?.['names']));
  const what = `cast of ${typeText(source)} as ${typeText(target)}`;
  return createdObject('cast', '', [forTypes[1]?.at(-1) ?? ''], path, { forTypes, what });
}

function operatorClass(tree: Tree, path: readonly string[]): CreatedObject[] {
  const name = nameList(tree['opclassname']);
  const what = `operator class ${name.join('.')}`;
  const forTypes = [nameList((tree['datatype'] as Tree | undefined)?.['names'])];
  return [
    createdObject('operator class', 'operator class', name, path),
    ...(tree['opfamilyname'] === undefined
      ? [createdObject('operator family', '', name, path, { what })]
      : []),
    ...(tree['isDefault'] === true
      ? [createdObject('default operator class', '', [''], path, { what, forTypes })]
      : []),
  ];
}
