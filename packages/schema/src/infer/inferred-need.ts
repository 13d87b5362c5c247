import type { NeedKind } from './use.ts';

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
  /** Whether PostgreSQL refuses the schema otherwise, as far as the parse can tell; one that is not certain gives way in a circle. */
  readonly isCertain: boolean;
}
