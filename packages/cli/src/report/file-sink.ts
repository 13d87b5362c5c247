import { closeSync, constants, openSync, rmSync, type Stats } from 'node:fs';
import { access, type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Sink } from './sink.ts';
import { unwritable } from './unwritable.ts';

/** Opens a file for a report; it gets its name when it is whole. Throws what the system says. */
export async function openFileSink(output: string): Promise<Sink> {
  const existing = await statOrNull(output);
  if (existing?.isDirectory()) {
    throw Object.assign(new Error('this is a folder'), { code: 'EISDIR' });
  }
  if (existing !== null && !existing.isFile()) {
    // A device or a named pipe cannot be replaced, only written to.
    return new FileSink(await open(output, 'w'), output, null);
  }
  // The file behind a link is replaced, and not the link; one that may not be written is not replaced either.
  const target = existing === null ? output : await realpath(output);
  if (existing !== null) await access(target, constants.W_OK);
  const scratch = join(dirname(target), `.tandem-report-${process.pid}-${Date.now()}`);
  if (UNFINISHED.size === 0) process.once('exit', removeUnfinished);
  UNFINISHED.add(scratch);
  // At once: a thread could make it after a second signal has removed what is unfinished.
  closeSync(openSync(scratch, 'wx', existing === null ? 0o666 : 0o600));
  const file = await open(scratch, 'r+');
  if (existing !== null) await file.chmod(existing.mode & 0o777);
  return new FileSink(file, output, { scratch, target });
}

class FileSink implements Sink {
  readonly #file: FileHandle;
  readonly #output: string;
  /** Null where the file is written in place. */
  readonly #names: { readonly scratch: string; readonly target: string } | null;
  #open = true;

  constructor(file: FileHandle, output: string, names: { scratch: string; target: string } | null) {
    this.#file = file;
    this.#output = output;
    this.#names = names;
  }

  async write(chunk: Uint8Array | string): Promise<void> {
    try {
      // writeFile continues where the last one ended, until everything is written.
      await this.#file.writeFile(chunk);
    } catch (cause) {
      throw unwritable(this.#output, cause);
    }
  }

  async finish(): Promise<void> {
    try {
      if (this.#names !== null) await this.#file.sync();
      await this.#close();
      if (this.#names === null) return;
      await rename(this.#names.scratch, this.#names.target);
      UNFINISHED.delete(this.#names.scratch);
      await syncFolder(dirname(this.#names.target));
    } catch (cause) {
      throw unwritable(this.#output, cause);
    }
  }

  async discard(): Promise<void> {
    await this.#close().catch(() => undefined);
    if (this.#names === null || !UNFINISHED.delete(this.#names.scratch)) return;
    await rm(this.#names.scratch, { force: true });
  }

  async #close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.#file.close();
  }
}

/** Scratch files of this process; what a second SIGINT leaves behind is removed on the way out. */
const UNFINISHED = new Set<string>();

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
