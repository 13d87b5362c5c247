import { TandemError } from '@tandem/engine';
import { folderOf, realPath, rootPrefix, shownText } from '@tandem/files';
import type { IncludeEntry, ProjectConfig } from '../project/project-config.ts';
import { globsOf } from '../selection/glob.ts';
import { shownPath } from '../shown-path.ts';
import { outputTarget } from './output-target.ts';

/**
 * Rejects an output that the next build would read, either under its own name or as the target of its link.
 * @param path raw and absolute
 * @throws {TandemError} ERR_TANDEM_OUTPUT_IS_INPUT; what outputTarget throws
 */
export function checkOutputPlace(path: string, project: ProjectConfig): void {
  const isInput = (file: string): boolean => {
    const folder = folderOf(file);
    const whole = rootPrefix(realPath(folder)) + file.slice(folder.length);
    const excluded = project.excludeDirs.some((each) => whole === each || whole.startsWith(rootPrefix(each)));
    return !excluded && project.includes.some((entry) => chooses(entry, whole));
  };
  if (isInput(path) || isInput(outputTarget(path))) {
    throw new TandemError('ERR_TANDEM_OUTPUT_IS_INPUT', { path: shownPath(path) });
  }
}

function chooses({ path, include, exclude, recursive }: IncludeEntry, file: string): boolean {
  const root = rootPrefix(path);
  if (!file.startsWith(root)) return false;
  const below = shownText(file.slice(root.length));
  const name = below.slice(below.lastIndexOf('/') + 1);
  const folder = below.slice(0, below.length - name.length);
  if (!recursive && folder !== '') return false;
  const fits = (globs: readonly string[]): boolean => globsOf(globs).some((glob) => glob(folder, name));
  return fits(include) && !fits(exclude);
}
