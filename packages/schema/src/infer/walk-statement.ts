import type { CreateStmt } from 'libpg-query';
import { list, nameList, rangeName, type Tree, typeText } from '../parse/node-fields.ts';
import { movableKeys } from '../two-pass/foreign-key.ts';
import { constantUses } from './constant-uses.ts';
import { conflictUses, constraintUses, indexedUses, namedColumns, sortUse } from './constraint-uses.ts';
import type { FunctionArguments } from './use.ts';
import type { Surroundings, UsedObjects } from './used-objects.ts';

/** The names that WITH gives to queries, innermost first. */
interface Scope {
  readonly names: ReadonlySet<string>;
  readonly outer: Scope | null;
}

interface Visit {
  /** null for a node whose kind its field tells, so that the tree does not. */
  readonly kind: string | null;
  readonly tree: Tree;
  readonly scope: Scope | null;
  readonly at: number;
}

/** Fields that name what the statement creates, or are read by namedUses, or name what the query itself has named. */
const PASSED_OVER: Readonly<Record<string, readonly string[]>> = {
  AlterExtensionContentsStmt: ['object'],
  AlterObjectDependsStmt: ['object', 'extname'],
  AlterObjectSchemaStmt: ['object'],
  AlterOwnerStmt: ['object'],
  CommentStmt: ['object'],
  CompositeTypeStmt: ['typevar'],
  Constraint: ['pktable'],
  CreateFunctionStmt: ['funcname', 'sql_body'],
  CreateOpClassItem: ['name'],
  CreateRangeStmt: ['params'],
  CreateSchemaStmt: ['schemaElts'],
  CreateSeqStmt: ['sequence'],
  CreateStmt: ['relation'],
  DefineStmt: ['definition'],
  DropStmt: ['objects'],
  GrantStmt: ['objects'],
  LockingClause: ['lockedRels'],
  RenameStmt: ['object'],
  SecLabelStmt: ['object'],
  ViewStmt: ['view'],
};
/** Their target is a table also where WITH has that name. */
const CHANGES_ROWS = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);
/** Nodes that name nothing where they are not read as a part of another. */
const WITHOUT_NAMES = new Set(['A_Const', 'A_Star', 'Integer', 'String']);
/** OPCLASS_ITEM_OPERATOR. */
const OPERATOR_ITEM = 1;
const WITHOUT_ARGUMENTS = new Set(['CreateTrigStmt', 'CreateEventTrigStmt']);

/** Finds all that the nodes of a statement name: relations, types, functions, operators, collations, roles. */
export class StatementWalk {
  readonly #around: Surroundings;
  readonly #used: UsedObjects;
  readonly #table: readonly string[];
  readonly #isRun: boolean;
  /** Where the foreign keys begin that are added behind all tables. */
  readonly #moved: ReadonlySet<number>;
  readonly #classTypes: FunctionArguments | null;
  #stack: Visit[] = [];

  constructor(kind: string, tree: Tree, around: Surroundings, used: UsedObjects) {
    this.#around = around;
    this.#used = used;
    const base = (kind === 'CreateForeignTableStmt' ? tree['base'] : tree) as Tree | undefined;
    this.#table = rangeName(base?.['relation']);
    this.#isRun = kind === 'SelectStmt' || kind === 'CallStmt';
    const moved = around.movesKeys && kind === 'CreateStmt' ? movableKeys(tree as CreateStmt) : [];
    this.#moved = new Set(moved.map(({ pieces }) => pieces[0]?.start ?? -1));
    const type = kind === 'CreateOpClassStmt' ? typeText(tree['datatype']) : null;
    this.#classTypes = type === null ? null : { types: [type, type] };
  }

  /** An explicit stack, because expressions nest deeper than calls may. */
  walk(kind: string, tree: Tree, at: number): void {
    this.#stack = [{ kind, tree, scope: null, at }];
    for (let visit = this.#stack.pop(); visit !== undefined; visit = this.#stack.pop()) this.#visit(visit);
  }

  #visit({ kind, tree, scope: outer, at: before }: Visit): void {
    const { location } = tree;
    const at = typeof location === 'number' && location >= 0 ? location : before;
    if (tree['relname'] !== undefined) {
      this.#relation(tree, outer, at);
      return;
    }
    if (tree['names'] !== undefined) {
      this.#type(tree, at);
      return;
    }
    if (kind !== null) this.#node(kind, tree, at);
    const scope = tree['withClause'] === undefined ? outer : this.#scopeOf(tree, outer, at);
    const passedOver = PASSED_OVER[kind ?? ''];
    for (const field in tree) {
      const value = tree[field];
      if (typeof value !== 'object' || value === null || passedOver?.includes(field)) {
        if (value === 'ROLESPEC_CSTRING')
          this.#used.add('role', [String(tree['rolename'])], at, this.#around);
      } else if (!this.#field(kind, field, tree, at)) {
        const isTarget = field === 'relation' && kind !== null && CHANGES_ROWS.has(kind);
        this.#push(field === 'base' ? 'CreateStmt' : null, value, isTarget ? null : scope, at);
      }
    }
  }

