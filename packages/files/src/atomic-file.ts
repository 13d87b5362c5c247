import { closeSync, lstatSync, type Stats } from 'node:fs';
import { TandemError } from '@tandem/engine';
import { errnoOf } from './entry-kind.ts';
import { FILE_STEPS, type FileSteps } from './file-steps.ts';
import type { MakeLike } from './likeness.ts';
import { folderOf, toFsPath } from './raw-path.ts';
import { ONLY_SCRATCH, scratchName } from './run-id.ts';
import { shownText } from './shown-text.ts';
import { writeError } from './system-error.ts';

export interface AtomicWriteOptions {
  /** The id of the run, which names the scratch file, so that the next run can tell whose it was. */
  readonly run: string;
  /** Distinguishes scratch files of one run in one folder; default: ONLY_SCRATCH. */
  readonly n?: number;
  readonly steps?: FileSteps;
  /** Permission bits of a new file; a replaced file keeps its own. */
  readonly mode?: number;
  /**
   * Leaves out the syncs: every reader still sees the old file or the new one, whole, but a power failure may
   * break that.
   */
  readonly volatile?: boolean;
  /**
   * Copies owner, ACL, attributes and permissions of the replaced file to the new one, or else the file is
   * not replaced; without this option only the permission bits, and the owner where allowed.
   */
  readonly makeLike?: MakeLike;
}

/**
 * A file that replaces `path`, or a new file at `path`, or nothing at all: scratch file in the same folder,
 * all bytes, mode and owner of the replaced file, fsync, rename, fsync of the folder. A kill at any point
 * leaves the old file or the new one, and perhaps a scratch file. Every method throws ERR_TANDEM_NO_SPACE,
 * ERR_TANDEM_UNWRITABLE or ERR_TANDEM_NOT_FOUND (no such folder), and then leaves nothing behind.
 */
export class AtomicFile {
  /** Raw. */
  readonly path: string;
  readonly scratch: string;
  readonly #steps: FileSteps;
  readonly #replaced: Stats | null;
  readonly #mode: number | undefined;
  readonly #volatile: boolean;
  readonly #makeLike: MakeLike | undefined;
  #fd: number;
  /** The scratch file exists. */
  #isScratch = true;

  /** @param path raw; a symbolic link is replaced and not followed */
  constructor(path: string, options: AtomicWriteOptions) {
    const { run, n = ONLY_SCRATCH, steps = FILE_STEPS, mode, volatile = false, makeLike } = options;
    this.path = path;
    this.scratch = folderOf(path) + scratchName(run, n);
    this.#steps = steps;
    this.#mode = mode;
    this.#volatile = volatile;
    this.#makeLike = makeLike;
    try {
      this.#replaced = statOf(path);
      this.#fd = steps.create(this.scratch, 0o600);
    } catch (error) {
      throw writeError(error, path);
    }
  }

  /** @param position bytes from the start of the file; default: after the last write */
  write(bytes: Uint8Array, position?: number): void {
    this.#guarded(() => this.#steps.write(this.#fd, this.scratch, bytes, position));
  }

  /**
   * Makes all bytes durable under the scratch name, unless the file is volatile; only commit or discard may
   * follow.
   */
  settle(): void {
    if (this.#fd < 0) return;
    this.#guarded(() => {
      if (this.#replaced !== null) this.#giveAccess(this.#replaced);
      else this.#steps.mode(this.#fd, this.scratch, this.#mode ?? 0o666 & ~process.umask());
      if (!this.#volatile) this.#steps.sync(this.#fd, this.scratch);
      this.#close();
    });
  }

  /** Gives the file its name; when this returns, the file is durable unless it is volatile. */
  commit(): void {
    this.settle();
    this.#guarded(() => this.#steps.rename(this.scratch, this.path));
    this.#isScratch = false;
    if (this.#volatile) return;
    const folder = folderOf(this.path);
    try {
      this.#steps.syncFolder(folder === '' ? '.' : folder);
    } catch (error) {
      throw writeError(error, this.path);
    }
  }

  /** Removes the scratch file; does nothing after commit. */
  discard(): void {
    if (!this.#isScratch) return;
    this.#isScratch = false;
    if (this.#fd >= 0) this.#close();
    removeQuietly(this.scratch, this.#steps);
  }

  #giveAccess(replaced: Stats): void {
    if (this.#makeLike === undefined) {
      copyAccess(this.#fd, this.scratch, replaced, this.#steps);
      return;
    }
    const pair = { from: this.path, to: this.scratch };
    const [code] = this.#steps.makeLike([pair], false, this.#makeLike);
    if (code) throw new TandemError(code, { path: shownText(this.path) });
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.discard();
      throw writeError(error, this.path);
    }
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = -1;
    closeSync(fd);
  }
}

/** Writes these bytes to a new file at `path`, as AtomicFile does. */
export function writeAtomically(path: string, bytes: Uint8Array, options: AtomicWriteOptions): void {
  const file = new AtomicFile(path, options);
  file.write(bytes);
  file.commit();
}

/**
 * Gives a new file the owner and the permission bits of another; the owner only where the system allows it.
 */
function copyAccess(
  fd: number,
  path: string,
  from: Pick<Stats, 'mode' | 'uid' | 'gid'>,
  steps: FileSteps,
): void {
  if (process.platform === 'win32') return;
  if (process.getuid?.() !== from.uid || process.getgid?.() !== from.gid) {
    try {
      steps.owner(fd, path, from.uid, from.gid);
    } catch {
      // Only root may give a file away. The user still owns it, and the content matters more.
    }
  }
  // After the owner: chown clears the set-user-ID and set-group-ID bits.
  steps.mode(fd, path, from.mode & 0o7777);
}

/** Removes a scratch file after an error; the next run sweeps what remains. */
export function removeQuietly(path: string, steps: FileSteps): void {
  try {
    steps.unlink(path);
  } catch {
    // The error before this one is reported.
  }
}

/** Of the file that is replaced; null if there is none, or if it is a link, whose bits have no meaning. */
function statOf(path: string): Stats | null {
  try {
    const stats = lstatSync(toFsPath(path));
    return stats.isFile() ? stats : null;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
