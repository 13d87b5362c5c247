import { type BigIntStats, lstatSync } from 'node:fs';
import { errorHint, errorMessage } from '@tandem/engine';
import {
  errnoOf,
  type FileSteps,
  type FolderLocks,
  folderOf,
  isDeadClaim,
  placeFile,
  shownText,
  stemOf,
  toFsPath,
} from '@tandem/files';
import { FORMATS } from '../generated/formats.ts';
import { enterFolder, savedFault, tidyFolder } from './enter-folder.ts';
import { hashFile } from './hash-file.ts';
import { entryPath, type ManifestEntry } from './manifest.ts';
import { type StepFault, stepFault } from './step-fault.ts';

/**
 * The outcome of a file in the quarantine; null if there is nothing to report: it is back in its place, or
 * never left it.
 */
export type Restored =
  | { readonly status: 'restored' }
  /**
   * `already`: its place is taken by a file with the same bytes; `sidecar_exists`: the image now has a
   * sidecar of the same name in another format; `missing`: the file is in neither place.
   */
  | { readonly status: 'left'; readonly reason: 'already' | 'sidecar_exists' | 'missing' }
  | { readonly status: 'failed'; readonly fault: StepFault }
  | null;

/** Moves files of one run back to their places: spec/sidecar/cleanup.md, "Undo". */
export class StoredFiles {
  readonly #prefix: string;
  readonly #folder: string;
  readonly #locks: FolderLocks;
  readonly #steps: FileSteps;
  /** Folders that were checked since the last sync, and those of them that files were put into. */
  readonly #known = new Set<string>();
  readonly #changed = new Set<string>();
  readonly #tidied = new Set<string>();
  /** The target paths of the entries so far that belong in the same folder as the last one. */
  #seen: { readonly folder: string; readonly paths: Set<string> } = { folder: '', paths: new Set() };

  /**
   * @param prefix raw path of the folder that was cleaned, with a trailing slash
   * @param folder raw path of the run's folder, with a trailing slash
   * @param locks of the run, for the folders that files are put into
   */
  constructor(prefix: string, folder: string, locks: FolderLocks) {
    this.#prefix = prefix;
    this.#folder = folder;
    this.#locks = locks;
    this.#steps = locks.steps;
  }

  /**
   * Restores a file. Never overwrites an existing file, and never restores a file that is not the one that
   * was stored.
   */
  restore(entry: ManifestEntry, wasMoved: boolean): Restored {
    const stored = this.#folder + entry.stored;
    const target = this.#prefix + entryPath(entry);
    try {
      this.#tidy(folderOf(target));
      this.#note(target);
      const here = lstatOf(stored);
      if (here === null) {
        return lstatOf(target) !== null || !wasMoved ? null : { status: 'left', reason: 'missing' };
      }
      const { size, sha256 } = hashFile(stored);
      if (!here.isFile() || size !== entry.size || sha256 !== entry.sha256)
        return failed('ERR_TANDEM_PROOF_FAILED');
      const below = entryPath(entry);
      if (!this.#makeFolders(folderOf(below))) return failed('ERR_TANDEM_CHANGED');
      return this.#place(stored, target, entry, here);
    } catch (error) {
      return { status: 'failed', fault: stepFault(error) };
    }
  }

  /** Makes everything since the last call durable. */
  sync(): void {
    for (const folder of this.#changed) this.#steps.syncFolder(folder);
    if (this.#changed.size > 0) this.#steps.syncFolder(this.#folder);
    this.#changed.clear();
    this.#known.clear();
    this.#tidied.clear();
    this.#locks.leave();
  }

  /** The entries of one folder follow each other in a manifest, ordered by the bytes of their names. */
  #note(target: string): void {
    const folder = folderOf(target);
    if (this.#seen.folder !== folder) this.#seen = { folder, paths: new Set() };
    this.#seen.paths.add(target);
  }

  /**
   * Only a file that appeared after the move counts, not one that existed before or was moved together with
   * this one.
   */
  #hasOtherFormat(target: string, { ctimeNs }: BigIntStats): boolean {
    const folder = folderOf(target);
    const stem = folder + stemOf(target.slice(folder.length));
    const others = FORMATS.map((format) => `${stem}.${format}`).filter(
      (other) => !this.#seen.paths.has(other),
    );
    return others.some((other) => (lstatOf(other)?.ctimeNs ?? 0n) > ctimeNs && !isDeadClaim(other));
  }

  #tidy(folder: string): void {
    if (this.#tidied.has(folder)) return;
    this.#tidied.add(folder);
    tidyFolder(this.#locks, folder);
  }

  #place(stored: string, target: string, entry: ManifestEntry, here: BigIntStats): Restored {
    // A run at work there may be about to remove the claim of a dead run.
    const fault = enterFolder(this.#locks, folderOf(target)) ?? savedFault(target, this.#steps);
    if (fault !== null) return { status: 'failed', fault };
    // With two documents for one sidecar, it would be impossible to tell which is right.
    if (this.#hasOtherFormat(target, here)) return { status: 'left', reason: 'sidecar_exists' };
    if (isDeadClaim(target)) this.#steps.unlink(target);
    if (!placeFile(stored, target, this.#locks.run, this.#steps)) {
      const there = lstatOf(target);
      if (there?.dev === here.dev && there.ino === here.ino) {
        // An undo was killed between giving the file its old name and removing the other name.
        this.#steps.unlink(stored);
      } else if (there?.isFile() && hashFile(target).sha256 === entry.sha256) {
        return { status: 'left', reason: 'already' };
      } else return failed('ERR_TANDEM_TARGET_EXISTS', { target: shownText(target) });
    }
    this.#changed.add(folderOf(target));
    return { status: 'restored' };
  }

  /**
   * Creates the folders that disappeared; false if something else is in their place. A link could lead
   * anywhere.
   */
  #makeFolders(below: string): boolean {
    if (below === '' || this.#known.has(below)) return true;
    const parent = folderOf(below.slice(0, -1));
    if (!this.#makeFolders(parent)) return false;
    const path = this.#prefix + below.slice(0, -1);
    const there = lstatOf(path);
    if (there === null) {
      this.#steps.mkdir(path);
      this.#changed.add(this.#prefix + parent);
    } else if (!there.isDirectory()) return false;
    this.#known.add(below);
    return true;
  }
}

/** Permanently removes a stored file whose size matches the manifest; `missing` if it does not exist. */
export function purgeStored(
  folder: string,
  entry: ManifestEntry,
  steps: FileSteps,
): 'removed' | 'missing' | 'changed' | StepFault {
  const stored = folder + entry.stored;
  try {
    const here = lstatOf(stored);
    if (here === null) return 'missing';
    if (!here.isFile() || here.size !== BigInt(entry.size)) return 'changed';
    steps.unlink(stored);
    return 'removed';
  } catch (error) {
    return stepFault(error);
  }
}

function failed(
  code: 'ERR_TANDEM_PROOF_FAILED' | 'ERR_TANDEM_CHANGED' | 'ERR_TANDEM_TARGET_EXISTS',
  params: Readonly<Record<string, string>> = {},
): Restored {
  return {
    status: 'failed',
    fault: { code, message: errorMessage(code, params), hint: errorHint(code, params) ?? null },
  };
}

function lstatOf(path: string): BigIntStats | null {
  try {
    return lstatSync(toFsPath(path), { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}
