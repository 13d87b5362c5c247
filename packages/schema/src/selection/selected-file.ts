/** When a file is applied: before the application's own files, with them, or after. */
export type Phase = 'superuser_pre' | 'app' | 'superuser_post';

/** A file that a build reads, and how it came to be in it. */
export interface SelectedFile {
  /** Raw path, as it is opened. */
  readonly path: string;
  /** Its path below the base folder of the build, as separators and hashes have it; text. */
  readonly label: string;
  /** The include folder it was found under, as the configuration spells it. */
  readonly entry: string;
  readonly order: number;
  /** The first glob that chose it. */
  readonly pattern: string;
  readonly isSeed: boolean;
  readonly phase: Phase;
}
