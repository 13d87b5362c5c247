/** How the body says where each file begins. */
export type SeparatorStyle = 'block_comment' | 'line_comment' | 'mysql' | 'custom';

/** One entry of include_dirs, its defaults filled in. */
export interface IncludeEntry {
  /** Raw absolute path. */
  readonly path: string;
  readonly recursive: boolean;
  /** Globs of the gitignore kind, relative to `path`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** A folder that is not there is passed over. */
  readonly autoDiscover: boolean;
  readonly order: number;
}

/** What a build reads out of db/environments/ENV.yaml; every key of confiture 1.29 may stand there. Folders are raw and absolute. */
export interface ProjectConfig {
  /** The configuration file, as errors show it. */
  readonly file: string;
  readonly env: string;
  readonly projectDir: string;
  readonly includes: readonly IncludeEntry[];
  readonly excludeDirs: readonly string[];
  readonly superuserDirs: readonly string[];
  readonly superuserPostDirs: readonly string[];
  readonly sortMode: 'alphabetical' | 'hex';
  readonly separator: { readonly style: SeparatorStyle; readonly template: string | null };
  /** build.validate_comments */
  readonly check: { readonly enabled: boolean; readonly failOnOpen: boolean };
  readonly databaseUrl: string;
}
