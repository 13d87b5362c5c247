import { closeSync } from 'node:fs';
import { type FileSteps, openToRead, openToSync } from '@tandem/files';
import { InFlight } from './in-flight.ts';
import type { NativeConvert } from './native-convert.ts';

/**
 * Concurrent syncs: enough to keep libuv's threads and a disk's queue busy, and far below any limit of open
 * files.
 */
const MOST_SYNCS = 32;

/** A file whose bytes or name may not be on the disk yet. Paths are raw. */
export interface Unsynced {
  readonly path: string;
  readonly folder: string;
  readonly device: bigint;
  /** Called with the system's error if the file cannot be synced. */
  readonly fail: (error: unknown) => void;
}

/**
 * Makes bytes and names durable: by whole file systems if the addon can do that, otherwise file by file and
 * folder by folder.
 */
export class Syncs {
  readonly #steps: FileSteps;
  readonly #native: NativeConvert | null;
  /**
   * One folder per file system, by device. It stays open: a write-back error is reported to descriptors that
   * were open when it happened.
   */
  readonly #systems = new Map<bigint, number>();

  constructor(steps: FileSteps, native: NativeConvert | null) {
    this.#steps = steps;
    this.#native = native;
  }

  async bytes(files: readonly Unsynced[]): Promise<void> {
    const syncs = new InFlight(MOST_SYNCS);
    for (const file of await this.#left(files)) await syncs.add(() => this.#syncFile(file));
    await syncs.done();
  }

  async names(files: readonly Unsynced[]): Promise<void> {
    const byFolder = groupedBy(await this.#left(files), ({ folder }) => folder);
    for (const [folder, those] of byFolder) {
      try {
        this.#steps.syncFolder(folder);
      } catch (error) {
        for (const { fail } of those) fail(error);
      }
    }
  }

  end(): void {
    for (const fd of this.#systems.values()) closeSync(fd);
    this.#systems.clear();
  }

  /** The files on file systems that could not be synced as a whole. */
  async #left(files: readonly Unsynced[]): Promise<readonly Unsynced[]> {
    const native = this.#native;
    if (native === null) return files;
    const left: Unsynced[] = [];
    for (const [device, those] of groupedBy(files, ({ device }) => device)) {
      if (!(await this.#syncSystem(native, device, (those[0] as Unsynced).folder))) left.push(...those);
    }
    return left;
  }

  async #syncSystem(native: NativeConvert, device: bigint, folder: string): Promise<boolean> {
    try {
      const fd = this.#systems.get(device) ?? openToRead(folder);
      this.#systems.set(device, fd);
      await this.#steps.syncSystem(folder, () => native.syncSystem(fd));
      return true;
    } catch {
      // Syncing the files and folders one by one shows which of them failed.
      return false;
    }
  }

  async #syncFile({ path, fail }: Unsynced): Promise<void> {
    let fd = -1;
    try {
      fd = openToSync(path);
      await this.#steps.syncLater(fd, path);
    } catch (error) {
      fail(error);
    } finally {
      if (fd >= 0) closeSync(fd);
    }
  }
}

function groupedBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
