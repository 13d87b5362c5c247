import { list, nameList, rangeName, type Tree } from '../parse/node-fields.ts';
import type { Space } from './space.ts';
import type { Surroundings, UsedObjects } from './used-objects.ts';
import { signatureOf } from './walk-statement.ts';

export const SPACES: Readonly<Record<string, Space>> = {
  OBJECT_ACCESS_METHOD: 'access method',
  OBJECT_AGGREGATE: 'function',
  OBJECT_COLLATION: 'collation',
  OBJECT_CONVERSION: 'conversion',
  OBJECT_DOMAIN: 'type',
  OBJECT_EVENT_TRIGGER: 'event trigger',
  OBJECT_EXTENSION: 'extension',
  OBJECT_FDW: 'foreign-data wrapper',
  OBJECT_FOREIGN_SERVER: 'server',
  OBJECT_FOREIGN_TABLE: 'relation',
  OBJECT_FUNCTION: 'function',
  OBJECT_INDEX: 'relation',
  OBJECT_LANGUAGE: 'language',
  OBJECT_MATVIEW: 'relation',
  OBJECT_OPCLASS: 'operator class',
  OBJECT_OPERATOR: 'operator',
  OBJECT_OPFAMILY: 'operator family',
  OBJECT_PROCEDURE: 'function',
  OBJECT_PUBLICATION: 'publication',
  OBJECT_ROLE: 'role',
  OBJECT_ROUTINE: 'function',
  OBJECT_SCHEMA: 'schema',
  OBJECT_SEQUENCE: 'relation',
  OBJECT_STATISTIC_EXT: 'statistics',
  OBJECT_TABLE: 'relation',
  OBJECT_TSCONFIGURATION: 'text search configuration',
  OBJECT_TSDICTIONARY: 'text search dictionary',
  OBJECT_TSPARSER: 'text search parser',
  OBJECT_TSTEMPLATE: 'text search template',
  OBJECT_TYPE: 'type',
  OBJECT_VIEW: 'relation',
};
/** Their names are those of a relation with their own behind it. */
export const PARTS: Readonly<Record<string, Space>> = {
  OBJECT_POLICY: 'policy',
  OBJECT_RULE: 'rule',
  OBJECT_TABCONSTRAINT: 'constraint',
  OBJECT_TRIGGER: 'trigger',
};
/** The access method stands before their name. */
const BEHIND_METHOD = new Set(['OBJECT_OPCLASS', 'OBJECT_OPFAMILY']);

/** What a statement says by objtype and a list of strings: COMMENT ON, DROP, GRANT ON, ALTER ... OWNER TO, RENAME, SET SCHEMA. */
export function objectUses(
  objtype: unknown,
  object: unknown,
  at: number,
  around: Surroundings,
  used: UsedObjects,
): void {
  const type = String(objtype);
  const space = SPACES[type];
  const { List, String: text, TypeName, ObjectWithArgs, RangeVar } = (object ?? {}) as ObjectNode;
  const items = list(List?.['items']);
  if (RangeVar !== undefined) used.add('relation', rangeName(RangeVar), at, around);
  else if (ObjectWithArgs !== undefined) {
    // Which operator is meant depends on types, and PostgreSQL has most of them itself.
    const isDoubtful = space === 'operator';
    const args = signatureOf(ObjectWithArgs);
    const name = nameList(ObjectWithArgs['objname']);
    used.add(space ?? 'function', name, at, around, { args, isDoubtful });
  } else if (items.some((item) => 'TypeName' in (item as object))) typeUses(type, items, at, around, used);
  else {
    const name = text === undefined ? nameList(TypeName?.['names'] ?? items) : [text.sval ?? ''];
    namedUse(type, name, at, around, used);
  }
}

interface ObjectNode {
  readonly List?: Tree;
  readonly String?: { readonly sval?: string };
  readonly TypeName?: Tree;
  readonly ObjectWithArgs?: Tree;
  readonly RangeVar?: Tree;
}

/** Of a constraint of a domain, a transform, or a cast. */
function typeUses(
  objtype: string,
  items: readonly unknown[],
  at: number,
  around: Surroundings,
  used: UsedObjects,
): void {
  const types = items.flatMap((item): Tree[] => {
    const { TypeName } = item as { TypeName?: Tree };
    return TypeName === undefined ? [] : [TypeName];
  });
  for (const each of types) used.add('type', nameList(each['names']), at, around);
  const target = nameList(types[1]?.['names']).slice(-1);
  if (objtype === 'OBJECT_CAST') used.add('cast', target, at, around, { isDoubtful: true });
}

function namedUse(
  objtype: string,
  name: readonly string[],
  at: number,
  around: Surroundings,
  used: UsedObjects,
): void {
  const [space, part] = [SPACES[objtype], PARTS[objtype]];
  const [relation, own] = [name.slice(0, -1), name.at(-1) ?? ''];
  if (part !== undefined || objtype === 'OBJECT_COLUMN') used.add('relation', relation, at, around);
  if (part !== undefined) used.add(part, relation, at, around, { own });
  else if (objtype === 'OBJECT_COLUMN') used.column(own);
  else if (space !== undefined)
    used.add(space, BEHIND_METHOD.has(objtype) ? name.slice(1) : name, at, around);
}
