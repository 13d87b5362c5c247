import { LIMITS, TandemError } from '@tandem/engine';
import type { FileSteps } from '../file-steps.ts';
import { pause } from '../pause.ts';
import { folderOf } from '../raw-path.ts';
import { type Run, TREE_LOCK } from '../run-id.ts';
import { Lease } from './lease.ts';
import { judgeOf, releaseLock, type TakenLock, takeLock } from './lock.ts';
import { holderOf, lockAt, lockedParams } from './lock-file.ts';
import { type Renewal, renewFile } from './renew-file.ts';

/** The run that holds the locks, and the tree they belong to. */
export interface FolderLocksOptions {
  /** Raw path of the root with a trailing slash; the same run already holds its lock. */
  readonly root: string;
  readonly run: Run;
  readonly operation: string;
  /** The format of a convert: sidecars exist twice while it is at work, and after it was killed. */
  readonly unfinished?: string | null;
  /**
   * Whether nothing is left of what an interrupted run began in a folder; called when the run has passed
   * through it. Default: something is.
   */
  readonly isFinished?: (folder: string) => boolean;
  readonly steps: FileSteps;
}

/** The parameters of the text of ERR_TANDEM_LOCKED. */
export type LockedParams = Readonly<Record<string, string>>;

/**
 * The locks of the folders in which a run changes something: spec/locks.md, "Folders". Two runs are
 * never at work in one folder, whatever path each of them took to it. What a killed run leaves shows which
 * folders it was in.
 */
export class FolderLocks {
  readonly #options: FolderLocksOptions;
  readonly #steps: FileSteps;
  readonly #lease: Lease;
  /** By raw path. */
  readonly #held = new Map<string, TakenLock>();
  readonly #refused = new Map<string, LockedParams>();
  /** Runs that were waited for in vain. */
  readonly #stayed = new Set<string>();

  constructor(options: FolderLocksOptions) {
    this.#options = options;
    this.#lease = new Lease(options.root + TREE_LOCK, () => this.#renew());
    this.#steps = options.steps.guardedBy(() => this.#lease.hold());
  }

  /** The steps for changes in these folders: once a lock is lost, none is carried out. */
  get steps(): FileSteps {
    return this.#steps;
  }

  /** The id of the run. */
  get run(): string {
    return this.#options.run.id;
  }

  /**
   * Whether the run holds the lock of the folder, so that what it has read of the folder since then still
   * holds.
   */
  has(folder: string): boolean {
    return folder === this.#options.root || this.#held.has(folder);
  }

  /**
   * Takes the lock of a folder, which may be held already; returns the holder if another run is at work there
   * or in a folder above it, below the root.
   * @param folder raw, with a trailing slash
   * @throws {TandemError} what acquireLock throws, except ERR_TANDEM_LOCKED
   */
  enter(folder: string): LockedParams | null {
    if (this.has(folder)) return null;
    for (const above of foldersBetween(this.#options.root, folder)) {
      const refused = this.#refused.get(above) ?? this.#patiently(above, () => this.#isFree(above));
      if (refused !== null) return refused;
    }
    return this.#patiently(folder, () => this.#take(folder));
  }

  /** Like enter, for work that may be left undone: does not wait for other runs. */
  tryToEnter(folder: string): boolean {
    if (this.has(folder)) return true;
    const above = [...foldersBetween(this.#options.root, folder)];
    try {
      return above.every((each) => this.#isFree(each)) && this.#take(folder);
    } catch (error) {
      if (error instanceof TandemError && error.code !== 'ERR_TANDEM_LOCK_LOST') return false;
      throw error;
    }
  }

  /** Adopts the lock that another engine of the same run has left. */
  adopt(folder: string): void {
    if (this.has(folder)) return;
    const { run } = this.#options;
    if (lockAt(folder + TREE_LOCK)?.line?.run === run.id) this.#take(folder);
  }

  /** Releases the locks of all folders except those still in use: the run has passed through them. */
  leave(isInUse: (folder: string) => boolean = () => false): void {
    for (const folder of [...this.#held.keys()]) if (!isInUse(folder)) this.#release(folder, true);
    this.#refused.clear();
  }

  /**
   * Releases all locks permanently.
   * @param isWhole whether the run has reached its end
   */
  end(isWhole: boolean): void {
    this.#lease.end();
    for (const folder of [...this.#held.keys()]) this.#release(folder, isWhole);
  }

  #take(folder: string): boolean {
    const { run, operation, unfinished = null } = this.#options;
    try {
      this.#held.set(folder, takeLock(folder + TREE_LOCK, run, { operation, unfinished }, this.#steps));
      return true;
    } catch (error) {
      if (error instanceof TandemError && error.code === 'ERR_TANDEM_LOCKED') return false;
      throw error;
    }
  }

  /** Whether no other run holds a folder that is not itself entered. */
  #isFree(folder: string): boolean {
    if (this.has(folder)) return true;
    const { run } = this.#options;
    const lock = folder + TREE_LOCK;
    const holder = holderOf(lock, judgeOf(lock, run, this.#steps));
    return holder === null || holder.line?.run === run.id;
  }

  /**
   * Waits briefly for other runs: a run that finds this lock above its own releases it at once. A run that
   * has once kept its lock is not waited for again.
   */
  #patiently(folder: string, attempt: () => boolean): LockedParams | null {
    const lock = folder + TREE_LOCK;
    for (const began = performance.now(); !attempt(); pause(PAUSE_MS)) {
      const holder = lockAt(lock);
      const run = holder?.line?.run ?? '';
      if (!this.#stayed.has(run) && performance.now() - began < LIMITS.saveWaitMs) continue;
      this.#stayed.add(run);
      const params = lockedParams(lock, holder);
      this.#refused.set(folder, params);
      return params;
    }
    return null;
  }

  #release(folder: string, isThrough: boolean): void {
    const taken = this.#held.get(folder);
    if (taken === undefined) return;
    this.#held.delete(folder);
    const { run, isFinished = () => false, steps } = this.#options;
    const isDone = isThrough && taken.leftover !== null && isFinished(folder);
    const isReleased = releaseLock(folder + TREE_LOCK, taken, isDone, run, steps);
    // The release is tried again at the end.
    if (!isReleased) this.#held.set(folder, { ...taken, fd: -1 });
  }

  #renew(): Renewal {
    let worst: Renewal = 'renewed';
    for (const [folder, { text }] of this.#held) {
      const renewal = renewFile(folder + TREE_LOCK, text);
      if (renewal === 'lost') return 'lost';
      if (renewal === 'failed') worst = 'failed';
    }
    return worst;
  }
}

const PAUSE_MS = 5;

/** The folders between the root and a folder, both excluded, the nearest to the folder first. */
function* foldersBetween(root: string, folder: string): Generator<string, void, undefined> {
  let above = folderOf(folder.slice(0, -1));
  for (; above.length > root.length; above = folderOf(above.slice(0, -1))) yield above;
}
