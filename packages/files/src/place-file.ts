import { closeSync } from 'node:fs';
import { removeQuietly } from './atomic-file.ts';
import { claimText } from './claim.ts';
import { errnoOf } from './entry-kind.ts';
import type { FileSteps, RenameNew } from './file-steps.ts';

/**
 * The error codes of a system without hard links (FAT, some network shares), or that allows no more of them
 * for this file.
 */
export const NO_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EINVAL',
  'EMLINK',
]);

/**
 * Gives a staged file its name if the name is free; returns false if it is taken. With links, or with the
 * addon's call, this is one atomic step. Without them, the name is first claimed by a file that identifies
 * itself as a claim, and then the staged file replaces the claim. Afterwards the staged name is gone. Throws
 * what the system throws.
 * @param rename the addon's call
 */
export function placeFile(
  staged: string,
  target: string,
  run: string,
  steps: FileSteps,
  rename: RenameNew | null = null,
): boolean {
  const isRenamed = rename && steps.renameNew(staged, target, rename);
  if (isRenamed !== null) return isRenamed;
  try {
    steps.link(staged, target);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') return false;
    if (!NO_LINKS.has(errno)) throw error;
    return placeByClaim(staged, target, run, steps);
  }
  removeQuietly(staged, steps);
  return true;
}

function placeByClaim(staged: string, target: string, run: string, steps: FileSteps): boolean {
  let fd: number;
  try {
    fd = steps.create(target);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    steps.write(fd, target, Buffer.from(claimText(run)));
  } catch (error) {
    removeQuietly(target, steps);
    throw error;
  } finally {
    closeSync(fd);
  }
  try {
    steps.rename(staged, target);
  } catch (error) {
    removeQuietly(target, steps);
    throw error;
  }
  return true;
}
