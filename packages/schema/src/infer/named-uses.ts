import { list, nameList, rangeName, type Tree } from '../parse/node-fields.ts';
import { alterTableUses } from './alter-table-uses.ts';
import { definitionUses, options } from './definition-uses.ts';
import { objectUses, PARTS, SPACES } from './object-uses.ts';
import type { Space } from './space.ts';
import type { Surroundings, UsedObjects } from './used-objects.ts';

type Fields = Readonly<Record<string, readonly (readonly [field: string, space: Space])[]>>;

/** Fields that hold a name as one string. */
const STRINGS: Fields = {
  AlterEventTrigStmt: [['trigname', 'event trigger']],
  AlterExtensionContentsStmt: [['extname', 'extension']],
  AlterExtensionStmt: [['extname', 'extension']],
  AlterFdwStmt: [['fdwname', 'foreign-data wrapper']],
  AlterForeignServerStmt: [['servername', 'server']],
  AlterObjectSchemaStmt: [['newschema', 'schema']],
  AlterOpFamilyStmt: [['amname', 'access method']],
  AlterPublicationStmt: [['pubname', 'publication']],
  AlterUserMappingStmt: [['servername', 'server']],
  CreateForeignServerStmt: [['fdwname', 'foreign-data wrapper']],
  CreateForeignTableStmt: [['servername', 'server']],
  CreateOpClassStmt: [['amname', 'access method']],
  CreateOpFamilyStmt: [['amname', 'access method']],
  CreateStmt: [['accessMethod', 'access method']],
  CreateTransformStmt: [['lang', 'language']],
  CreateUserMappingStmt: [['servername', 'server']],
  IndexStmt: [['accessMethod', 'access method']],
  ImportForeignSchemaStmt: [
    ['server_name', 'server'],
    ['local_schema', 'schema'],
  ],
};
/** Fields that hold a name as the list of its parts. */
const LISTS: Fields = {
  AlterDomainStmt: [['typeName', 'type']],
  AlterEnumStmt: [['typeName', 'type']],
  AlterOpFamilyStmt: [['opfamilyname', 'operator family']],
  AlterStatsStmt: [['defnames', 'statistics']],
  AlterTSConfigurationStmt: [['cfgname', 'text search configuration']],
  AlterTSDictionaryStmt: [['dictname', 'text search dictionary']],
  AlterTypeStmt: [['typeName', 'type']],
  CreateAmStmt: [['handler_name', 'function']],
  CreateConversionStmt: [['func_name', 'function']],
  CreateOpClassStmt: [['opfamilyname', 'operator family']],
  CreatePLangStmt: [
    ['plhandler', 'function'],
    ['plinline', 'function'],
    ['plvalidator', 'function'],
  ],
};
/** The field that says what kind of object the statement is about. */
const OBJECT_TYPES: Readonly<Record<string, string>> = {
  AlterExtensionContentsStmt: 'objtype',
  AlterObjectDependsStmt: 'objectType',
  AlterObjectSchemaStmt: 'objectType',
  AlterOwnerStmt: 'objectType',
  CommentStmt: 'objtype',
  SecLabelStmt: 'objtype',
};

