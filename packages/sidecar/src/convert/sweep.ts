import {
  type EntryKind,
  type FolderLocks,
  isDeadLock,
  isGuardName,
  judgeOf,
  lifeOf,
  newRun,
  ONLY_SCRATCH,
  type RunLife,
  removeQuietly,
  runOfJournal,
  runOfScratch,
  SCRATCH,
  TREE_LOCK,
  visitEntries,
} from '@tandem/files';

/**
 * Removes staged files of dead runs. What was placed from them has other names, and they have no meaning by
 * themselves.
 */
export class Sweeper {
  readonly #own: string;
  readonly #locks: FolderLocks;
  /** Runs looked up so far: a killed run leaves many files, and a system call for each would be expensive. */
  readonly #lives = new Map<string, RunLife>();

  /** @param own this run: what it left before it was resumed in this engine is swept too */
  constructor(own: string, locks: FolderLocks) {
    this.#own = own;
    this.#locks = locks;
  }

  /**
   * Sweeps a folder; returns whether the folder had to be locked for it.
   * @param folder raw path with a trailing slash
   * @param names raw names in it, of any kind
   */
  sweep(folder: string, names: readonly string[]): boolean {
    if (names.length === 0) return false;
    const wasOurs = this.#locks.has(folder);
    // A lock without a holder means that a run was killed here: it is taken over, and released when this run
    // has passed through.
    if (names.includes(TREE_LOCK)) this.#locks.tryToEnter(folder);
    for (const name of names) {
      if (this.#isLeftOver(folder, name) || this.#isDeadGuard(folder, name))
        removeQuietly(folder + name, this.#locks.steps);
    }
    return !wasOurs && this.#locks.has(folder);
  }

  /**
   * Sweeps a folder and everything below it without following links; folders with a scratch name are not
   * entered.
   */
  sweepTree(root: string): void {
    const folders = [root];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const [name, kind] of listed(folder)) {
        const isScratch = name.startsWith(SCRATCH);
        if (isScratch) this.sweep(folder, [name]);
        else if (kind === 'folder') folders.push(`${folder}${name}/`);
      }
    }
  }

  /**
   * Whether this is the guard of a taker that was killed: under the lock that it guarded, it has no meaning
   * any longer.
   */
  #isDeadGuard(folder: string, name: string): boolean {
    if (!isGuardName(name) || !this.#locks.tryToEnter(folder)) return false;
    return isDeadLock(folder + name, judgeOf(folder, newRun(), this.#locks.steps));
  }

  #isLeftOver(folder: string, name: string): boolean {
    const journal = runOfJournal(name);
    if (journal?.id === this.#own) return false;
    const run = journal ?? runOfScratch(name);
    if (run === null) return false;
    let life = this.#lives.get(run.id);
    if (life === undefined) {
      life = run.id === this.#own ? 'dead' : lifeOf(run);
      this.#lives.set(run.id, life);
    }
    // If the run cannot be judged here: a run that has staged files in a folder also holds its lock.
    return (
      life === 'dead' ||
      (life === 'unknown' && (journal !== null || isStaged(name)) && this.#locks.tryToEnter(folder))
    );
  }
}

/** Scratch files numbered 0 are future locks and saves, which do not need the lock of their folder. */
function isStaged(name: string): boolean {
  return !name.endsWith(`-${ONLY_SCRATCH}`);
}

function listed(folder: string): (readonly [name: string, kind: EntryKind])[] {
  const entries: (readonly [string, EntryKind])[] = [];
  try {
    visitEntries(folder, (name, kind) => entries.push([name, kind]));
  } catch {
    // What cannot be listed has nothing that could be swept.
  }
  return entries;
}
