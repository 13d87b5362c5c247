import { list, nameList, type Tree } from '../parse/node-fields.ts';
import { constantText } from './search-path.ts';
import type { Space } from './space.ts';
import type { Surroundings, UsedObjects } from './used-objects.ts';
import { readName } from './written-name.ts';

/** Types whose constants name an object; it is looked up when the statement is read. */
const NAMING_TYPES: Readonly<Record<string, Space>> = {
  regclass: 'relation',
  regcollation: 'collation',
  regconfig: 'text search configuration',
  regdictionary: 'text search dictionary',
  regnamespace: 'schema',
  regproc: 'function',
  regprocedure: 'function',
  regrole: 'role',
  regtype: 'type',
};
/** PostgreSQL's own functions whose first argument is of such a type. */
const NAMING_FUNCTIONS: Readonly<Record<string, Space>> = {
  currval: 'relation',
  nextval: 'relation',
  setval: 'relation',
  ...Object.fromEntries(
    [
      'phraseto_tsquery',
      'plainto_tsquery',
      'to_tsquery',
      'to_tsvector',
      'ts_headline',
      'websearch_to_tsquery',
    ].map((name) => [name, 'text search configuration'] as const),
  ),
  ts_lexize: 'text search dictionary',
};

/** Names that stand in strings: 'app.users'::regclass, nextval('ids'), and what a function that is run is told about. */
export function constantUses(
  kind: 'TypeCast' | 'FuncCall',
  tree: Tree,
  at: number,
  around: Surroundings,
  used: UsedObjects,
  isRun = false,
): void {
  if (kind === 'TypeCast') {
    const space = NAMING_TYPES[nameList((tree['typeName'] as Tree | undefined)?.['names']).at(-1) ?? ''];
    if (space !== undefined) addNamed(space, tree['arg'], at, around, used);
    return;
  }
  const name = nameList(tree['funcname']).at(-1) ?? '';
  const args = list(tree['args']);
  const space = NAMING_FUNCTIONS[name];
  if (space !== undefined) {
    // to_tsvector('text') has no configuration.
    if (space === 'relation' || args.length > 1) addNamed(space, args[0], at, around, used);
  } else if (isRun) {
    // SELECT create_hypertable('conditions', 'time') wants the table; what other strings mean is not known.
    for (const each of args) addNamed('relation', each, at, around, used, true);
  }
}

function addNamed(
  space: Space,
  constant: unknown,
  at: number,
  around: Surroundings,
  used: UsedObjects,
  isDoubtful = false,
): void {
  const text = constantText(constant);
  // regprocedure has arguments behind the name, and regtype brackets.
  const name = text === null ? null : readName(text.replace(/[([].*$/s, ''));
  if (name !== null && name.length <= 3) used.add(space, name, at, around, { isDoubtful });
}
