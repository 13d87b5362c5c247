import { openEnvironment } from './read-project.ts';

/** The folders that a configuration names, whether or not they exist. */
export interface NamedFolders {
  readonly include: readonly NamedFolder[];
  /** These may be files too. */
  readonly exclude: readonly NamedFolder[];
}

export interface NamedFolder {
  /** As written in the configuration. */
  readonly spelt: string;
  /** @throws {TandemError} ERR_TANDEM_CONFIG_VALUE at its position, always */
  refuse(problem: string, cure: string): never;
}

/**
 * Reads only the part of db/environments/ENV.yaml that determines which folders are needed. readProject reads
 * the whole file and reports its errors.
 * @throws {TandemError} as readProject, for the errors that it encounters
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
