import { closeSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { type ErrorCode, TandemError } from '@tandem/engine';
import { shownText } from '../rows/path-text.ts';
import { errnoOf } from '../walk/entry-kind.ts';
import { folderOf, toFsPath } from '../walk/raw-path.ts';
import { removeQuietly } from './atomic-write.ts';
import { FILE_STEPS, type FileSteps } from './file-steps.ts';
import { NO_LINKS } from './place-file.ts';
import { isRunAlive, newRun, parseRun, type Run, SCRATCH, scratchName } from './run-id.ts';
import { writeErrorCode } from './system-error.ts';

/** A lock that this process holds. */
export interface Lock {
  readonly run: Run;
  /** Lets go of it. Once is enough, more does no harm; what somebody else put in its place stays. */
  release(): void;
}

/** The line in a lock file: spec/sidecar/convert.md, "Lock and journal". */
interface LockLine {
  readonly tandem: 'lock';
  readonly version: 1;
  /** As the system spells it. */
  readonly host: string;
  readonly pid: number;
  readonly started: number;
  readonly operation: string;
  readonly run: string;
}

/** What stands at a lock's place. `line` is null for what is no lock of ours, or not written to its end. */
interface Found {
  readonly text: string;
  readonly line: LockLine | null;
  readonly modifiedMs: number;
}

const GUARD = `${SCRATCH}lock-`;
/** Stands for the run of a lock that was never written to its end. */
const UNWRITTEN = 'unwritten';
/** The scratch file that becomes the lock; files of the run's own work are numbered from 1. */
const SCRATCH_NUMBER = 0;
/** Where there are no links a lock is there before its line is; a writer that has not got further by then is gone. */
const UNWRITTEN_MS = 60_000;
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
  return take(path, run, `${JSON.stringify(lineOf(run, operation))}\n`, steps);
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
function bury(path: string, dead: Found, run: Run, steps: FileSteps): boolean {
  const id = dead.line === null ? UNWRITTEN : dead.line.run;
  let guard: Lock;
  try {
    guard = take(folderOf(path) + guardName(id), run, `${JSON.stringify(lineOf(run, 'lock'))}\n`, steps);
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

function isHeld({ line, text, modifiedMs }: Found): boolean {
  if (line === null) return text.includes('\n') || Date.now() - modifiedMs < UNWRITTEN_MS;
  const run = parseRun(line.run);
  return run === null || isRunAlive(run);
}

function lockAt(path: string): Found | null {
  try {
    const text = readFileSync(toFsPath(path), 'utf8');
    return { text, line: parseLine(text), modifiedMs: statSync(toFsPath(path)).mtimeMs };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw folderError(error, path);
  }
}

function lineOf({ pid, started, id }: Run, operation: string): LockLine {
  return { tandem: 'lock', version: 1, host: hostname(), pid, started, operation, run: id };
}

function parseLine(text: string): LockLine | null {
  try {
    const line = JSON.parse(text) as Partial<LockLine> | null;
    const isRight = line?.tandem === 'lock' && line.version === 1 && parseRun(line.run ?? '') !== null;
    return isRight ? (line as LockLine) : null;
  } catch {
    return null;
  }
}

function lockedError(path: string, found: Found | null): TandemError {
  const { pid = '?', host = '?' } = found?.line ?? {};
  const since = new Date(found?.modifiedMs ?? Date.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const lock = shownText(path);
  return new TandemError('ERR_TANDEM_LOCKED', { path: lock, params: { pid, host, since, lock } });
}

const FOLDER_CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'ERR_TANDEM_INPUT_MISSING',
  ENOTDIR: 'ERR_TANDEM_INPUT_NOT_A_FOLDER',
};

/** An error of the folder that a lock stands in: it ends the run. */
function folderError(error: unknown, path: string): unknown {
  const code = writeErrorCode(error);
  if (code === null) return error;
  const folder = shownText(folderOf(path).replace(/(.)\/+$/, '$1'));
  const named =
    code === 'ERR_TANDEM_NO_SPACE' ? code : (FOLDER_CODES[errnoOf(error)] ?? 'ERR_TANDEM_OUTPUT_UNWRITABLE');
  return new TandemError(named, { path: folder, cause: error });
}
