import { type FSWatcher, watch } from 'node:fs';
import { TandemError } from '@tandem/engine';
import { errnoOf, lookedUpKind, SCRATCH, toFsPath } from '@tandem/files';
import { shownPath } from '../shown-path.ts';

/** What happened in the watched folders. */
export interface TreeChanges {
  /** Raw paths of known files whose bytes may be others now. */
  readonly files: ReadonlySet<string>;
  /** Something came, went or has another name. */
  readonly tree: boolean;
  /** More happened than was told: any file may have changed. */
  readonly everything: boolean;
}

/** A file is written in several steps: so long nothing may happen before it is read. */
const QUIET_MS = 5;
/** But where something always happens it is read nevertheless. */
const MOST_WAIT_MS = 100;
/** The system keeps 16,384 events (fs.inotify.max_queued_events) and drops what comes on top without a word to us. */
const MOST_EVENTS = 8192;

/** Watches folders, each by itself: what happens below one of them is told by another. */
export class TreeWatcher {
  /** By raw path with a slash. */
  readonly #watchers = new Map<string, FSWatcher>();
  /** Raw paths, and whether the name came or went. */
  #touched = new Map<string, boolean>();
  #events = 0;
  #lost = false;
  #failure: TandemError | null = null;
  #wake: (() => void) | null = null;

  /**
   * Watches these folders and no others from here on.
   * @returns whether one of them was not watched before: it may have changed since it was looked into
   * @throws {TandemError} ERR_TANDEM_WATCH_FAILED
   */
  follow(folders: ReadonlySet<string>): boolean {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    let isNew = false;
    for (const folder of folders) isNew = this.#open(folder) || isNew;
    return isNew;
  }

  /**
   * Waits until something happens and is over.
   * @param isKnown is it a file whose bytes matter?
   * @returns null when the signal is aborted
   */
  async next(
    isKnown: (path: string) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<TreeChanges | null> {
    for (;;) {
      await this.#settled(signal);
      if (signal?.aborted) return null;
      if (this.#failure !== null) throw this.#failure;
      const touched = this.#touched;
      const everything = this.#lost || this.#events > MOST_EVENTS;
      this.#touched = new Map();
      this.#events = 0;
      this.#lost = false;
      const changes = this.#changes(touched, everything, isKnown);
      if (changes.tree || changes.everything || changes.files.size > 0) return changes;
    }
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #open(folder: string): boolean {
    if (this.#watchers.has(folder)) return false;
    const path = toFsPath(folder.length > 1 ? folder.slice(0, -1) : folder);
    let watcher: FSWatcher;
    try {
      watcher = watch(path, { encoding: 'buffer' }, (type, name) => this.#happened(folder, type, name));
    } catch (error) {
      // What went away meanwhile is told by the folder it was in.
      if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return false;
      throw failed(folder, error);
    }
    watcher.on('error', (error) => {
      // Windows says so when the folder goes.
      if (errnoOf(error) === 'EPERM') this.#happened(folder, 'rename', null);
      else this.#failure ??= failed(folder, error);
      this.#wake?.();
    });
    this.#watchers.set(folder, watcher);
    return true;
  }

  #happened(folder: string, type: string, name: Buffer | null): void {
    const raw = name === null ? null : Buffer.from(name).toString('latin1');
    if (raw?.startsWith(SCRATCH)) return;
    this.#events++;
    if (raw === null) this.#lost = true;
    else {
      const path = folder + raw;
      const moved = type === 'rename';
      if (moved || !this.#touched.has(path)) this.#touched.set(path, moved);
    }
    this.#wake?.();
  }

  /** Until something happened, and then nothing more for a moment. */
  async #settled(signal: AbortSignal | undefined): Promise<void> {
    const isIdle = (): boolean => this.#events === 0 && this.#failure === null;
    if (isIdle()) await this.#woken(signal, undefined);
    const began = performance.now();
    for (let seen = -1; seen !== this.#events && performance.now() - began < MOST_WAIT_MS; ) {
      seen = this.#events;
      await this.#woken(signal, QUIET_MS);
      if (signal?.aborted) return;
    }
  }

  /** At the next event, after this time, or when the signal is aborted. */
  #woken(signal: AbortSignal | undefined, milliseconds: number | undefined): Promise<void> {
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
      const timer = milliseconds === undefined ? undefined : setTimeout(done, milliseconds);
      signal?.addEventListener('abort', done);
      this.#wake = done;
    });
  }

  #changes(
    touched: ReadonlyMap<string, boolean>,
    everything: boolean,
    isKnown: (path: string) => boolean,
  ): TreeChanges {
    const files = new Set<string>();
    let tree = everything;
    for (const [path, moved] of touched) {
      if (isKnown(path)) {
        // An editor may write another file and give it this name.
        if (!moved || lookedUpKind(path) === 'file') files.add(path);
        else tree = true;
      } else if (moved) {
        const kind = lookedUpKind(path);
        // What came and went at once was of an editor, unless it was a folder that we look into.
        tree ||= kind !== 'gone' || this.#watchers.has(`${path}/`);
      }
    }
    return { files, tree, everything };
  }
}

function failed(folder: string, cause: unknown): TandemError {
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
