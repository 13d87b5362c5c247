import { closeSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import {
  errnoOf,
  FILE_STEPS,
  type FileSteps,
  folderOf,
  newRun,
  parseRun,
  type Run,
  removeQuietly,
  SCRATCH,
  scratchName,
} from '@tandem/files';
import { type FoundLock, folderError, isHeld, lockAt, lockedError, lockText } from './lock-file.ts';
import { NO_LINKS } from './place-file.ts';

/** A lock that this process holds. */
export interface Lock {
  readonly run: Run;
  /** Lets go of it. Once is enough, more does no harm; what somebody else put in its place stays. */
  release(): void;
}

const GUARD = `${SCRATCH}lock-`;
/** Stands for the run of a lock that was never written to its end. */
const UNWRITTEN = 'unwritten';
/** The scratch file that becomes the lock; files of the run's own work are numbered from 1. */
const SCRATCH_NUMBER = 0;
/** Somebody else who takes over the same dead lock is done within this. */
const MOST_TRIES = 200;
const PAUSE_MS = 5;

/**
 * Takes the lock at `path`, or says who has it. A lock of this host whose process is gone is taken over. Only one of many
 * takers wins: a dead lock is removed by nobody but the holder of a second lock, `.tandem-lock-<run of the dead one>`, who has
 * read it again under it. A run's id is never used twice, so what lies there cannot become another's between the two.
 * @param path raw, such as `<root>/.tandem-lock`
 * @param operation for whoever finds the lock, such as `convert`
 * @param run a new one of this process; never one that has had a lock before
 * @throws {TandemError} ERR_TANDEM_LOCKED; ERR_TANDEM_INPUT_MISSING, _INPUT_NOT_A_FOLDER, _OUTPUT_UNWRITABLE, _NO_SPACE of its folder
 */
export function acquireLock(
  path: string,
  operation: string,
  steps: FileSteps = FILE_STEPS,
  run: Run = newRun(),
): Lock {
  return take(path, run, lockText(run, operation), steps);
}

function take(path: string, run: Run, text: string, steps: FileSteps): Lock {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const found = lockAt(path);
    if (found === null) {
      if (place(path, run, text, steps)) return heldLock(path, run, text, steps);
      continue;
    }
    if (isHeld(found)) throw lockedError(path, found);
    if (!bury(path, found, run, steps))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
  }
  throw lockedError(path, lockAt(path));
}

/** Puts the lock there with all it says, if nothing is there. */
function place(path: string, run: Run, text: string, steps: FileSteps): boolean {
  const scratch = folderOf(path) + scratchName(run.id, SCRATCH_NUMBER);
  try {
    write(scratch, text, steps);
    try {
      steps.link(scratch, path);
    } catch (error) {
      if (!NO_LINKS.has(errnoOf(error))) throw error;
      write(path, text, steps);
    } finally {
      removeQuietly(scratch, steps);
    }
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw folderError(error, path);
  }
}

function write(path: string, text: string, steps: FileSteps): void {
  const fd = steps.create(path);
  try {
    steps.write(fd, path, Buffer.from(text));
  } catch (error) {
    removeQuietly(path, steps);
    throw error;
  } finally {
    closeSync(fd);
  }
}

/** The raw name of the lock under which a dead lock is removed. */
function guardName(id: string): string {
  return `${GUARD}${id}`;
}

/** Whether this is the name of such a lock. A taker that was killed may leave one; under the lock it guarded it has no meaning any more. */
export function isGuardName(name: string): boolean {
  const id = name.startsWith(GUARD) ? name.slice(GUARD.length) : '';
  return id === UNWRITTEN || parseRun(id) !== null;
}

/** Removes a dead lock; false where somebody else is about to. */
function bury(path: string, dead: FoundLock, run: Run, steps: FileSteps): boolean {
  const id = dead.line === null ? UNWRITTEN : dead.line.run;
  let guard: Lock;
  try {
    guard = take(folderOf(path) + guardName(id), run, lockText(run, 'lock'), steps);
  } catch (error) {
    if (error instanceof TandemError && error.code === 'ERR_TANDEM_LOCKED') return false;
    throw error;
  }
  try {
    const again = lockAt(path);
    if (again !== null && again.text === dead.text && !isHeld(again)) steps.unlink(path);
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw folderError(error, path);
  } finally {
    guard.release();
  }
  return true;
}

function heldLock(path: string, run: Run, text: string, steps: FileSteps): Lock {
  let held = true;
  return {
    run,
    release() {
      if (!held) return;
      held = false;
      // Somebody may have removed it by hand, as the hint says, and another run may be at work under it.
      if (lockAt(path)?.text === text) removeQuietly(path, steps);
    },
  };
}

/** Whether a lock, or the guard of one, belongs to a process that may be at work. */
export function isDeadLock(path: string): boolean {
  const found = lockAt(path);
  return found !== null && !isHeld(found);
}
