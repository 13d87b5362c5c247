import { closeSync, fstatSync, lstatSync, readFileSync, type Stats } from 'node:fs';
import { hostname } from 'node:os';
import { type ErrorCode, LIMITS, TandemError } from '@tandem/engine';
import { errnoOf } from '../entry-kind.ts';
import { openToRead } from '../open-file.ts';
import { folderOf, toFsPath } from '../raw-path.ts';
import { lifeOf, parseRun, type Run } from '../run-id.ts';
import { runScope } from '../run-scope.ts';
import { shownText } from '../shown-text.ts';
import { writeErrorCode } from '../system-error.ts';
import { type AdvisoryLock, isHeldByOthers } from './advisory-lock.ts';

/** What a run records about itself in its locks: spec/locks.md. */
export interface LockLine {
  readonly tandem: 'lock';
  readonly version: 1;
  /** As the system spells it. */
  readonly host: string;
  /** The boot of the system and the namespaces of the process; '' if unknown. */
  readonly boot: string;
  readonly namespace: string;
  readonly pid: number;
  readonly started: number;
  readonly operation: string;
  readonly run: string;
  /** Whether the holder also has an advisory lock on the file. */
  readonly advisory: boolean;
  /** What a run that has not finished leaves in this folder: the format of a convert. */
  readonly unfinished: string | null;
}

/**
 * What was found at the path of a lock. `line` is null if it is not one of Tandem's locks, or is incomplete.
 */
export interface FoundLock {
  readonly text: string;
  readonly line: LockLine | null;
  readonly modifiedMs: number;
}

/** What decides whether a lock is held if the process of its holder cannot be examined. */
export interface LockJudge {
  /** The time on the file system of the lock, in milliseconds since 1970: the clocks of machines differ. */
  now(): number;
  readonly advisoryLock: AdvisoryLock;
}

/**
 * Without links, a lock exists before its line is written; a writer that has not written it by then is gone.
 */
const UNWRITTEN_MS = 60_000;

/** What the line of a lock contains besides its holder; `advisory` if an advisory lock is wanted. */
export type LockPurpose = Pick<LockLine, 'operation'> & Partial<Pick<LockLine, 'advisory' | 'unfinished'>>;

export function lockText(
  { pid, started, id }: Run,
  { operation, advisory = false, unfinished = null }: LockPurpose,
): string {
  const { boot, namespace } = runScope();
  const line: LockLine = {
    tandem: 'lock',
    version: 1,
    host: hostname(),
    boot,
    namespace,
    pid,
    started,
    operation,
    run: id,
    advisory,
    unfinished,
  };
  return `${JSON.stringify(line)}\n`;
}

/** Null if there is no such file. Throws what folderError() returns. */
export function lockAt(path: string): FoundLock | null {
  let fd = -1;
  try {
    fd = openToRead(path);
    return foundIn(fd);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw folderError(error, path);
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/** Whether it keeps other runs out. A file that is not one of Tandem's locks does: no run may remove it. */
export function isHeld(path: string, found: FoundLock, judge: LockJudge): boolean {
  return (found.line === null && found.text.includes('\n')) || isAtWork(path, found, judge);
}

/**
 * The holder of a lock that is only looked at; null if it is not held: spec/locks.md, "Saves". A file
 * that is not one of Tandem's locks delays no run here, because no run can have taken a lock of that name.
 */
export function holderOf(path: string, judge: LockJudge): FoundLock | null {
  const found = seenAt(path);
  return found !== null && isAtWork(path, found, judge) ? found : null;
}

/**
 * What a run that was interrupted left in the folder whose lock is at `path`; null if there is none, or if a
 * run is at work.
 */
export function unfinishedAt(path: string, judge: LockJudge): string | null {
  const found = seenAt(path);
  const unfinished = found?.line?.unfinished ?? null;
  return found !== null && unfinished !== null && !isAtWork(path, found, judge) ? unfinished : null;
}

/** Like lockAt, but a lock that cannot be read has an unknown holder. */
function seenAt(path: string): FoundLock | null {
  // There is nearly always no lock, and an error would take longer than everything else.
  const stats = lstatOf(path);
  if (!stats?.isFile()) return null;
  let fd = -1;
  try {
    fd = openToRead(path);
    return foundIn(fd);
  } catch (error) {
    // A lock that cannot be read cannot be shown to be dead.
    return errnoOf(error) === 'ENOENT' ? null : { text: '', line: null, modifiedMs: stats.mtimeMs };
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/** The parameters of the text of ERR_TANDEM_LOCKED. */
export function lockedParams(path: string, found: FoundLock | null): Record<string, string> {
  const { pid = '?', host = '?' } = found?.line ?? {};
  const since = new Date(found?.modifiedMs ?? Date.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  return { pid: String(pid), host, since, lock: shownText(path) };
}

export function lockedError(path: string, found: FoundLock | null): TandemError {
  return new TandemError('ERR_TANDEM_LOCKED', { path: shownText(path), params: lockedParams(path, found) });
}

const FOLDER_CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'ERR_TANDEM_INPUT_MISSING',
  ENOTDIR: 'ERR_TANDEM_INPUT_NOT_A_FOLDER',
};

/** An error in the folder of a lock; it ends the run. */
export function folderError(error: unknown, path: string): unknown {
  const code = writeErrorCode(error);
  if (code === null) return error;
  const folder = shownText(folderOf(path).replace(/(.)\/+$/, '$1'));
  const named =
    code === 'ERR_TANDEM_NO_SPACE' ? code : (FOLDER_CODES[errnoOf(error)] ?? 'ERR_TANDEM_OUTPUT_UNWRITABLE');
  return new TandemError(named, { path: folder, cause: error });
}

/**
 * Whether the lock is that of a run that is not dead, or is not yet written. If this process cannot judge the
 * other one, an advisory lock decides, and without one the lease: a live holder renews it, so a lock that was
 * not renewed for that long has no holder.
 */
function isAtWork(path: string, { line, text, modifiedMs }: FoundLock, judge: LockJudge): boolean {
  if (line === null) return !text.includes('\n') && Date.now() - modifiedMs < UNWRITTEN_MS;
  const run = parseRun(line.run);
  if (run === null) return true;
  const life = lifeOf(run);
  if (life !== 'unknown') return life === 'alive';
  const isHeldByAdvisory = isHeldByOthers(path, judge.advisoryLock);
  if (isHeldByAdvisory === true) return true;
  // An advisory lock that the kernel of the same system would have kept is gone with its process; that of
  // another system may never have been visible here.
  if (isHeldByAdvisory === false && line.advisory && line.boot !== '' && line.boot === runScope().boot)
    return false;
  return judge.now() - modifiedMs < LIMITS.lockLeaseMs;
}

function foundIn(fd: number): FoundLock {
  const text = readFileSync(fd, 'utf8');
  return { text, line: parseLine(text), modifiedMs: fstatSync(fd).mtimeMs };
}

function parseLine(text: string): LockLine | null {
  try {
    const line = JSON.parse(text) as Partial<LockLine> | null;
    if (line?.tandem !== 'lock' || line.version !== 1 || parseRun(line.run ?? '') === null) return null;
    const { boot = '', namespace = '', advisory = false, unfinished = null } = line;
    return {
      ...(line as LockLine),
      boot,
      namespace,
      advisory: advisory === true,
      unfinished: typeof unfinished === 'string' ? unfinished : null,
    };
  } catch {
    return null;
  }
}

function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(toFsPath(path), { throwIfNoEntry: false });
  } catch {
    // The run that works in that folder reports what is wrong.
    return undefined;
  }
}