/** Uses that stand as plain strings in the fields of a statement. */
export function namedUses(
  kind: string,
  tree: Tree,
  at: number,
  around: Surroundings,
  used: UsedObjects,
): void {
  const add = (space: Space, name: readonly string[], own?: string): void => {
    if (name.some((part) => part !== '')) used.add(space, name, at, around, own === undefined ? {} : { own });
  };
  for (const [field, space] of STRINGS[kind] ?? []) add(space, [String(tree[field] ?? '')]);
  for (const [field, space] of LISTS[kind] ?? []) add(space, nameList(tree[field]));
  const objectType = OBJECT_TYPES[kind];
  if (objectType !== undefined) objectUses(tree[objectType], tree['object'], at, around, used);
  switch (kind) {
    case 'RenameStmt':
      renameUses(tree, at, around, used);
      break;
    case 'DropStmt':
      if (tree['missing_ok'] === true) break;
      for (const each of list(tree['objects'])) objectUses(tree['removeType'], each, at, around, used);
      break;
    case 'GrantStmt':
      for (const each of list(tree['objects'])) {
        const isSchema = tree['targtype'] === 'ACL_TARGET_ALL_IN_SCHEMA';
        objectUses(isSchema ? 'OBJECT_SCHEMA' : tree['objtype'], each, at, around, used);
      }
      break;
    case 'GrantRoleStmt':
      for (const each of list(tree['granted_roles'])) {
        add('role', [String((each as { AccessPriv?: Tree }).AccessPriv?.['priv_name'] ?? '')]);
      }
      break;
    case 'AlterTableStmt':
      alterTableUses(tree, at, around, used);
      break;
    case 'AlterPolicyStmt':
      add('policy', rangeName(tree['table']), String(tree['policy_name']));
      break;
    case 'AlterTSConfigurationStmt':
      for (const each of list(tree['dicts'])) add('text search dictionary', listed(each));
      break;
    case 'ClusterStmt':
      if (typeof tree['indexname'] === 'string') {
        add('relation', [...rangeName(tree['relation']).slice(0, -1), tree['indexname']]);
      }
      break;
    case 'CreatePublicationStmt':
    case 'AlterPublicationStmt':
      for (const each of list(tree['pubobjects'])) {
        const { name } = (each as { PublicationObjSpec?: Tree }).PublicationObjSpec ?? {};
        add('schema', [String(name ?? '')]);
      }
      break;
    case 'DefineStmt':
      definitionUses(tree['kind'], tree['definition'], at, around, used);
      break;
    case 'CreateRangeStmt':
      definitionUses('RANGE', tree['params'], at, around, used);
      break;
    default:
      optionUses(kind, tree, add, used);
  }
}

/** Names that stand among the options of a statement. */
function optionUses(
  kind: string,
  tree: Tree,
  add: (space: Space, name: readonly string[]) => void,
  used: UsedObjects,
): void {
  const fields = ['options', 'func_options', ...(kind === 'DoStmt' ? ['args'] : [])];
  for (const [option, value] of fields.flatMap((field) => options(tree[field]))) {
    const text = (value as { String?: { sval?: string } } | undefined)?.String?.sval ?? '';
    switch (`${kind} ${option}`) {
      case 'CreateFunctionStmt language':
      case 'DoStmt language':
        add('language', [text]);
        break;
      case 'CreateFunctionStmt support':
      case 'CreateFdwStmt handler':
      case 'CreateFdwStmt validator':
      case 'AlterFdwStmt handler':
      case 'AlterFdwStmt validator':
        add('function', listed(value));
        break;
      case 'CreateExtensionStmt schema':
        add('schema', [text]);
        break;
      case 'AlterDefaultPrivilegesStmt schemas':
        for (const schema of listed(value)) add('schema', [schema]);
        break;
      case 'CreateSeqStmt owned_by':
      case 'AlterSeqStmt owned_by': {
        const owner = listed(value);
        // OWNED BY NONE has one part.
        if (owner.length < 2) break;
        used.column(owner.at(-1) as string);
        add('relation', owner.slice(0, -1));
      }
    }
  }
}

function renameUses(tree: Tree, at: number, around: Surroundings, used: UsedObjects): void {
  const type = String(tree['renameType']);
  const part = PARTS[type];
  const before = String(tree['subname'] ?? '');
  if (part !== undefined) used.add(part, rangeName(tree['relation']), at, around, { own: before });
  else if (type === 'OBJECT_COLUMN') used.column(before);
  else if (type === 'OBJECT_SCHEMA' || type === 'OBJECT_ROLE')
    used.add(SPACES[type] as Space, [before], at, around);
  else objectUses(type, tree['object'], at, around, used);
}

function listed(value: unknown): string[] {
  return nameList((value as { List?: Tree } | undefined)?.List?.['items']);
}
