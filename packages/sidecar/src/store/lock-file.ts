import { closeSync, fstatSync, lstatSync, readFileSync, type Stats } from 'node:fs';
import { hostname } from 'node:os';
import { type ErrorCode, LIMITS, TandemError } from '@tandem/engine';
import {
  errnoOf,
  folderOf,
  lifeOf,
  openToRead,
  parseRun,
  type Run,
  runScope,
  shownText,
  toFsPath,
  writeErrorCode,
} from '@tandem/files';
import { isHeldByOthers } from '@tandem/job';
import { FORMATS, type SidecarFormat } from '../formats/format.ts';

/** What a run says of itself in its locks: spec/sidecar/locks.md. */
export interface LockLine {
  readonly tandem: 'lock';
  readonly version: 1;
  /** As the system spells it. */
  readonly host: string;
  /** The system's start and the namespaces of the process, '' where nothing says. */
  readonly boot: string;
  readonly namespace: string;
  readonly pid: number;
  readonly started: number;
  readonly operation: string;
  readonly run: string;
  /** Whether the holder has an advisory lock on the file as well. */
  readonly advisory: boolean;
  /** The format of a convert that has not come to its end in this folder: sidecars may be there twice. */
  readonly unfinished: SidecarFormat | null;
}

/** What stands at a lock's place. `line` is null for what is no lock of ours, or not written to its end. */
export interface FoundLock {
  readonly text: string;
  readonly line: LockLine | null;
  readonly modifiedMs: number;
}

/** What time it is for the file system that a lock is on, in milliseconds since 1970: clocks of machines differ. */
export type Clock = () => number;

/** Where there are no links a lock is there before its line is; a writer that has not got further by then is gone. */
const UNWRITTEN_MS = 60_000;

/** What a lock's line says beside whose it is; `advisory` where one is wanted. */
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

/** Null where nothing is. Throws as folderError() says. */
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

/** Whether it keeps out whoever wants the lock: what is no lock of ours is nobody's to remove, and does. */
export function isHeld(path: string, found: FoundLock, clock: Clock): boolean {
  return (found.line === null && found.text.includes('\n')) || isAtWork(path, found, clock);
}

/**
 * Who is at work under a lock that is only looked at; null for nobody: spec/sidecar/locks.md, "Saves". What is no lock of ours holds
 * nothing up here, because nobody can have taken a lock of that name.
 */
export function holderOf(path: string, clock: Clock): FoundLock | null {
  const found = seenAt(path);
  return found !== null && isAtWork(path, found, clock) ? found : null;
}

/** The format of a convert that was interrupted in a folder whose lock is at `path`; null where none was, or where one is at work. */
export function unfinishedAt(path: string, clock: Clock): SidecarFormat | null {
  const found = seenAt(path);
  const format = found?.line?.unfinished ?? null;
  return found !== null && format !== null && !isAtWork(path, found, clock) ? format : null;
}

/** As lockAt, but what cannot be read is held by nobody knows whom. */
function seenAt(path: string): FoundLock | null {
  // Nearly always nothing is there, and an error would take longer than all the rest.
  const stats = lstatOf(path);
  if (!stats?.isFile()) return null;
  let fd = -1;
  try {
    fd = openToRead(path);
    return foundIn(fd);
  } catch (error) {
    // Nobody can say that one that cannot be read is dead.
    return errnoOf(error) === 'ENOENT' ? null : { text: '', line: null, modifiedMs: stats.mtimeMs };
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/** What fills the words of ERR_TANDEM_LOCKED. */
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

/** An error of the folder that a lock stands in: it ends the run. */
export function folderError(error: unknown, path: string): unknown {
  const code = writeErrorCode(error);
  if (code === null) return error;
  const folder = shownText(folderOf(path).replace(/(.)\/+$/, '$1'));
  const named =
    code === 'ERR_TANDEM_NO_SPACE' ? code : (FOLDER_CODES[errnoOf(error)] ?? 'ERR_TANDEM_OUTPUT_UNWRITABLE');
  return new TandemError(named, { path: folder, cause: error });
}

/**
 * Of a run that is not dead, or not written yet. Where nobody here can judge the process, an advisory lock decides, and where there is
 * none the lease: whoever is at work renews it, so one that was not renewed for that long has no holder.
 */
function isAtWork(path: string, { line, text, modifiedMs }: FoundLock, clock: Clock): boolean {
  if (line === null) return !text.includes('\n') && Date.now() - modifiedMs < UNWRITTEN_MS;
  const run = parseRun(line.run);
  if (run === null) return true;
  const life = lifeOf(run);
  if (life !== 'unknown') return life === 'alive';
  const isHeldByAdvisory = isHeldByOthers(path);
  if (isHeldByAdvisory === true) return true;
  // A lock that the same system's kernel would have kept is gone with its process; another system's may never have come here.
  if (isHeldByAdvisory === false && line.advisory && line.boot !== '' && line.boot === runScope().boot)
    return false;
  return clock() - modifiedMs < LIMITS.lockLeaseMs;
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
    const format = FORMATS.find((each) => each === unfinished) ?? null;
    return { ...(line as LockLine), boot, namespace, advisory: advisory === true, unfinished: format };
  } catch {
    return null;
  }
}

function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(toFsPath(path), { throwIfNoEntry: false });
  } catch {
    // Whoever works in that folder will be told what is wrong.
    return undefined;
  }
}
