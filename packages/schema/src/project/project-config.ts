/** How the body says where each file begins. */
export type SeparatorStyle = 'block_comment' | 'line_comment' | 'mysql' | 'custom';

/** How the files of a block are sorted: by their names, or by the numbers that their names begin with. */
export type SortMode = 'alphabetical' | 'hex';

/** One entry of include_dirs, its defaults filled in. */
export interface IncludeEntry {
  /** Raw absolute path, links resolved. */
  readonly path: string;
  /** As the configuration has it. */
  readonly spelt: string;
  readonly recursive: boolean;
  /** Globs of the gitignore kind, relative to `path`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** A folder that is not there is passed over. */
  readonly autoDiscover: boolean;
  readonly order: number;
}

/** What a build reads out of db/environments/ENV.yaml; every key of confiture 1.29 may stand there. Folders are raw and absolute, links resolved. */
export interface ProjectConfig {
  /** The configuration file, as errors show it. */
  readonly file: string;
  /** The same, raw and absolute. */
  readonly filePath: string;
  readonly env: string;
  /** Raw and absolute. */
  readonly projectDir: string;
  readonly includes: readonly IncludeEntry[];
  /** Folders, and files too. */
  readonly excludeDirs: readonly string[];
  readonly superuserDirs: readonly string[];
  readonly superuserPostDirs: readonly string[];
  readonly sortMode: SortMode;
  /** Foreign keys come behind all tables. */
  readonly twoPass: boolean;
  readonly separator: { readonly style: SeparatorStyle; readonly template: string | null };
  /** build.validate_comments */
  readonly check: { readonly enabled: boolean; readonly failOnOpen: boolean };
  readonly databaseUrl: string;
}
