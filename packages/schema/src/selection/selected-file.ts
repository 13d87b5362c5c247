/** When a file is applied: before the application's own files, with them, or after them. */
export type Phase = 'superuser_pre' | 'app' | 'superuser_post';

/** A file that a build reads, and how it was selected. */
export interface SelectedFile {
  /** Raw path, as it is opened. */
  readonly path: string;
  /** Its path below the base folder of the build, as used in separators and hashes; text. */
  readonly label: string;
  /** The include folder that contains it, as written in the configuration. */
  readonly entry: string;
  readonly order: number;
  /** The first glob that chose it. */
  readonly pattern: string;
  readonly isSeed: boolean;
  readonly phase: Phase;
}
