import { lstatSync, readdirSync } from 'node:fs';
import { removeQuietly } from './atomic-file.ts';
import { FILE_STEPS, type FileSteps } from './file-steps.ts';
import { toFsPath } from './raw-path.ts';
import { lifeOf, ONLY_SCRATCH, runOfScratch, SCRATCH } from './run-id.ts';

const ONLY = `-${ONLY_SCRATCH}`;
/** No run takes that long between two changes of one scratch file. */
const FORGOTTEN_MS = 3_600_000;

/**
 * Removes from a folder the scratch files (number ONLY_SCRATCH) of atomic writes whose process is gone; if
 * the state of the process is unknown, those that have not changed for an hour. A folder that cannot be read
 * and a file that cannot be removed stay as they are.
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
    if (name.startsWith(SCRATCH) && name.endsWith(ONLY) && isLeftOver(folder, name))
      removeQuietly(folder + name, steps);
  }
}

function isLeftOver(folder: string, name: string): boolean {
  const run = runOfScratch(name);
  if (run === null) return false;
  const life = lifeOf(run);
  return life === 'dead' || (life === 'unknown' && isForgotten(folder + name));
}

/** By the time of its last change of any kind: a staged file may have the times of another. */
export function isForgotten(path: string): boolean {
  const facts = lstatSync(toFsPath(path), { throwIfNoEntry: false });
  return facts !== undefined && Date.now() - facts.ctimeMs > FORGOTTEN_MS;
}
