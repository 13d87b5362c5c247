import type { ConfigValue } from './config-value.ts';
import { openEnvironment } from './read-project.ts';

/** The folders that a configuration names, whether or not they exist. */
export interface NamedFolders {
  readonly include: readonly ConfigValue[];
  /** These may be files too. */
  readonly exclude: readonly ConfigValue[];
}

/**
 * Reads only the part of db/environments/ENV.yaml that determines which folders are needed. readProject reads
 * the whole file and reports its errors.
 * @throws {TandemError} as readProject, for the errors that it encounters
 */
export function namedFolders(projectDir: string, env: string): NamedFolders {
  const keys = openEnvironment(projectDir, env).mapping();
  const named = (key: string): ConfigValue[] =>
    (keys.get(key)?.list() ?? []).flatMap((value) => {
      const path = value.isMapping ? value.mapping().get('path') : value;
      return path?.isText === true ? path : [];
    });
  return { include: named('include_dirs'), exclude: named('exclude_dirs') };
}