  /** A node, a list of them, or one whose kind its tree tells. */
  #push(kind: string | null, value: object, scope: Scope | null, at: number): void {
    if (Array.isArray(value)) {
      for (const each of value)
        if (typeof each === 'object' && each !== null) this.#push(null, each, scope, at);
      return;
    }
    const tree = value as Tree;
    for (const field in tree) {
      // Fields begin with small letters, kinds of nodes do not.
      if (field.charCodeAt(0) >= 0x60) break;
      if (!WITHOUT_NAMES.has(field)) this.#stack.push({ kind: field, tree: tree[field] as Tree, scope, at });
      return;
    }
    this.#stack.push({ kind, tree, scope, at });
  }

  /** The scope of a query behind its WITH, whose own queries are put on the stack with theirs. */
  #scopeOf(tree: Tree, outer: Scope | null, at: number): Scope | null {
    const { ctes, recursive } = (tree['withClause'] ?? {}) as { ctes?: unknown; recursive?: boolean };
    const queries = list(ctes).map((each) => (each as { CommonTableExpr?: Tree }).CommonTableExpr ?? {});
    if (queries.length === 0) return outer;
    const all = new Set(queries.map(({ ctename }) => String(ctename)));
    let scope: Scope | null = recursive === true ? { names: all, outer } : outer;
    for (const query of queries) {
      this.#stack.push({ kind: 'CommonTableExpr', tree: query, scope, at });
      if (recursive !== true) scope = { names: new Set([String(query['ctename'])]), outer: scope };
    }
    return scope;
  }

  #relation(tree: Tree, scope: Scope | null, at: number): void {
    const name = rangeName(tree);
    for (let each = name.length === 1 ? scope : null; each !== null; each = each.outer) {
      if (each.names.has(name[0] as string)) return;
    }
    this.#used.add('relation', name, at, this.#around);
  }

  #type(tree: Tree, at: number): void {
    const names = nameList(tree['names']);
    if (tree['pct_type'] === true) {
      this.#used.column(names.at(-1) ?? '');
      this.#used.add('relation', names.slice(0, -1), at, this.#around);
    } else this.#used.add('type', names, at, this.#around);
  }

  /** What a field names, whatever node it is of; gives whether there is nothing more below it. */
  #field(kind: string | null, field: string, tree: Tree, at: number): boolean {
    switch (field) {
      case 'into':
      case 'intoClause':
      case 'withClause':
        return true;
      case 'funcname':
        this.#call(kind, tree, at);
        return true;
      case 'collname':
        this.#used.add('collation', nameList(tree[field]), at, this.#around);
        return true;
      case 'objname':
        this.#used.add('function', nameList(tree[field]), at, this.#around, { args: signatureOf(tree) });
        return true;
      case 'operName':
      case 'useOp':
        this.#operator(nameList(tree[field]), at);
        return true;
      case 'groupClause':
        this.#used.groups();
        sortUse(at, this.#around, this.#used);
        return false;
      case 'sortClause':
      case 'distinctClause':
        sortUse(at, this.#around, this.#used);
        return false;
      // The same types once more.
      case 'objfuncargs':
        return true;
      default:
        return false;
    }
  }

  /** What a node of that kind names, beside what is in its fields. */
  #node(kind: string, tree: Tree, at: number): void {
    const [used, around] = [this.#used, this.#around];
    switch (kind) {
      case 'A_Expr':
        this.#operator(nameList(tree['name']), at);
        break;
      case 'TypeCast':
        constantUses(kind, tree, at, around, used);
        used.add('cast', nameList((tree['typeName'] as Tree | undefined)?.['names']).slice(-1), at, around, {
          isDoubtful: true,
        });
        break;
      case 'ColumnRef':
        this.#column(tree);
        break;
      case 'ResTarget':
      case 'AccessPriv':
      case 'CopyStmt':
      case 'CreateTrigStmt':
        namedColumns(tree, used);
        break;
      case 'IndexElem':
      case 'PartitionElem':
        indexedUses(tree, at, around, used);
        break;
      case 'Constraint':
        if (!this.#moved.has(at)) constraintUses(tree, this.#table, at, around, used);
        break;
      case 'CreateOpClassItem':
        this.#classItem(tree, at);
        break;
      case 'InsertStmt':
        conflictUses(tree, at, around, used);
        break;
    }
  }

  #column(tree: Tree): void {
    const last = list(tree['fields']).at(-1) as { String?: { sval?: string } } | undefined;
    if (last?.String?.sval !== undefined) this.#used.column(last.String.sval);
  }

  #call(kind: string | null, tree: Tree, at: number): void {
    const name = nameList(tree['funcname']);
    const args = list(tree['args']);
    const isOpen = tree['func_variadic'] === true || tree['agg_within_group'] === true;
    const count = kind !== null && WITHOUT_ARGUMENTS.has(kind) ? 0 : args.length;
    this.#used.add('function', name, at, this.#around, { args: isOpen ? null : { count } });
    constantUses('FuncCall', tree, at, this.#around, this.#used, this.#isRun);
  }

  /** An operator or function of an operator class. */
  #classItem(tree: Tree, at: number): void {
    const object = (tree['name'] ?? {}) as Tree;
    if (tree['itemtype'] !== OPERATOR_ITEM) {
      this.#push(null, object, null, at);
      return;
    }
    // An operator without arguments takes two of the class's own type.
    const types = signatureOf(object)?.types ?? [];
    const args = types.length > 0 ? { types } : this.#classTypes;
    const name = nameList(object['objname']);
    this.#used.add('operator', name, at, this.#around, { args, isDoubtful: true });
    this.#push(null, list(object['objargs']), null, at);
  }

  /** Which of them is meant depends on types, and PostgreSQL has most of them itself. */
  #operator(name: readonly string[], at: number): void {
    this.#used.add('operator', name, at, this.#around, { isDoubtful: true });
  }
}

/** The types in a signature; null where it has none. */
export function signatureOf(tree: Tree): { readonly types: readonly string[] } | null {
  if (tree['args_unspecified'] === true) return null;
  return { types: list(tree['objargs']).map((each) => typeText((each as { TypeName?: unknown }).TypeName)) };
}
