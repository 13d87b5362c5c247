import { type Dirent, readdirSync } from 'node:fs';
import { type FileSteps, isRunAlive, removeQuietly, runOfScratch, SCRATCH, toFsPath } from '@tandem/files';
import { runOfJournal } from '../store/journal.ts';
import { isDeadLock, isGuardName } from '../store/lock.ts';

/** Removes staged files of runs that are no more. What was placed from them has other names, and they are nothing by themselves. */
export class Sweeper {
  readonly #own: string;
  readonly #steps: FileSteps;
  /** Runs asked for so far: a killed run leaves many files, and asking the system for each would cost. */
  readonly #dead = new Map<string, boolean>();

  /** @param own this run: what it left before it was resumed in this engine is swept too */
  constructor(own: string, steps: FileSteps) {
    this.#own = own;
    this.#steps = steps;
  }

  /**
   * @param folder raw path with a slash at its end
   * @param names raw names in it, of any kind
   */
  sweep(folder: string, names: readonly string[]): void {
    for (const name of names) if (this.#isLeftOver(name)) removeQuietly(folder + name, this.#steps);
  }

  /** Sweeps a folder and all below it, links not followed; names that begin as scratch are not entered. */
  sweepTree(root: string): void {
    const folders = [root];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for (const entry of listed(folder)) {
        const isScratch = entry.name.startsWith(SCRATCH);
        if (isScratch) this.sweep(folder, [entry.name]);
        else if (entry.isDirectory()) folders.push(`${folder}${entry.name}/`);
      }
    }
  }

  #isLeftOver(name: string): boolean {
    const run = runOfScratch(name);
    if (run === null) return false;
    let dead = this.#dead.get(run.id);
    if (dead === undefined) {
      dead = run.id === this.#own || !isRunAlive(run);
      this.#dead.set(run.id, dead);
    }
    return dead;
  }
}

function listed(folder: string): Dirent[] {
  try {
    return readdirSync(toFsPath(folder), { encoding: 'latin1', withFileTypes: true });
  } catch {
    return [];
  }
}

/**
 * Removes from the root what killed runs left there beside staged files: their journals, and locks that guarded a take-over. Only for
 * the holder of the root's lock.
 * @param root raw path with a slash at its end
 */
export function sweepRoot(root: string, steps: FileSteps): void {
  for (const { name } of listed(root)) {
    const run = runOfJournal(name);
    const dead = run !== null ? !isRunAlive(run) : isGuardName(name) && isDeadLock(root + name);
    if (dead) removeQuietly(root + name, steps);
  }
}
