import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { getSystemErrorName } from 'node:util';
import type { ErrorCode } from '@tandem/engine';
import { errnoOf } from './entry-kind.ts';
import { type Likeness, likenessCode, type MakeLike, makeLike } from './likeness.ts';
import type { AdvisoryLock } from './locks/advisory-lock.ts';
import { pause } from './pause.ts';
import { toFsPath } from './raw-path.ts';

/** One change to the disk. Paths are raw: one byte per character. */
export interface FileStep {
  readonly what:
    | 'create'
    | 'append'
    | 'write'
    | 'mode'
    | 'owner'
    | 'attributes'
    | 'stage'
    | 'sync'
    | 'sync-folder'
    | 'sync-system'
    | 'link'
    | 'symlink'
    | 'rename'
    | 'rename-new'
    | 'unlink'
    | 'mkdir'
    | 'rmdir';
  readonly path: string;
  /** link, rename, rename-new: the new name. */
  readonly to?: string;
  /** write: the number of bytes. */
  readonly bytes?: number;
}

/** Gives a file a name that nothing has; returns 0, the system's error number, or -1 if it has no such call. */
export type RenameNew = (path: string, to: string) => number;

/**
 * The errors of a folder that cannot be synced (Windows, some network file systems): then nothing more can be
 * done.
 */
const NO_FOLDER_SYNC: ReadonlySet<string> = new Set([
  'EPERM',
  'EACCES',
  'EISDIR',
  'EINVAL',
  'ENOTSUP',
  'EBADF',
]);
/** The errors of a kernel before 3.15 and of file systems such as NFS. */
const NO_RENAME_NEW: ReadonlySet<string> = new Set(['ENOSYS', 'EINVAL', 'ENOTSUP']);
/** A scanner or an indexer holds a file for a moment; only Windows reports this. */
const HELD: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EBUSY']);
const HELD_PAUSES_MS: readonly number[] = process.platform === 'win32' ? [5, 20, 80, 320] : [];

/**
 * Every change to the disk goes through one of these methods. So the order of changes can be tested: a test
 * is called before each step and may end the process there. Synchronous, because the order matters and a call
 * takes microseconds; only syncs wait for a disk.
 */
export class FileSteps {
  readonly #before: (step: FileStep) => void;
  readonly #after: (step: FileStep) => void;
  /** The call that locks of these steps use. */
  readonly advisoryLock: AdvisoryLock;

  /**
   * @param before called before each step
   * @param after called after a step during which others may be taken: stage, sync-system
   * @param advisoryLock default: there is none
   */
  constructor(
    before: (step: FileStep) => void = () => undefined,
    after: (step: FileStep) => void = () => undefined,
    advisoryLock: AdvisoryLock = () => null,
  ) {
    this.#before = before;
    this.#after = after;
    this.advisoryLock = advisoryLock;
  }

  /** The same steps, each of them after `check`, which throws if nothing may be changed any more. */
  guardedBy(check: () => void): FileSteps {
    const before = (step: FileStep): void => {
      check();
      this.#before(step);
    };
    return new FileSteps(before, this.#after, this.advisoryLock);
  }

  /** Makes a new file and returns its descriptor, which is open for reading too. */
  create(path: string, mode = 0o666): number {
    this.#before({ what: 'create', path });
    return openSync(toFsPath(path), constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, mode);
  }

  /** Opens a file for appending, and makes it if it does not exist. */
  append(path: string): number {
    this.#before({ what: 'append', path });
    return openSync(toFsPath(path), 'a');
  }

  /**
   * Writes all bytes.
   * @param position bytes from the start of the file; default: after the last write
   */
  write(fd: number, path: string, bytes: Uint8Array, position?: number): void {
    this.#before({ what: 'write', path, bytes: bytes.length });
    // A disk that is nearly full writes a part, and reports the error only for the rest.
    for (let done = 0; done < bytes.length; ) {
      const at = position === undefined ? null : position + done;
      done += writeSync(fd, bytes, done, bytes.length - done, at);
    }
  }

  mode(fd: number, path: string, mode: number): void {
    this.#before({ what: 'mode', path });
    fchmodSync(fd, mode);
  }

  owner(fd: number, path: string, uid: number, gid: number): void {
    this.#before({ what: 'owner', path });
    fchownSync(fd, uid, gid);
  }

  /**
   * Gives files what others have besides their bytes; returns for each pair the error, or null if it is done.
   * @param make default: the TypeScript implementation
   */
  makeLike(pairs: readonly Likeness[], withTimes: boolean, make: MakeLike = makeLike): (ErrorCode | null)[] {
    const refused = pairs.map(({ to }) => this.#refusal(to));
    const left = pairs.filter((_, index) => refused[index] === null);
    const codes = make(left, withTimes).values();
    return refused.map((code) => code ?? codes.next().value ?? null);
  }

  #refusal(path: string): ErrorCode | null {
    try {
      this.#before({ what: 'attributes', path });
      return null;
    } catch (error) {
      return likenessCode(error);
    }
  }

  /** Lets `work` make and write new files; each of them is a step. */
  async stage<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
    for (const path of paths) this.#before({ what: 'stage', path });
    const done = await work();
    for (const path of paths) this.#after({ what: 'stage', path });
    return done;
  }

