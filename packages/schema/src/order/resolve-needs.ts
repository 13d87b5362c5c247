import { posix } from 'node:path';
import { nearest, TandemError } from '@tandem/engine';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import type { Need, ResolvedNeed } from './need.ts';

/**
 * Finds the files that needs name: a file by its label, with or without .sql, or by a path that begins with a
 * dot and is relative to its own folder; or a folder, which stands for every file below it.
 * @throws {TandemError} ERR_TANDEM_REQUIRES_MISSING with the nearest name, at the line of the need
 */
export function resolveNeeds(files: readonly SelectedFile[], needs: readonly Need[]): ResolvedNeed[] {
  const byLabel = new Map(files.map(({ label }, index) => [label, index]));
  return needs.flatMap((need) => {
    const { file, line } = need;
    const path = wholePath(need.target, (files[file] as SelectedFile).label);
    const target = byLabel.get(path) ?? byLabel.get(`${path}.sql`);
    if (target !== undefined) return [{ file, line, target }];
    const below = `${path.replace(/\/$/, '')}/`;
    const within = files.flatMap(({ label }, index) =>
      label.startsWith(below) && index !== file ? [{ file, line, target: index }] : [],
    );
    if (within.length > 0) return within;
    throw missing(files, need, path);
  });
}

function wholePath(target: string, from: string): string {
  const isOwn = target.startsWith('./') || target.startsWith('../');
  return posix.normalize(isOwn ? posix.join(posix.dirname(from), target) : target);
}

function missing(files: readonly SelectedFile[], { file, line, target }: Need, path: string): TandemError {
  const labels = files.map(({ label }) => label);
  const names = new Map(labels.map((label) => [posix.basename(label), label]));
  const meant = nearest(path, labels) ?? names.get(nearest(posix.basename(path), [...names.keys()]) ?? '');
  return new TandemError('ERR_TANDEM_REQUIRES_MISSING', {
    path: shownPath((files[file] as SelectedFile).path),
    line,
    column: 1,
    params: {
      target,
      cure:
        meant === undefined ? 'tandem schema list names all files of the build' : `did you mean ${meant}?`,
    },
  });
}
