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

/** One file that another must come after, and why. */
export interface InferredNeed {
  /** Index of the file that needs something. */
  readonly file: number;
  /** Where it does, from 1. */
  readonly line: number;
  /** For people: `table app.users`; of a line that requires a file, the name that stands there. */
  readonly object: string;
  /** Index of the file that has to come first. */
  readonly target: number;
  /** Where that creates the object; null for a line that requires a file. */
  readonly targetLine: number | null;
  readonly kind: NeedKind;
  /** Whether PostgreSQL refused the file as long as that object was missing. */
  readonly isCertain: boolean;
}
