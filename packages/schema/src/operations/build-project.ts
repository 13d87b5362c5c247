import { separatorOf } from '../join/separator.ts';
import { checkOutputPlace } from '../output/output-place.ts';
import { outputTarget } from '../output/output-target.ts';
import type { ProjectConfig } from '../project/project-config.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import { mapFileOf, writeSourceMap } from '../source-map/map-file.ts';
import { type BuildOptions, type BuildRequest, type BuildResult, buildSelected } from './build.ts';

/** Where the output goes. */
export interface BuildPlace {
  /** Raw and absolute; null to return the bytes. */
  readonly output: string | null;
  /** Write FILE.map.json next to it. */
  readonly sourceMap: boolean;
}

/**
 * Builds the selected files of a project, as its configuration specifies.
 * @throws {TandemError} ERR_TANDEM_OUTPUT_IS_INPUT, and what buildSelected throws
 */
export async function buildProject(
  project: ProjectConfig,
  files: readonly SelectedFile[],
  { output, sourceMap }: BuildPlace,
  options: BuildOptions,
): Promise<BuildResult> {
  if (output !== null) checkOutputPlace(output, project);
  if (output !== null && sourceMap) outputTarget(mapFileOf(output));
  const result = await buildSelected({ ...requestOf(project, files), output, sourceMap }, options);
  if (result.map !== null && output !== null) writeSourceMap(output, result.map);
  return result;
}

/**
 * The request that every build of a project shares.
 * @throws {TandemError} ERR_TANDEM_CONFIG_VALUE for an invalid template
 */
export function requestOf(
  { env, separator, check, twoPass }: ProjectConfig,
  files: readonly SelectedFile[],
): Omit<BuildRequest, 'output' | 'sourceMap'> {
  return {
    files,
    env,
    separator: separatorOf(separator.style, separator.template),
    lex: check.enabled && check.failOnOpen,
    twoPass,
  };
}

/** Whether a build inspects the SQL of its files. */
export function isSqlRead({ check, twoPass }: ProjectConfig): boolean {
  return (check.enabled && check.failOnOpen) || twoPass;
}
