import { closeSync, lstatSync, type Stats } from 'node:fs';
import { errnoOf } from '../walk/entry-kind.ts';
import { folderOf, toFsPath } from '../walk/raw-path.ts';
import { FILE_STEPS, type FileSteps } from './file-steps.ts';
import { scratchName } from './run-id.ts';
import { writeError } from './system-error.ts';

export interface AtomicWriteOptions {
  /** The id of the run: names the scratch file, so that the next run knows whose it was. */
  readonly run: string;
  /** Tells scratch files of one run in one folder apart. */
  readonly n?: number;
  readonly steps?: FileSteps;
  /** Permission bits of a file that replaces none; else those of the replaced file are kept. */
  readonly mode?: number;
}

/**
 * Puts a file in the place of `path`, which may be there already, or not at all: scratch file in the same folder, all bytes,
 * mode and owner of what is replaced, fsync, rename, fsync of the folder. When it returns, the file is durable. A kill at any
 * point leaves the old file or the new one, and perhaps a scratch file.
 * @param path raw; a symbolic link is replaced and not followed
 * @throws {TandemError} ERR_TANDEM_NO_SPACE, ERR_TANDEM_UNWRITABLE, ERR_TANDEM_NOT_FOUND (no such folder); nothing is left behind then
 */
export function writeAtomically(path: string, bytes: Uint8Array, options: AtomicWriteOptions): void {
  const { run, n = 0, steps = FILE_STEPS } = options;
  const folder = folderOf(path);
  const scratch = folder + scratchName(run, n);
  try {
    const replaced = statOf(path);
    const fd = steps.create(scratch, 0o600);
    try {
      fillScratch(fd, scratch, bytes, replaced, options.mode, steps);
    } catch (error) {
      removeQuietly(scratch, steps);
      throw error;
    } finally {
      closeSync(fd);
    }
    try {
      steps.rename(scratch, path);
    } catch (error) {
      removeQuietly(scratch, steps);
      throw error;
    }
    steps.syncFolder(folder === '' ? '.' : folder);
  } catch (error) {
    throw writeError(error, path);
  }
}

/** Gives a new file the owner and the permission bits of another. The owner only where the system allows it. */
export function copyAccess(
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

function fillScratch(
  fd: number,
  path: string,
  bytes: Uint8Array,
  replaced: Stats | null,
  mode: number | undefined,
  steps: FileSteps,
): void {
  steps.write(fd, path, bytes);
  if (replaced !== null) copyAccess(fd, path, replaced, steps);
  else steps.mode(fd, path, mode ?? 0o666 & ~process.umask());
  steps.sync(fd, path);
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
