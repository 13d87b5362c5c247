import { type FSWatcher, statSync, watch } from 'node:fs';
import { TandemError } from '@tandem/engine';
import { errnoOf, rawPath, SCRATCH, toFsPath } from '@tandem/files';
import { shownPath } from '../shown-path.ts';
import type { WatchedTree } from './watched-tree.ts';

/** A file is written in several steps. It is read only after this long without an event. */
const QUIET_MS = 5;
/** If events never stop, it is read after this long nevertheless. */
const MOST_WAIT_MS = 100;

interface WatchedFolder {
  readonly watcher: FSWatcher;
  /**
   * Identifies the folder behind the name: another folder may replace it, and the system continues to watch
   * the first.
   */
  readonly identity: string;
}

/** Watches folders, each separately, and reports events. */
export class TreeWatcher {
  /** By raw path with a trailing slash. */
  readonly #folders = new Map<string, WatchedFolder>();
  #tree: WatchedTree | null = null;
  /** Raw paths. */
  #touched = new Set<string>();
  #events = 0;
  #failure: TandemError | null = null;
  #wake: (() => void) | null = null;

  /**
   * From now on, watches the folders of this tree and no others.
   * @returns whether one of them was not watched before: it may have changed since it was read
   * @throws {TandemError} ERR_TANDEM_WATCH_FAILED
   */
  follow(tree: WatchedTree): boolean {
    this.#tree = tree;
    for (const folder of this.#folders.keys()) if (!tree.has(folder)) this.#forget(folder);
    let isNew = false;
    for (const folder of tree.folders) isNew = this.#open(folder, tree.isWalked(folder)) || isNew;
    return isNew;
  }

  /**
   * Waits until something happens and is over.
   * @returns raw paths of the affected files and folders; null if the signal is aborted
   * @throws {TandemError} ERR_TANDEM_WATCH_FAILED
   */
  async next(signal: AbortSignal | undefined): Promise<ReadonlySet<string> | null> {
    if (this.#events === 0 && this.#failure === null) await this.#woken(signal, null);
    return this.recent(signal);
  }

  /**
   * Waits until the events in progress are over.
   * @returns as next; null also if nothing happened
   * @throws {TandemError} ERR_TANDEM_WATCH_FAILED
   */
  async recent(signal: AbortSignal | undefined): Promise<ReadonlySet<string> | null> {
    const began = performance.now();
    for (let seen = -1; seen !== this.#events && performance.now() - began < MOST_WAIT_MS; ) {
      seen = this.#events;
      await this.#woken(signal, QUIET_MS);
    }
    if (this.#failure !== null) throw this.#failure;
    if (signal?.aborted || this.#events === 0) return null;
    const touched = this.#touched;
    this.#touched = new Set();
    this.#events = 0;
    return touched;
  }

  close(): void {
    for (const folder of this.#folders.keys()) this.#forget(folder);
  }

  #forget(folder: string): void {
    this.#folders.get(folder)?.watcher.close();
    this.#folders.delete(folder);
  }

  #open(folder: string, isWalked: boolean): boolean {
    const path = toFsPath(folder.length > 1 ? folder.slice(0, -1) : folder);
    try {
      // Determined before the folder is watched, so that a replacement in between is detected the next time.
      const identity = identityOf(path);
      if (this.#folders.get(folder)?.identity === identity) return false;
      this.#forget(folder);
      const watcher = watch(path, { encoding: 'buffer' }, (type, name) => this.#happened(folder, type, name));
      watcher.on('error', (error) => this.#failed(folder, error));
      this.#folders.set(folder, { watcher, identity });
      return true;
    } catch (error) {
      const errno = errnoOf(error);
      this.#forget(folder);
      // A folder that has disappeared is reported through its parent folder, and an unreadable one by the
      // build.
      if (errno === 'ENOENT' || errno === 'ENOTDIR' || (isWalked && errno === 'EACCES')) return false;
      throw watchFailed(folder, error);
    }
  }

  /** @param name null if the system does not report it */
  #happened(folder: string, type: string, name: Buffer | null): void {
    const raw = name === null ? '' : rawPath(name);
    if (raw.startsWith(SCRATCH)) return;
    if (raw !== '' && !this.#tree?.matters(folder, raw, type === 'rename')) return;
    this.#touched.add(folder + raw);
    this.#events++;
    this.#wake?.();
  }

  #failed(folder: string, error: Error): void {
    // Windows reports this error when the folder is removed.
    if (errnoOf(error) === 'EPERM') this.#happened(folder, 'rename', null);
    else this.#failure ??= watchFailed(folder, error);
    this.#wake?.();
  }

  /** Resolves at the next event, after this time, or when the signal is aborted. */
  #woken(signal: AbortSignal | undefined, milliseconds: number | null): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        this.#wake = null;
        resolve();
      };
      const timer = milliseconds === null ? undefined : setTimeout(done, milliseconds);
      signal?.addEventListener('abort', done);
      this.#wake = done;
    });
  }
}

function identityOf(path: string | Buffer): string {
  const { dev, ino, birthtimeNs } = statSync(path, { bigint: true });
  return `${dev}:${ino}:${birthtimeNs}`;
}

function watchFailed(folder: string, cause: unknown): TandemError {
  const errno = errnoOf(cause);
  const isLimit = errno === 'ENOSPC' || errno === 'EMFILE' || errno === 'ENFILE';
  return new TandemError('ERR_TANDEM_WATCH_FAILED', {
    path: shownPath(folder),
    params: {
      problem: isLimit ? 'this system allows no more folders to be watched' : errno || String(cause),
      cure: isLimit
        ? 'raise fs.inotify.max_user_watches and max_user_instances, or watch a smaller tree'
        : 'look into its permissions, and run the command again',
    },
    cause,
  });
}
