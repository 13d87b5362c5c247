import { closeSync, fstatSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import { removeQuietly } from '../atomic-file.ts';
import { errnoOf } from '../entry-kind.ts';
import type { FileSteps } from '../file-steps.ts';
import { pause } from '../pause.ts';
import { NO_LINKS } from '../place-file.ts';
import { folderOf } from '../raw-path.ts';
import { newRun, parseRun, type Run, SCRATCH, scratchName } from '../run-id.ts';
import { writeErrorCode } from '../system-error.ts';
import { Lease } from './lease.ts';
import {
  type FoundLock,
  folderError,
  isHeld,
  type LockJudge,
  type LockPurpose,
  lockAt,
  lockedError,
  lockText,
} from './lock-file.ts';
import { renewFile } from './renew-file.ts';

/** A lock that this process holds. */
export interface Lock {
  readonly run: Run;
  /** Checked before each change made under the lock. Throws ERR_TANDEM_LOCK_LOST. */
  hold(): void;
  /**
   * Releases the lock. Further calls do nothing; a lock that another run put in its place stays.
   * @param isFinished whether the work that an interrupted convert left under this lock is done
   */
  release(isFinished?: boolean): void;
}

/** A lock as it was taken, for the code that renews and releases it. */
export interface TakenLock {
  readonly text: string;
  /** The text of the lock that was taken over, if it was that of an interrupted convert. */
  readonly leftover: string | null;
  /** Open as long as its advisory lock is held; -1 if there is none. */
  readonly fd: number;
}

const GUARD = `${SCRATCH}lock-`;
/** Replaces the run in the name of the guard of a lock that was never completely written. */
const UNWRITTEN = 'unwritten';
/** The scratch file that becomes the lock; files of the run's own work are numbered from 1. */
const SCRATCH_NUMBER = 0;
/** Another run that takes over the same dead lock is done within this many tries. */
const MOST_TRIES = 200;
const PAUSE_MS = 5;

/**
 * Takes the lock at `path`, or throws an error that names its holder. A lock that no run holds any longer is
 * taken over. Of several takers only one wins: a dead lock is replaced only by the holder of a second lock,
 * `.tandem-lock-<run of the dead one>`, which has read the dead lock again under it. The id of a run is never
 * used twice, so the dead lock cannot become another run's between the two.
 * @param path raw, such as `<root>/.tandem-lock`
 * @param purpose shown to a run that finds the lock, such as `convert`
 * @param run a new one of this process; never one that has had a lock before
 * @throws {TandemError} ERR_TANDEM_LOCKED; ERR_TANDEM_INPUT_MISSING, _INPUT_NOT_A_FOLDER, _OUTPUT_UNWRITABLE,
 * _NO_SPACE of its folder
 */
export function acquireLock(
  path: string,
  purpose: string | LockPurpose,
  steps: FileSteps,
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

/** Like acquireLock, for a caller that renews and removes the lock itself. */
export function takeLock(path: string, run: Run, purpose: LockPurpose, steps: FileSteps): TakenLock {
  const judge = judgeOf(path, run, steps);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const found = lockAt(path);
    // An engine of the same run that failed may have left it.
    if (found?.line?.run === run.id) return { text: found.text, leftover: null, fd: -1 };
    if (found !== null && isHeld(path, found, judge)) throw lockedError(path, found);
    const taken =
      found === null ? place(path, run, purpose, steps) : takeOver(path, found, run, purpose, steps);
    if (taken !== null) return taken;
    if (found !== null) pause(PAUSE_MS);
  }
  throw lockedError(path, lockAt(path));
}

/** Creates the complete lock if the path is free; null if it is taken. */
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

/**
 * The lock under a scratch name. The advisory lock is taken first, so that no run sees a line that claims an
 * advisory lock that does not exist yet.
 */
function stage(path: string, run: Run, purpose: LockPurpose, steps: FileSteps): StagedLock {
  const scratch = folderOf(path) + scratchName(run.id, SCRATCH_NUMBER);
  const fd = steps.create(scratch);
  let kept = false;
  try {
    const advisory = purpose.advisory === true && steps.advisoryLock(fd) === true;
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

/** For systems without links: the lock exists for a moment before it names its holder. */
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

/** Creates a file with this text; on an error, none is left. */
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

/** The operation in the line of the lock under which a dead lock is replaced. */
const GUARDING = 'lock';

/** The raw name of that lock. */
function guardName(id: string): string {
  return `${GUARD}${id}`;
}

/**
 * Whether this is the name of such a lock. A taker that was killed may leave one; under the lock it guarded,
 * it has no meaning any longer.
 */
export function isGuardName(name: string): boolean {
  const id = name.startsWith(GUARD) ? name.slice(GUARD.length) : '';
  return id === UNWRITTEN || parseRun(id) !== null;
}

/**
 * Replaces a dead lock by that of this run, in one step; null if another run is about to, or if the lock is
 * no longer dead.
 */
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
    if (again === null || again.text !== dead.text || isHeld(path, again, judgeOf(path, run, steps)))
      return null;
    // The work that an interrupted convert left must not be forgotten.
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
 * Releases a lock, if it is still the one that was taken; false if the system refuses, and then the lock
 * stays until this process is gone. Work that an interrupted convert left under it and this run has not
 * finished is recorded again, in the words of the dead run.
 */
export function releaseLock(
  path: string,
  { text, leftover, fd }: TakenLock,
  isFinished: boolean,
  run: Run,
  steps: FileSteps,
): boolean {
  try {
    // Someone may have removed it by hand, and another run may be at work under it.
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

/** What decides about the locks beside `path`. */
export function judgeOf(path: string, run: Run, steps: FileSteps): LockJudge {
  const scratch = folderOf(path) + scratchName(run.id, SCRATCH_NUMBER);
  return { now: () => timeAt(scratch, steps), advisoryLock: steps.advisoryLock };
}

/**
 * The time on the file system of a scratch file, which is created for that purpose. If it cannot be created,
 * the time is minus infinity: then no lease has expired.
 */
function timeAt(scratch: string, steps: FileSteps): number {
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
}

/** Whether a lock, or the guard of one, no longer has a holder. */
export function isDeadLock(path: string, judge: LockJudge): boolean {
  const found = lockAt(path);
  return found !== null && !isHeld(path, found, judge);
}
