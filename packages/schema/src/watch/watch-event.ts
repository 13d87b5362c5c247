import type { Selection, TandemError } from '@tandem/engine';
import type { Finding } from '@tandem/job';

/** The result of a change, or of the first build. */
export type WatchEvent = WatchedBuilt | WatchedFailure;

export interface WatchedBuilt {
  /** The path of the file as shown to users. */
  readonly output: string;
  /** unchanged: the output already had these bytes. */
  readonly status: 'written' | 'unchanged';
  /** The number of files in the schema. */
  readonly files: number;
  /** Header and body together. */
  readonly bytes: number;
  readonly bodySha256: string;
  /**
   * Files and folders, as shown to users, for which the system reported events since the previous build; none
   * for the first build.
   */
  readonly changed: readonly string[];
  /** The engine that read the files. */
  readonly selection: Selection;
  /** The time that the build took, until the output was in place. */
  readonly seconds: number;
  /** The findings of check: warnings, and objects that are created twice. */
  readonly findings: readonly Finding[];
}

/** The output is unchanged. */
export interface WatchedFailure {
  /** The path of the file as shown to users. */
  readonly output: string;
  readonly status: 'failed';
  /** An error of the project as a whole; null if the errors are in the files. */
  readonly error: TandemError | null;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}
