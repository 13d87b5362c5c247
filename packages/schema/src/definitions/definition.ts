/** What a statement does to objects by name: spec/schema/definitions.md. */
export interface Definition {
  /** lenient: does not fail where the object is there. path: names without a schema go there from here on. */
  readonly how: 'create' | 'lenient' | 'drop' | 'path';
  /** As the spec has it; `all` for a drop of who knows what; empty for a path. */
  readonly kind: string;
  /** Empty where none is told. */
  readonly schema: string;
  /** Of the table, for a trigger, policy or rule. */
  readonly name: string;
  /** The arguments of a function, the table of an index, the own name of a trigger, policy or rule. */
  readonly detail: string;
}

/** Objects of one space in one schema have names of their own each. */
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

/** The space of a kind, which is one itself where it is no other's. */
export function spaceOf(kind: string): DefinitionSpace {
  return SPACES[kind] ?? (kind as DefinitionSpace);
}