  sync(fd: number, path: string): void {
    this.#before({ what: 'sync', path });
    fsyncSync(fd);
  }

  /** Like sync, in one of libuv's threads: a disk does many at once nearly as fast as one. */
  syncLater(fd: number, path: string): Promise<void> {
    this.#before({ what: 'sync', path });
    return new Promise((resolve, reject) => {
      fsync(fd, (error) => (error === null ? resolve() : reject(error)));
    });
  }

  /** Makes the names in a folder durable, where the system can. */
  syncFolder(path: string): void {
    this.#before({ what: 'sync-folder', path });
    let fd = -1;
    try {
      fd = openSync(toFsPath(path), constants.O_RDONLY);
      fsyncSync(fd);
    } catch (error) {
      if (!NO_FOLDER_SYNC.has(errnoOf(error))) throw error;
    } finally {
      if (fd >= 0) closeSync(fd);
    }
  }

  /** Makes all bytes and names durable on the file system of a folder, by `sync`. */
  async syncSystem(path: string, sync: () => Promise<void>): Promise<void> {
    this.#before({ what: 'sync-system', path });
    await sync();
    this.#after({ what: 'sync-system', path });
  }

  /**
   * Gives a file a name that nothing has, in one step; Node has no call for that.
   * @returns false if something has the name, null if this system or file system cannot do it
   */
  renameNew(path: string, to: string, rename: RenameNew): boolean | null {
    this.#before({ what: 'rename-new', path, to });
    const number = rename(path, to);
    if (number === 0) return true;
    const code = number > 0 ? getSystemErrorName(-number) : 'ENOSYS';
    if (code === 'EEXIST') return false;
    if (NO_RENAME_NEW.has(code)) return null;
    throw Object.assign(new Error(`${code}, rename`), { code });
  }

  /** Gives a file a second name, unless that name exists. */
  link(path: string, to: string): void {
    this.#before({ what: 'link', path, to });
    linkSync(toFsPath(path), toFsPath(to));
  }

  /** Makes a symbolic link at `path` with this text. */
  symlink(path: string, text: string): void {
    this.#before({ what: 'symlink', path });
    symlinkSync(text, toFsPath(path));
  }

  rename(path: string, to: string): void {
    this.#before({ what: 'rename', path, to });
    patiently(() => renameSync(toFsPath(path), toFsPath(to)));
  }

  unlink(path: string): void {
    this.#before({ what: 'unlink', path });
    patiently(() => unlinkSync(toFsPath(path)));
  }

  mkdir(path: string, mode = 0o777): void {
    this.#before({ what: 'mkdir', path });
    mkdirSync(toFsPath(path), mode);
  }

  rmdir(path: string): void {
    this.#before({ what: 'rmdir', path });
    rmdirSync(toFsPath(path));
  }
}

/** The steps of a run without a check or a test. */
export const FILE_STEPS: FileSteps = new FileSteps();

function patiently(work: () => void): void {
  for (const ms of HELD_PAUSES_MS) {
    try {
      work();
      return;
    } catch (error) {
      if (!HELD.has(errnoOf(error))) throw error;
      pause(ms);
    }
  }
  work();
}
