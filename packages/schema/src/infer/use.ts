import type { Space } from './space.ts';

/** What makes a need one. */
export type NeedKind =
  /** A line of the file says so. */
  | 'requires'
  /** A statement names the object. */
  | 'object'
  /** A foreign key references the table. */
  | 'foreign key'
  /** The body of an SQL function names the object; PostgreSQL looks into it when the function is created. */
  | 'function body'
  /** Rows reference rows of that table. */
  | 'rows';

/** Something that a file names and that has to be there. */
export interface Use {
  readonly space: Space;
  /** As it is written: the name, and its schema before it where that is said; of what belongs to a relation that relation's name. */
  readonly name: readonly string[];
  /** The own name of what belongs to a relation; of a unique key its columns. */
  readonly own: string | null;
  /** Of a function or operator: what is known of its arguments. */
  readonly args: FunctionArguments | null;
  /** From 1. */
  readonly line: number;
  readonly kind: NeedKind;
  /** Whether the statement fails where the object is not there; else it may be another one that is meant, or none. */
  readonly isCertain: boolean;
  /** Schemas in which a name without one is looked up. */
  readonly path: readonly string[];
}

/** How many arguments a call has, or the types that stand in a signature; null where neither is known. */
export type FunctionArguments = { readonly count: number } | { readonly types: readonly string[] };
