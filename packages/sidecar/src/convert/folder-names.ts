import { readdirSync } from 'node:fs';
import { documentLockPath, isDocumentLock, passedOver, SCRATCH, stemOf, toFsPath } from '@tandem/files';
import { foldKey } from '../pairing/fold.ts';
import { classOf } from '../walk/name-class.ts';

/** The name of a file in another format: its extension is replaced. */
export function targetName(name: string, extension: string): string {
  return `${stemOf(name)}.${extension}`;
}

/**
 * The names of one folder at the time it was listed: which files have which target, and what may be in the
 * way.
 */
export class FolderNames {
  /** Names of scratch files, for the sweep. */
  readonly scratch: readonly string[];
  readonly #names: ReadonlySet<string>;
  readonly #folded: ReadonlySet<string>;
  readonly #hasLocks: boolean;
  readonly #byTarget: ReadonlyMap<string, readonly string[]>;

  /**
   * @param path the raw path of the folder; a folder that cannot be listed has no names
   * @param extension of the targets
   */
  constructor(path: string, extension: string) {
    const names = listed(path);
    this.#names = new Set(names);
    this.#folded = new Set(names.map(foldKey));
    this.scratch = names.filter((name) => name.startsWith(SCRATCH));
    this.#hasLocks = this.scratch.some(isDocumentLock);
    const byTarget = new Map<string, string[]>();
    for (const name of names) {
      if (classOf(name) !== 'candidate' || passedOver(name, false) !== null) continue;
      const target = targetName(name, extension);
      const others = byTarget.get(target);
      if (others === undefined) byTarget.set(target, [name]);
      else others.push(name);
    }
    this.#byTarget = byTarget;
  }

  /** Whether exactly this name existed. */
  has(name: string): boolean {
    return this.#names.has(name);
  }

  /** Whether a name existed that some file system would consider the same as this one. */
  mayHave(name: string): boolean {
    return this.#names.has(name) || this.#folded.has(foldKey(name));
  }

  /** Whether the lock of a save on this name existed: a save that takes the lock later waits for this run. */
  hasLockOf(name: string): boolean {
    return this.#hasLocks && this.#names.has(documentLockPath(name));
  }

  /** Whether two candidates have the same target name: a sidecar may exist in two formats. */
  get isAnyTwice(): boolean {
    return [...this.#byTarget.values()].some((names) => names.length > 1);
  }

  /** The candidates that have this target name, ordered by their bytes. */
  wanting(target: string): readonly string[] {
    return this.#byTarget.get(target) ?? [];
  }
}

function listed(path: string): string[] {
  try {
    return readdirSync(toFsPath(path), 'latin1').sort();
  } catch {
    // Reading the folder's files reports what is wrong.
    return [];
  }
}
