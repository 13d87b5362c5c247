import { closeSync, fstatSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import {
  errnoOf,
  FILE_STEPS,
  type FileSteps,
  folderOf,
  newRun,
  parseRun,
  pause,
  type Run,
  removeQuietly,
  renewFile,
  SCRATCH,
  scratchName,
  writeErrorCode,
} from '@tandem/files';
import { takeAdvisoryLock } from '@tandem/job';
import { Lease } from './lease.ts';
import {
  type Clock,
  type FoundLock,
  folderError,
  isHeld,
  type LockPurpose,
  lockAt,
  lockedError,
  lockText,
} from './lock-file.ts';
import { NO_LINKS } from './place-file.ts';

/** A lock that this process holds. */
export interface Lock {
  readonly run: Run;
  /** Looked at before each change that is made under it. Throws ERR_TANDEM_LOCK_LOST. */
  hold(): void;
  /**
   * Lets go of it. Once is enough, more does no harm; what somebody else put in its place stays.
   * @param isFinished whether what an interrupted convert left under this lock is done
   */
  release(isFinished?: boolean): void;
}

/** A lock as it was taken, for whoever renews it and lets go of it. */
export interface TakenLock {
  readonly text: string;
  /** The text of the lock that was taken over, where that was an interrupted convert's. */
  readonly leftover: string | null;
  /** Open as long as its advisory lock is to be held; -1 where there is none. */
  readonly fd: number;
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
 * Takes the lock at `path`, or says who has it. A lock that nobody holds any more is taken over. Only one of many takers wins: a dead
 * lock is replaced by nobody but the holder of a second lock, `.tandem-lock-<run of the dead one>`, who has read it again under it. A
 * run's id is never used twice, so what lies there cannot become another's between the two.
 * @param path raw, such as `<root>/.tandem-lock`
 * @param purpose for whoever finds the lock, such as `convert`
 * @param run a new one of this process; never one that has had a lock before
 * @throws {TandemError} ERR_TANDEM_LOCKED; ERR_TANDEM_INPUT_MISSING, _INPUT_NOT_A_FOLDER, _OUTPUT_UNWRITABLE, _NO_SPACE of its folder
 */
export function acquireLock(
  path: string,
  purpose: string | LockPurpose,
  steps: FileSteps = FILE_STEPS,
  run: Run = newRun(),
): Lock {
  const wanted = typeof purpose === 'string' ? { operation: purpose } : purpose;
  const taken = takeLock(path, run, { ...wanted, advisory: true }, steps);
  const lease = new Lease(path, () => renewFile(path, taken.text));
  let held = true;
  return {
    run,
    hold: () => lease.hold(),
    release(isFinished = false) {
      if (!held) return;
      held = false;
      lease.end();
      releaseLock(path, taken, isFinished, run, steps);
    },
  };
}

/** As acquireLock, for who renews and removes it himself. */
export function takeLock(path: string, run: Run, purpose: LockPurpose, steps: FileSteps): TakenLock {
  const clock = clockOf(path, run, steps);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const found = lockAt(path);
    // An engine of the same run that failed may have left it.
    if (found?.line?.run === run.id) return { text: found.text, leftover: null, fd: -1 };
    if (found !== null && isHeld(path, found, clock)) throw lockedError(path, found);
    const taken =
      found === null ? place(path, run, purpose, steps) : takeOver(path, found, run, purpose, steps);
    if (taken !== null) return taken;
    if (found !== null) pause(PAUSE_MS);
  }
  throw lockedError(path, lockAt(path));
}

/** Puts the lock there with all it says, if nothing is there; null where something is. */
function place(path: string, run: Run, purpose: LockPurpose, steps: FileSteps): TakenLock | null {
  let staged: StagedLock | null = null;
  let placed = false;
  try {
    staged = stage(path, run, purpose, steps);
    steps.link(staged.path, path);
    placed = true;
    return staged;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') return null;
    if (staged === null || !NO_LINKS.has(errno)) throw folderError(error, path);
    return writeInPlace(path, run, purpose, steps);
  } finally {
    if (staged !== null) removeQuietly(staged.path, steps);
    if (staged !== null && !placed) closeLock(staged);
  }
}

interface StagedLock extends TakenLock {
  readonly path: string;
}

/** The lock under a scratch name. The advisory lock comes first, so that nobody sees a line that claims one that is not there yet. */
function stage(path: string, run: Run, purpose: LockPurpose, steps: FileSteps): StagedLock {
  const scratch = folderOf(path) + scratchName(run.id, SCRATCH_NUMBER);
  const fd = steps.create(scratch);
  let kept = false;
  try {
    const advisory = purpose.advisory === true && takeAdvisoryLock(fd) === true;
    const text = lockText(run, { ...purpose, advisory });
    steps.write(fd, scratch, Buffer.from(text));
    kept = advisory;
    return { path: scratch, text, leftover: null, fd: advisory ? fd : -1 };
  } catch (error) {
    removeQuietly(scratch, steps);
    throw error;
  } finally {
    if (!kept) closeSync(fd);
  }
}

/** Where there are no links: the lock is there for a moment before it says whose it is. */
function writeInPlace(path: string, run: Run, purpose: LockPurpose, steps: FileSteps): TakenLock | null {
  const text = lockText(run, { ...purpose, advisory: false });
  try {
    writeScratch(path, text, steps);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return null;
    throw folderError(error, path);
  }
  return { text, leftover: null, fd: -1 };
}

/** A new file of this text, or none. */
function writeScratch(path: string, text: string, steps: FileSteps): void {
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

function closeLock({ fd }: TakenLock): void {
  if (fd >= 0) closeSync(fd);
}

/** What the lock under which a dead lock is replaced says. */
const GUARDING = 'lock';

/** The raw name of that lock. */
function guardName(id: string): string {
  return `${GUARD}${id}`;
}

/** Whether this is the name of such a lock. A taker that was killed may leave one; under the lock it guarded it has no meaning any more. */
export function isGuardName(name: string): boolean {
  const id = name.startsWith(GUARD) ? name.slice(GUARD.length) : '';
  return id === UNWRITTEN || parseRun(id) !== null;
}

/** Puts ours in the place of a dead lock, in one step; null where somebody else is about to, or it is none any more. */
function takeOver(
  path: string,
  dead: FoundLock,
  run: Run,
  purpose: LockPurpose,
  steps: FileSteps,
): TakenLock | null {
  const guard = folderOf(path) + guardName(dead.line === null ? UNWRITTEN : dead.line.run);
  let guarding: TakenLock;
  try {
    guarding = takeLock(guard, run, { operation: GUARDING }, steps);
  } catch (error) {
    if (error instanceof TandemError && error.code === 'ERR_TANDEM_LOCKED') return null;
    throw error;
  }
  try {
    const again = lockAt(path);
    if (again === null || again.text !== dead.text || isHeld(path, again, clockOf(path, run, steps)))
      return null;
    // What an interrupted convert left to be done is not forgotten.
    const left = dead.line?.unfinished ?? null;
    const staged = replace(path, run, { ...purpose, unfinished: purpose.unfinished ?? left }, steps);
    return left === null ? staged : { ...staged, leftover: dead.text };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw folderError(error, path);
  } finally {
    if (lockAt(guard)?.text === guarding.text) removeQuietly(guard, steps);
  }
}

function replace(path: string, run: Run, purpose: LockPurpose, steps: FileSteps): TakenLock {
  const staged = stage(path, run, purpose, steps);
  try {
    steps.rename(staged.path, path);
    return staged;
  } catch (error) {
    closeLock(staged);
    removeQuietly(staged.path, steps);
    throw error;
  }
}

/**
 * Lets go of a lock, if it still is what was taken; false where the system refuses, and then it stays until this process is gone. What an interrupted convert left under it and this run has not finished is written
 * down again, in the words of the run that is no more.
 */
export function releaseLock(
  path: string,
  { text, leftover, fd }: TakenLock,
  isFinished: boolean,
  run: Run,
  steps: FileSteps,
): boolean {
  try {
    // Somebody may have removed it by hand, and another run may be at work under it.
    if (lockAt(path)?.text !== text) return true;
    if (leftover === null || isFinished) steps.unlink(path);
    else {
      const scratch = folderOf(path) + scratchName(run.id, SCRATCH_NUMBER);
      writeScratch(scratch, leftover, steps);
      steps.rename(scratch, path);
    }
    return true;
  } catch (error) {
    // The folder itself may be gone by now.
    if (error instanceof TandemError) return error.code !== 'ERR_TANDEM_OUTPUT_UNWRITABLE';
    const code = writeErrorCode(error);
    if (code === null) throw error;
    return code === 'ERR_TANDEM_NOT_FOUND';
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/**
 * What time the file system of a lock has, told by a file that is made there. Where none can be made it is before all times: nobody's
 * lease is over then.
 */
export function clockOf(path: string, run: Run, steps: FileSteps): Clock {
  return () => {
    const scratch = folderOf(path) + scratchName(run.id, SCRATCH_NUMBER);
    let fd = -1;
    try {
      fd = steps.create(scratch);
      return fstatSync(fd).mtimeMs;
    } catch (error) {
      if (writeErrorCode(error) === null) throw error;
      return Number.NEGATIVE_INFINITY;
    } finally {
      if (fd >= 0) {
        closeSync(fd);
        removeQuietly(scratch, steps);
      }
    }
  };
}

/** Whether a lock, or the guard of one, belongs to nobody any more. */
export function isDeadLock(path: string, clock: Clock): boolean {
  const found = lockAt(path);
  return found !== null && !isHeld(path, found, clock);
}
