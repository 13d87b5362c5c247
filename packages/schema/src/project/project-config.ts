/** How the body marks the beginning of each file. */
export type SeparatorStyle = 'block_comment' | 'line_comment' | 'mysql' | 'custom';

/** How the files of a block are sorted: by name, or by the number at the beginning of the name. */
export type SortMode = 'alphabetical' | 'hex';

/** One entry of include_dirs, with defaults filled in. */
export interface IncludeEntry {
  /** Raw absolute path, links resolved. */
  readonly path: string;
  /** As written in the configuration. */
  readonly spelled: string;
  readonly recursive: boolean;
  /** Globs in gitignore syntax, relative to `path`. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** A folder that does not exist is skipped. */
  readonly autoDiscover: boolean;
  readonly order: number;
}

/**
 * What a build reads from db/environments/ENV.yaml, which may contain every key of confiture 1.29. Folders
 * are raw and absolute, links resolved.
 */
export interface ProjectConfig {
  /** The configuration file, as errors show it. */
  readonly file: string;
  /** The same path, raw and absolute. */
  readonly filePath: string;
  readonly env: string;
  /** Raw and absolute. */
  readonly projectDir: string;
  readonly includes: readonly IncludeEntry[];
  /** Folders, but also files. */
  readonly excludeDirs: readonly string[];
  readonly superuserDirs: readonly string[];
  readonly superuserPostDirs: readonly string[];
  readonly sortMode: SortMode;
  /** Whether foreign keys follow all tables. */
  readonly twoPass: boolean;
  readonly separator: { readonly style: SeparatorStyle; readonly template: string | null };
  /** build.validate_comments */
  readonly check: { readonly enabled: boolean; readonly failOnOpen: boolean };
  readonly databaseUrl: string;
}
