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
