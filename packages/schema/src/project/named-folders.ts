import { openEnvironment } from './read-project.ts';

/** The folders that a configuration names, whether they are there or not. */
export interface NamedFolders {
  readonly include: readonly NamedFolder[];
  /** Files too. */
  readonly exclude: readonly NamedFolder[];
}

export interface NamedFolder {
  /** As the configuration has it. */
  readonly spelt: string;
  /** @throws {TandemError} ERR_TANDEM_CONFIG_VALUE at its place, always */
  refuse(problem: string, cure: string): never;
}

/**
 * Reads as much of db/environments/ENV.yaml as tells which folders are needed; readProject reads it whole, and finds what is wrong.
 * @throws {TandemError} as readProject, for what it comes across
 */
export function namedFolders(projectDir: string, env: string): NamedFolders {
  const keys = openEnvironment(projectDir, env).mapping();
  const named = (key: string): NamedFolder[] =>
    (keys.get(key)?.list() ?? []).flatMap((value) => {
      const path = value.isMapping ? value.mapping().get('path') : value;
      if (path?.isText !== true) return [];
      return [{ spelt: path.text(), refuse: (problem, cure) => path.refuse(problem, cure) }];
    });
  return { include: named('include_dirs'), exclude: named('exclude_dirs') };
}
