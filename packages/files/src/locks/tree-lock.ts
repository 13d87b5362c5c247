import type { FileSteps } from '../file-steps.ts';
import { newRun, type Run, TREE_LOCK } from '../run-id.ts';
import { refuseHeld, treeLocksAbove } from './document-lock.ts';
import { FolderLocks } from './folder-locks.ts';
import { acquireLock, judgeOf, type Lock } from './lock.ts';
import type { LockPurpose } from './lock-file.ts';

/**
 * Takes the lock of a whole tree. It is refused if another run holds a tree that contains this one; a run
 * that begins above later finds this lock when it reaches this folder (folder-locks.ts).
 * @param root raw path with a trailing slash
 * @throws {TandemError} what acquireLock throws
 */
export function lockTree(root: string, purpose: LockPurpose, steps: FileSteps, run: Run = newRun()): Lock {
  const path = root + TREE_LOCK;
  const lock = acquireLock(path, purpose, steps, run);
  try {
    const [, ...above] = treeLocksAbove(root);
    refuseHeld(above, judgeOf(path, newRun(), steps));
  } catch (error) {
    lock.release();
    throw error;
  }
  return lock;
}

/** A tree whose lock a run holds, and the folders in it in which the run changes something. */
export interface LockedTree {
  /** Their steps are those of the run: once a lock is lost, none is carried out. */
  readonly folders: FolderLocks;
  /** Releases all locks. Further calls do nothing. */
  release(): void;
}

/** Like lockTree, for a run that takes the locks of folders as it reaches them. */
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
