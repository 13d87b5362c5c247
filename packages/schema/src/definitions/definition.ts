/** What a statement does to objects by name: spec/schema/definitions.md. */
export interface Definition {
  /**
   * lenient: does not fail if the object exists. path: from here on, names without a schema refer to the
   * schema `name`.
   */
  readonly how: 'create' | 'lenient' | 'drop' | 'path';
  /** As in the spec; `all` for a drop of unknown objects; empty for a path. */
  readonly kind: string;
  /** Empty if none is given. */
  readonly schema: string;
  /** The name of the object; of the table, for a trigger, policy or rule. */
  readonly name: string;
  /** The arguments of a function, the table of an index, the name of the trigger, policy or rule itself. */
  readonly detail: string;
}

/** Names are unique among the objects of one space in one schema. */
export type DefinitionSpace =
  | 'relation'
  | 'type'
  | 'function'
  | 'schema'
  | 'extension'
  | 'trigger'
  | 'policy'
  | 'rule';

const SPACES: Readonly<Record<string, DefinitionSpace>> = {
  table: 'relation',
  view: 'relation',
  'materialized view': 'relation',
  'foreign table': 'relation',
  sequence: 'relation',
  index: 'relation',
  'composite type': 'relation',
  domain: 'type',
  procedure: 'function',
};

/** The space of a kind; a kind that belongs to no other space is a space itself. */
export function spaceOf(kind: string): DefinitionSpace {
  return SPACES[kind] ?? (kind as DefinitionSpace);
}
