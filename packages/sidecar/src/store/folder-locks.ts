import { LIMITS, TandemError } from '@tandem/engine';
import { type FileSteps, folderOf, pause, type Renewal, type Run, renewFile, TREE_LOCK } from '@tandem/files';
import type { SidecarFormat } from '../formats/format.ts';
import { Lease } from './lease.ts';
import { clockOf, releaseLock, type TakenLock, takeLock } from './lock.ts';
import { holderOf, lockAt, lockedParams } from './lock-file.ts';

/** Whose locks they are, and of which tree. */
export interface FolderLocksOptions {
  /** Raw path of the root with a slash at its end; its own lock is held already, by the same run. */
  readonly root: string;
  readonly run: Run;
  readonly operation: string;
  /** The format of a convert: sidecars are there twice while it is at work, and after it was killed. */
  readonly unfinished?: SidecarFormat | null;
  /** Whether it does what an interrupted convert left in a folder that it comes through. */
  readonly finishes?: boolean;
  readonly steps: FileSteps;
}

/** Fills the words of ERR_TANDEM_LOCKED. */
export type LockedParams = Readonly<Record<string, string>>;

/**
 * The locks of the folders that a run changes something in: spec/sidecar/locks.md, "Folders". Two runs are never at work in one folder,
 * by whatever path each of them came there. What a killed run leaves says in which folders it was.
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

  /** The steps for what is changed in these folders: none is made any more once a lock was lost. */
  get steps(): FileSteps {
    return this.#steps;
  }

  /** The id of the run. */
  get run(): string {
    return this.#options.run.id;
  }

  /** Whether the run has it, so that what it learnt of the folder since then still holds. */
  has(folder: string): boolean {
    return folder === this.#options.root || this.#held.has(folder);
  }

  /**
   * Takes the lock of a folder, which may be held already; gives who else is at work there or in a folder above it, below the root.
   * @param folder raw, with a slash at its end
   * @throws {TandemError} what acquireLock throws, but for ERR_TANDEM_LOCKED
   */
  enter(folder: string): LockedParams | null {
    if (this.has(folder)) return null;
    for (const above of foldersBetween(this.#options.root, folder)) {
      const refused = this.#refused.get(above) ?? this.#patiently(above, () => this.#isFree(above));
      if (refused !== null) return refused;
    }
    return this.#patiently(folder, () => this.#take(folder));
  }

  /** As enter, for what can as well be left undone: nobody is waited for. */
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

  /** Takes for its own what another engine of the same run has left. */
  adopt(folder: string): void {
    if (this.has(folder)) return;
    const { run } = this.#options;
    if (lockAt(folder + TREE_LOCK)?.line?.run === run.id) this.#take(folder);
  }

  /** Lets go of all folders but those that are still in use: the run has come through them. */
  leave(isInUse: (folder: string) => boolean = () => false): void {
    for (const folder of [...this.#held.keys()]) if (!isInUse(folder)) this.#release(folder, true);
    this.#refused.clear();
  }

  /** Lets go of all of them, for good. @param isWhole whether the run has come to its end */
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

  /** Whether nobody else has a folder that is not entered itself. */
  #isFree(folder: string): boolean {
    if (this.has(folder)) return true;
    const { run } = this.#options;
    const lock = folder + TREE_LOCK;
    const holder = holderOf(lock, clockOf(lock, run, this.#steps));
    return holder === null || holder.line?.run === run.id;
  }

  /** Waits a moment for others: a run that finds ours above its own lets go at once. One that stayed once is not waited for again. */
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
    const { run, finishes = false, steps } = this.#options;
    const isReleased = releaseLock(folder + TREE_LOCK, taken, isThrough && finishes, run, steps);
    // Tried again at the end.
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

/** The folders above one that are below the root, the nearest first. */
function* foldersBetween(root: string, folder: string): Generator<string, void, undefined> {
  let above = folderOf(folder.slice(0, -1));
  for (; above.length > root.length; above = folderOf(above.slice(0, -1))) yield above;
}
