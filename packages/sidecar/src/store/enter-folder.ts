import { readdirSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import {
  type FileSteps,
  type FolderLocks,
  judgeOf,
  newRun,
  outwaitSave,
  SCRATCH,
  sweepDead,
  toFsPath,
} from '@tandem/files';
import { lockedFault, type StepFault, stepFault } from './step-fault.ts';

/**
 * Takes the lock of a folder that files are moved out of or into; returns the fault if the lock cannot be
 * taken.
 */
export function enterFolder(locks: FolderLocks, folder: string): StepFault | null {
  if (locks.has(folder)) return null;
  try {
    const locked = locks.enter(folder);
    if (locked !== null) return lockedFault(locked);
    sweepDead(folder, locks.steps);
    return null;
  } catch (error) {
    if (!(error instanceof TandemError) || error.code === 'ERR_TANDEM_LOCK_LOST') throw error;
    return stepFault(error.cause);
  }
}

/** Removes what a killed run left in a folder in which there may be nothing else to do. */
export function tidyFolder(locks: FolderLocks, folder: string): void {
  if (locks.has(folder) || !hasScratch(folder)) return;
  if (locks.tryToEnter(folder)) sweepDead(folder, locks.steps);
}

function hasScratch(folder: string): boolean {
  try {
    return readdirSync(toFsPath(folder), 'latin1').some((name) => name.startsWith(SCRATCH));
  } catch {
    // The folder is gone, or this process may not read it.
    return false;
  }
}

/** The fault if a save does not release a sidecar in time. */
export function savedFault(sidecar: string, steps: FileSteps): StepFault | null {
  const locked = outwaitSave(sidecar, judgeOf(sidecar, newRun(), steps));
  return locked === null ? null : lockedFault(locked);
}
