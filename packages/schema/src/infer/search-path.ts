import { list, nameList, type Tree } from '../parse/node-fields.ts';
import { TEMPORARY } from './space.ts';
import { readName } from './written-name.ts';

/** What a statement says about the session that the ones after it run in. */
export interface SessionState {
  /** Schemas in which names without one are looked up, the first of which is where they are created. */
  readonly path: readonly string[];
  /** Whether the body of an SQL function is looked into when it is created. */
  readonly checksBodies: boolean;
}

export const NEW_SESSION: SessionState = { path: ['public'], checksBodies: true };

/** Not in a list of names that unqualified ones are created under. */
const PASSED_OVER = new Set(['$user', 'pg_catalog', TEMPORARY]);

/** What a statement sets. */
export interface Setting {
  readonly state: SessionState;
  readonly setsPath: boolean;
  /** It ends with its transaction, so not later than its file does. */
  readonly isLocal: boolean;
}

/** The state that a statement leaves behind; null where it changes nothing of it. */
export function settingOf(kind: string, tree: Tree, before: SessionState): Setting | null {
  if (kind === 'VariableSetStmt') return settingOfSet(tree, before);
  if (kind === 'DiscardStmt' && tree['target'] === 'DISCARD_ALL')
    return { state: NEW_SESSION, setsPath: true, isLocal: false };
  return kind === 'SelectStmt' ? settingOfSetConfig(tree, before) : null;
}

/** Of SET as a statement or as a part of CREATE FUNCTION. */
export function settingOfSet(tree: Tree, before: SessionState): Setting | null {
  const isLocal = tree['is_local'] === true;
  const name = String(tree['name'] ?? '').toLowerCase();
  if (tree['kind'] === 'VAR_RESET_ALL') return { state: NEW_SESSION, setsPath: true, isLocal };
  const values =
    tree['kind'] === 'VAR_SET_VALUE' ? list(tree['args']).map((each) => constantText(each) ?? '') : null;
  if (tree['kind'] === 'VAR_SET_CURRENT') return null;
  const state = withValue(name, values, before);
  return state === null ? null : { state, setsPath: name === 'search_path', isLocal };
}

/** SELECT set_config('search_path', '...', false), as pg_dump writes it. */
function settingOfSetConfig(tree: Tree, before: SessionState): Setting | null {
  for (const target of list(tree['targetList'])) {
    const call = (target as { ResTarget?: { val?: { FuncCall?: Tree } } }).ResTarget?.val?.FuncCall;
    if (call === undefined || nameList(call['funcname']).at(-1) !== 'set_config') continue;
    const [name, value, local] = list(call['args']);
    const setting = (constantText(name) ?? '').toLowerCase();
    const state = withValue(
      setting,
      (constantText(value) ?? '').split(',').map((part) => readName(part)?.at(-1) ?? ''),
      before,
    );
    const isLocal = constantText(local) === 'true';
    if (state !== null) return { state, setsPath: setting === 'search_path', isLocal };
  }
  return null;
}

/** @param values null for the default */
function withValue(
  name: string,
  values: readonly string[] | null,
  before: SessionState,
): SessionState | null {
  switch (name) {
    case 'search_path': {
      const path = values?.filter((each) => each !== '' && !PASSED_OVER.has(each));
      return { ...before, path: path ?? NEW_SESSION.path };
    }
    case 'check_function_bodies':
      return {
        ...before,
        checksBodies: values === null || !/^(off|f|fa|fal|fals|false|n|no|0)$/i.test(values[0] ?? ''),
      };
    default:
      return null;
  }
}

/** Of a string, word, number or truth value. */
export function constantText(node: unknown): string | null {
  const constant = (node as { A_Const?: Tree } | undefined)?.A_Const;
  if (constant === undefined) return null;
  const { sval, ival, boolval } = constant as {
    sval?: { sval?: string };
    ival?: { ival?: number };
    boolval?: { boolval?: boolean };
  };
  if (sval !== undefined) return sval.sval ?? '';
  if (ival !== undefined) return String(ival.ival ?? 0);
  return boolval === undefined ? null : String(boolval.boolval ?? false);
}
