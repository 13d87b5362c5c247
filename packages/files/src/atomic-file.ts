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
  /** The id of the run: names the scratch file, so that the next run knows whose it was. */
  readonly run: string;
  /** Tells scratch files of one run in one folder apart; ONLY_SCRATCH unless given. */
  readonly n?: number;
  readonly steps?: FileSteps;
  /** Permission bits of a file that replaces none; else those of the replaced file are kept. */
  readonly mode?: number;
  /** Leave out the syncs: whole or not at all for every reader, but not for a power failure. */
  readonly volatile?: boolean;
  /** Gives the new file all that the replaced one has but bytes and times, or it is not replaced; else its bits, and its owner where allowed. */
  readonly makeLike?: MakeLike;
}

/**
 * A file that takes the place of `path`, which may be there already, or does not appear at all: scratch file in the same folder, all
 * bytes, mode and owner of what is replaced, fsync, rename, fsync of the folder. A kill at any point leaves the old file or the new
 * one, and perhaps a scratch file. Every method throws ERR_TANDEM_NO_SPACE, ERR_TANDEM_UNWRITABLE or ERR_TANDEM_NOT_FOUND (no such folder), and
 * nothing is left behind then.
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
  /** It is there under its scratch name. */
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

  /** @param position from the start of the file; behind what was written last unless given */
  write(bytes: Uint8Array, position?: number): void {
    this.#guarded(() => this.#steps.write(this.#fd, this.scratch, bytes, position));
  }

  /** Makes all of it durable under its scratch name, unless it is volatile; only commit or discard may follow. */
  settle(): void {
    if (this.#fd < 0) return;
    this.#guarded(() => {
      if (this.#replaced !== null) this.#giveAccess(this.#replaced);
      else this.#steps.mode(this.#fd, this.scratch, this.#mode ?? 0o666 & ~process.umask());
      if (!this.#volatile) this.#steps.sync(this.#fd, this.scratch);
      this.#close();
    });
  }

  /** Puts it in its place; when this returns, it is durable unless it is volatile. */
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

  /** Takes it back; does nothing after commit. */
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

/** Puts a file of these bytes in the place of `path`, as AtomicFile does. */
export function writeAtomically(path: string, bytes: Uint8Array, options: AtomicWriteOptions): void {
  const file = new AtomicFile(path, options);
  file.write(bytes);
  file.commit();
}

/** Gives a new file the owner and the permission bits of another. The owner only where the system allows it. */
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
      // Only root may give a file away. It is still ours, and the document in it is what counts.
    }
  }
  // After the owner: chown clears the bits for set-user-ID and set-group-ID.
  steps.mode(fd, path, from.mode & 0o7777);
}

/** Removes a scratch file that something went wrong with; what is left the next run sweeps up. */
export function removeQuietly(path: string, steps: FileSteps): void {
  try {
    steps.unlink(path);
  } catch {}
}

/** Of the file that is replaced; null where there is none, or a link, whose bits say nothing. */
function statOf(path: string): Stats | null {
  try {
    const stats = lstatSync(toFsPath(path));
    return stats.isFile() ? stats : null;
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}
