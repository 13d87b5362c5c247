import { closeSync, fstatSync, lstatSync, openSync, readFileSync, type Stats, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { type ErrorCode, TandemError } from '@tandem/engine';
import {
  errnoOf,
  folderOf,
  isRunAlive,
  parseRun,
  type Run,
  SCRATCH,
  shownText,
  toFsPath,
  writeErrorCode,
} from '@tandem/files';

/** The line in a lock file: spec/sidecar/convert.md, "Lock and journal". */
export interface LockLine {
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
export interface FoundLock {
  readonly text: string;
  readonly line: LockLine | null;
  readonly modifiedMs: number;
}

/** The name of the lock of a whole tree, in its root. */
export const TREE_LOCK: '.tandem-lock' = `${SCRATCH}lock`;
/** Where there are no links a lock is there before its line is; a writer that has not got further by then is gone. */
const UNWRITTEN_MS = 60_000;

export function lockText({ pid, started, id }: Run, operation: string): string {
  const line: LockLine = {
    tandem: 'lock',
    version: 1,
    host: hostname(),
    pid,
    started,
    operation,
    run: id,
  };
  return `${JSON.stringify(line)}\n`;
}

/** Null where nothing is. Throws as folderError() says. */
export function lockAt(path: string): FoundLock | null {
  try {
    const text = readFileSync(toFsPath(path), 'utf8');
    return { text, line: parseLine(text), modifiedMs: statSync(toFsPath(path)).mtimeMs };
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw folderError(error, path);
  }
}

/** Whether it keeps out whoever wants the lock: what is no lock of ours is nobody's to remove, and does. */
export function isHeld(found: FoundLock): boolean {
  return (found.line === null && found.text.includes('\n')) || isAtWork(found);
}

/**
 * Who is at work under a lock that is only looked at; null for nobody: spec/sidecar/convert.md, "Saves". What is no lock of ours holds
 * nothing up here, because nobody can have taken a lock of that name.
 */
export function holderOf(path: string): FoundLock | null {
  // Nearly always nothing is there, and an error would take longer than all the rest.
  const stats = lstatOf(path);
  if (!stats?.isFile()) return null;
  let fd = -1;
  try {
    fd = openSync(toFsPath(path), 'r');
    const text = readFileSync(fd, 'utf8');
    const found = { text, line: parseLine(text), modifiedMs: fstatSync(fd).mtimeMs };
    return isAtWork(found) ? found : null;
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

/** Of a run that is not dead, or not written yet. */
function isAtWork({ line, text, modifiedMs }: FoundLock): boolean {
  if (line === null) return !text.includes('\n') && Date.now() - modifiedMs < UNWRITTEN_MS;
  const run = parseRun(line.run);
  return run === null || isRunAlive(run);
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

function lstatOf(path: string): Stats | undefined {
  try {
    return lstatSync(toFsPath(path), { throwIfNoEntry: false });
  } catch {
    // Whoever works in that folder will be told what is wrong.
    return undefined;
  }
}
