import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { TandemError } from '@tandem/engine';
import { folderOf, toFsPath } from '../walk/raw-path.ts';
import { removeQuietly } from './atomic-write.ts';
import type { FileSteps } from './file-steps.ts';
import { acquireLock, isDeadLock, type Lock } from './lock.ts';
import { isRunAlive, runOfScratch, SCRATCH } from './run-id.ts';

const LOCK = `${SCRATCH}lock-`;
/**
 * The number of the one scratch file that a save makes, after its lock has done with it. Files of other numbers are another operation's,
 * which knows better what they are for.
 */
export const SAVE_SCRATCH = 0;
const OWN_SCRATCH = `-${SAVE_SCRATCH}`;
/** Bytes that a name may have everywhere. */
const LONGEST_NAME = 255;
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 50;

/** How long to wait for others who are at work on the same file. */
export interface Patience {
  /** Milliseconds, by performance.now(). */
  readonly until: number;
  readonly signal?: AbortSignal | undefined;
}

/** The raw path of the lock of one sidecar (spec/sidecar/save.md): `.tandem-lock-<name>` beside it. */
export function sidecarLockPath(sidecar: string): string {
  const folder = folderOf(sidecar);
  const name = LOCK + sidecar.slice(folder.length);
  if (name.length <= LONGEST_NAME) return folder + name;
  return folder + LOCK + createHash('sha256').update(Buffer.from(name, 'latin1')).digest('hex');
}

/**
 * Takes the lock of one sidecar, and waits for it: many writers are normal.
 * @throws {TandemError} ERR_TANDEM_LOCKED when time is over; ERR_TANDEM_ABORTED; what acquireLock throws of the folder
 */
export async function lockSidecar(
  sidecar: string,
  { until, signal }: Patience,
  steps: FileSteps,
): Promise<Lock> {
  const path = sidecarLockPath(sidecar);
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    if (signal?.aborted) throw new TandemError('ERR_TANDEM_ABORTED', { cause: signal.reason });
    try {
      return acquireLock(path, 'save', steps);
    } catch (error) {
      const isLocked = error instanceof TandemError && error.code === 'ERR_TANDEM_LOCKED';
      if (!isLocked || performance.now() >= until) throw error;
    }
    // Not all at the same moment.
    await setTimeout(pause * (0.5 + Math.random()));
  }
}

/**
 * Removes what saves left in a folder whose processes are gone: scratch files, and locks, each by taking it over. What belongs to a whole
 * tree (its lock, its journal, its quarantine) is not touched.
 * @param folder raw, with a slash at its end; '' for the current folder
 */
export function sweepDead(folder: string, steps: FileSteps): void {
  for (const name of readdirSync(toFsPath(folder === '' ? '.' : folder), 'latin1')) {
    if (!name.startsWith(SCRATCH)) continue;
    const path = folder + name;
    const run = name.endsWith(OWN_SCRATCH) ? runOfScratch(name) : null;
    if (run !== null && !isRunAlive(run)) removeQuietly(path, steps);
    else if (name.startsWith(LOCK)) takeOverDead(path, steps);
  }
}

function takeOverDead(path: string, steps: FileSteps): void {
  try {
    if (isDeadLock(path)) acquireLock(path, 'save', steps).release();
  } catch (error) {
    // Somebody else was quicker, or may do here what we may not: it is only tidying up.
    if (!(error instanceof TandemError)) throw error;
  }
}
