/** The reason for a need. */
export type NeedKind =
  /** A line of the file declares it. */
  | 'requires'
  /** A statement names the object. */
  | 'object'
  /** A foreign key references the table. */
  | 'foreign key'
  /**
   * The body of an SQL function names the object; PostgreSQL checks the body when the function is created.
   */
  | 'function body'
  /** Rows reference rows of that table. */
  | 'rows';

/** A file that another file must follow, and the reason. */
export interface InferredNeed {
  /** Index of the file that needs something. */
  readonly file: number;
  /** The line of that need, from 1. */
  readonly line: number;
  /** For display: `table app.users`; for a line that requires a file, the name in that line. */
  readonly object: string;
  /** Index of the file that must come first. */
  readonly target: number;
  /** The line that creates the object; null for a line that requires a file. */
  readonly targetLine: number | null;
  readonly kind: NeedKind;
  /** Whether PostgreSQL rejected the file while that object was missing. */
  readonly isCertain: boolean;
}
