import type { Selection, TandemError } from '@tandem/engine';
import type { Finding } from '../finding.ts';

/** What came of a change, or of the first look. */
export type WatchEvent = WatchedBuilt | WatchedFailure;

export interface WatchedBuilt {
  /** The file, as it is shown. */
  readonly output: string;
  /** unchanged: the output has these bytes already. */
  readonly status: 'written' | 'unchanged';
  /** All that the schema is made of. */
  readonly files: number;
  /** Header and body together. */
  readonly bytes: number;
  readonly bodySha256: string;
  /** Files and folders, as they are shown, that the system says something happened to since the build before; none for the first one. */
  readonly changed: readonly string[];
  /** The engine that read the files. */
  readonly selection: Selection;
  /** That the build took, until the output was in its place. */
  readonly seconds: number;
  /** What check finds: warnings, and what is created twice. */
  readonly findings: readonly Finding[];
}

/** The output stays as it was. */
export interface WatchedFailure {
  /** The file, as it is shown. */
  readonly output: string;
  readonly status: 'failed';
  /** What is wrong with the project as a whole; null where it is in the files. */
  readonly error: TandemError | null;
  readonly findings: readonly Finding[];
  readonly seconds: number;
}
