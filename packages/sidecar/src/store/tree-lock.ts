import { FILE_STEPS, type FileSteps, newRun, type Run, TREE_LOCK } from '@tandem/files';
import { FolderLocks } from './folder-locks.ts';
import { acquireLock, clockOf, type Lock } from './lock.ts';
import type { LockPurpose } from './lock-file.ts';
import { refuseHeld, treeLocksAbove } from './sidecar-lock.ts';

/**
 * Takes the lock of a whole tree. It is refused where somebody has a tree that this one is in; who begins above later finds this one
 * when it comes here (folder-locks.ts).
 * @param root raw path with a slash at its end
 * @throws {TandemError} what acquireLock throws
 */
export function lockTree(
  root: string,
  purpose: LockPurpose,
  steps: FileSteps = FILE_STEPS,
  run: Run = newRun(),
): Lock {
  const path = root + TREE_LOCK;
  const lock = acquireLock(path, purpose, steps, run);
  try {
    const [, ...above] = treeLocksAbove(root);
    refuseHeld(above, clockOf(path, newRun(), steps));
  } catch (error) {
    lock.release();
    throw error;
  }
  return lock;
}

/** A tree that a run has, and the folders in it that it changes something in. */
export interface LockedTree {
  /** Their steps are those of the run: none is made once a lock was lost. */
  readonly folders: FolderLocks;
  /** Lets go of all of it. Once is enough, more does no harm. */
  release(): void;
}

/** As lockTree, for a run that takes the locks of folders as it comes to them. */
export function lockTreeAndFolders(root: string, operation: string, steps: FileSteps): LockedTree {
  const lock = lockTree(root, { operation }, steps);
  const guarded = steps.guardedBy(() => lock.hold());
  const folders = new FolderLocks({ root, run: lock.run, operation, steps: guarded });
  return {
    folders,
    release() {
      folders.end(false);
      lock.release();
    },
  };
}
