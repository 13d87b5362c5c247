import { readdirSync } from 'node:fs';
import { removeQuietly } from './atomic-file.ts';
import { FILE_STEPS, type FileSteps } from './file-steps.ts';
import { toFsPath } from './raw-path.ts';
import { isRunAlive, ONLY_SCRATCH, runOfScratch, SCRATCH } from './run-id.ts';

const ONLY = `-${ONLY_SCRATCH}`;

/**
 * Removes from a folder the scratch files of atomic writes whose process is gone, those with the number ONLY_SCRATCH. A folder that cannot be read, and a file that cannot be
 * removed, is left as it is: this is tidying up.
 * @param folder raw, with a slash at its end; '' for the working folder
 */
export function sweepScratch(folder: string, steps: FileSteps = FILE_STEPS): void {
  let names: string[];
  try {
    names = readdirSync(toFsPath(folder === '' ? '.' : folder), 'latin1');
  } catch {
    return;
  }
  for (const name of names) {
    if (!name.startsWith(SCRATCH) || !name.endsWith(ONLY)) continue;
    const run = runOfScratch(name);
    if (run !== null && !isRunAlive(run)) removeQuietly(folder + name, steps);
  }
}
