import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { newRun, toFsPath, writeAtomically } from '@tandem/files';
import { makeFoldersAbove } from '../output/make-folders.ts';
import type { Phase } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import { type BuildOptions, type BuildRequest, type BuildResult, prepareBuild } from './build.ts';
import { orderSelected } from './order.ts';

/** One of the three files of a split build. */
export interface SplitPart extends Pick<BuildResult, 'files' | 'bytes' | 'findings'> {
  readonly phase: Phase;
  /** As it is shown. */
  readonly output: string;
}

const PHASES: readonly Phase[] = ['superuser_pre', 'app', 'superuser_post'];

/**
 * Builds `schema_ENV_superuser_pre.sql`, `_app.sql` and `_superuser_post.sql` as confiture's build_split does: the files of each phase in
 * the order of the build; a superuser phase without files is an empty file. All three are right before the first takes its place.
 * @param folder raw path
 */
export async function buildSplit(
  request: Omit<BuildRequest, 'output'>,
  folder: string,
  options: BuildOptions = {},
): Promise<SplitPart[]> {
  const placeOf = (phase: Phase): string => join(folder, `schema_${request.env}_${phase}.sql`);
  const ordered = await orderSelected(request.files, options);
  const prepared: { phase: Phase; finish(): SplitPart; discard(): void }[] = [];
  try {
    for (const phase of PHASES) {
      const files = ordered.filter((file) => file.phase === phase);
      const output = placeOf(phase);
      if (files.length === 0 && phase !== 'app') {
        prepared.push({ phase, finish: () => emptyPart(phase, output), discard: () => undefined });
        continue;
      }
      const build = await prepareBuild({ ...request, files, output, isOrdered: true }, options);
      const finish = (): SplitPart => {
        const { files: count, bytes, findings } = build.finish();
        return { phase, output: shownPath(output), files: count, bytes, findings };
      };
      prepared.push({ phase, finish, discard: () => build.discard() });
    }
    return prepared.map((part) => part.finish());
  } finally {
    for (const part of prepared) part.discard();
  }
}

function emptyPart(phase: Phase, output: string): SplitPart {
  makeFoldersAbove(output);
  // What is empty already is left untouched.
  if (lstatSync(toFsPath(output), { throwIfNoEntry: false })?.size !== 0)
    writeAtomically(output, Buffer.alloc(0), { run: newRun().id });
  return { phase, output: shownPath(output), files: 0, bytes: 0, findings: [] };
}
