import { lstatSync } from 'node:fs';
import {
  type EntryKind,
  errnoOf,
  leadsNowhere,
  passedOver,
  TREE_LOCK,
  toFsPath,
  visitEntries,
} from '@tandem/files';
import { classOf } from './name-class.ts';
import { type EntryMark, type FolderCounts, noCounts } from './walk-batch.ts';

/** Why a folder could not be listed. */
export type FolderFailure = 'missing' | 'not-a-folder' | 'unreadable';

/** One listed folder; all names are raw and, except for `unknown`, ordered by their bytes. */
export interface FolderListing {
  readonly candidates: readonly string[];
  /** The marks of candidates that are not regular files. */
  readonly marks: ReadonlyMap<string, EntryMark>;
  readonly images: readonly string[];
  /** For each image that is a link: whether it leads nowhere. */
  readonly imageLinks: ReadonlyMap<string, boolean>;
  /** Files, and links to files, that may or may not be images. */
  readonly unknown: readonly string[];
  readonly folders: readonly string[];
  /** The number of names of all kinds, as a measure of the cost of reading the folder. */
  readonly size: number;
  /** Whether it contains the lock of a run, dead or alive. */
  readonly hasLock: boolean;
  /** What was skipped; the images are not counted here. */
  readonly counts: FolderCounts;
}

/**
 * @param path the raw path of the folder
 * @param follows whether it may be a link
 */
export function readFolder(path: string, follows: boolean): FolderListing | FolderFailure {
  // With a trailing slash the system would follow a link.
  const folder = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  const reading = new FolderReading();
  try {
    visitEntries(folder, (name, kind) => reading.add(name, kind));
    // After the listing: what is not a link now was not a link when it was listed, unless it was replaced and
    // put back in between. Node lists by path only.
    if (!follows && lstatSync(toFsPath(folder), { throwIfNoEntry: false })?.isSymbolicLink())
      return 'not-a-folder';
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return 'not-a-folder';
    return leadsNowhere(error) ? 'missing' : 'unreadable';
  }
  return reading.listing();
}

class FolderReading {
  readonly #candidates: string[] = [];
  readonly #marks = new Map<string, EntryMark>();
  readonly #images: string[] = [];
  readonly #imageLinks = new Map<string, boolean>();
  readonly #unknown: string[] = [];
  readonly #folders: string[] = [];
  readonly #counts: FolderCounts = noCounts();
  #hasLock = false;
  #size = 0;

  add(name: string, kind: EntryKind): void {
    this.#size += 1;
    const reason = passedOver(name, kind === 'folder');
    if (reason !== null) this.#passOver(name, reason);
    else if (kind === 'file') this.#keep(name, kind);
    else this.#place(name, kind);
  }

  #passOver(name: string, reason: 'system' | 'scratch'): void {
    this.#counts[reason] += 1;
    this.#hasLock ||= name === TREE_LOCK;
  }

  listing(): FolderListing {
    return {
      size: this.#size,
      candidates: this.#candidates.sort(),
      marks: this.#marks,
      images: this.#images.sort(),
      imageLinks: this.#imageLinks,
      unknown: this.#unknown,
      folders: this.#folders.sort(),
      hasLock: this.#hasLock,
      counts: this.#counts,
    };
  }

  #place(name: string, kind: EntryKind): void {
    if (kind === 'folder') this.#folders.push(name);
    else if (kind === 'folder-link') this.#counts.linkedFolder += 1;
    else if (kind === 'special' || kind === 'special-link') {
      if (classOf(name) === 'candidate') this.#counts.notAFile += 1;
    } else if (kind !== 'gone' || classOf(name) === 'candidate') {
      // For a candidate that is gone, a row that reports it is better than silence; an image that is gone is
      // not an image.
      this.#keep(name, kind);
    }
  }

  #keep(name: string, kind: EntryKind): void {
    const isLink = kind === 'file-link' || kind === 'broken-link';
    switch (classOf(name)) {
      case 'candidate':
        this.#candidates.push(name);
        if (isLink) this.#marks.set(name, kind === 'broken-link' ? 'b' : 'l');
        return;
      case 'image':
        this.#images.push(name);
        if (isLink) this.#imageLinks.set(name, kind === 'broken-link');
        return;
      case 'unknown':
        this.#unknown.push(name);
        return;
      case 'other':
        return;
    }
  }
}
