import { closeSync, constants, openSync, rmSync, type Stats } from 'node:fs';
import { access, type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { newRun, ONLY_SCRATCH, scratchName } from './run-id.ts';

/**
 * A file that a user named for a report. It gets its name when all of it is written; until then the old file
 * stays. Unlike AtomicFile it waits for the disk in another thread, so that a time limit can end a run whose
 * disk hangs. Every method throws the system's error.
 */
export class OutputFile {
  readonly #file: FileHandle;
  /** Null if the file is written in place. */
  readonly #names: { readonly scratch: string; readonly target: string } | null;
  #isOpen = true;

  private constructor(file: FileHandle, names: { scratch: string; target: string } | null) {
    this.#file = file;
    this.#names = names;
  }

  static async open(path: string): Promise<OutputFile> {
    const existing = await statOrNull(path);
    if (existing?.isDirectory()) throw Object.assign(new Error('this is a folder'), { code: 'EISDIR' });
    // A device or a named pipe cannot be replaced, only written to.
    if (existing !== null && !existing.isFile()) return new OutputFile(await open(path, 'w'), null);
    // The file behind a link is replaced, and not the link; a file without write permission is not replaced.
    const target = existing === null ? path : await realpath(path);
    if (existing !== null) await access(target, constants.W_OK);
    const scratch = join(dirname(target), scratchName(newRun().id, ONLY_SCRATCH));
    remember(scratch);
    // In this thread: another could make it after a second signal has removed what is unfinished.
    closeSync(openSync(scratch, 'wx', existing === null ? 0o666 : 0o600));
    const file = await open(scratch, 'r+');
    if (existing !== null) await file.chmod(existing.mode & 0o777);
    return new OutputFile(file, { scratch, target });
  }

  /** Writes all of a chunk after the last one. */
  async write(chunk: Uint8Array | string): Promise<void> {
    // FileHandle.writeFile continues at the current position.
    await this.#file.writeFile(chunk);
  }

  /** Makes the file durable and gives it its name. */
  async commit(): Promise<void> {
    if (this.#names !== null) await this.#file.sync();
    await this.#close();
    if (this.#names === null) return;
    await rename(this.#names.scratch, this.#names.target);
    forget(this.#names.scratch);
    await syncFolder(dirname(this.#names.target));
  }

  /** Removes what was written; does nothing after commit. */
  async discard(): Promise<void> {
    await this.#close().catch(() => undefined);
    if (this.#names === null || !forget(this.#names.scratch)) return;
    await rm(this.#names.scratch, { force: true });
  }

  async #close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#file.close();
  }
}

/** Scratch files of this process; those that a second SIGINT leaves are removed at exit. */
const UNFINISHED = new Set<string>();

function remember(scratch: string): void {
  if (UNFINISHED.size === 0) process.on('exit', removeUnfinished);
  UNFINISHED.add(scratch);
}

function forget(scratch: string): boolean {
  const isKnown = UNFINISHED.delete(scratch);
  if (UNFINISHED.size === 0) process.removeListener('exit', removeUnfinished);
  return isKnown;
}

function removeUnfinished(): void {
  for (const scratch of UNFINISHED) rmSync(scratch, { force: true });
}

async function statOrNull(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder, and keeps names durable without it.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
