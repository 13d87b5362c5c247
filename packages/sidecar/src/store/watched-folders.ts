import { type BigIntStats, statSync } from 'node:fs';
import { toFsPath } from '@tandem/files';
import { FolderPairs } from '../pairing/folder-pairs.ts';
import { readFolder } from '../walk/read-folder.ts';

/** Names that are read again for a group, at most: half a thousand for each of its files. A folder that changes all the time costs no more. */
const MOST_NAMES_AGAIN = 1 << 20;

interface Watched {
  /** Null where it cannot be read. */
  readonly pairs: FolderPairs | null;
  /** What the system said of it before it was read, or after our last change to it. */
  seen: string | null;
}

/**
 * The images of the folders that files are moved out of, group by group. A look costs one stat: a folder is read again when it is not
 * as our last look or move has left it. What somebody changes in the very tick of the clock of our own move cannot be seen so; hence
 * `readAnew`, once a group.
 */
export class WatchedFolders {
  readonly #folders = new Map<string, Watched>();
  #namesLeft = MOST_NAMES_AGAIN;

  beginGroup(): void {
    this.#folders.clear();
    this.#namesLeft = MOST_NAMES_AGAIN;
  }

  /** The images of a folder as it is now; null where it cannot be read, or changes too often. */
  look(folder: string): FolderPairs | null {
    const known = this.#folders.get(folder);
    if (known !== undefined && known.seen !== null && known.seen === stampOf(folder)) return known.pairs;
    if (known !== undefined && this.#namesLeft <= 0) return null;
    return this.#read(folder, known !== undefined);
  }

  /** Something of ours was moved out of it. */
  moved(folder: string): void {
    const known = this.#folders.get(folder);
    if (known !== undefined) known.seen = stampOf(folder);
  }

  /** Reads it, whatever its times say. */
  readAnew(folder: string): FolderPairs | null {
    return this.#read(folder, false);
  }

  #read(folder: string, counts: boolean): FolderPairs | null {
    // Before it is read: what changes meanwhile is then seen by the next look.
    const seen = stampOf(folder);
    const listing = readFolder(folder, true);
    const pairs = typeof listing === 'string' ? null : new FolderPairs(listing.images, listing.unknown);
    if (counts) this.#namesLeft -= typeof listing === 'string' ? 1 : listing.size + 1;
    this.#folders.set(folder, { pairs, seen });
    return pairs;
  }
}

/** What tells one state of a folder from another; null where nothing can be learnt of it. */
function stampOf(folder: string): string | null {
  let now: BigIntStats | undefined;
  try {
    now = statSync(toFsPath(folder), { bigint: true, throwIfNoEntry: false });
  } catch {
    return null;
  }
  return now === undefined ? null : `${now.dev} ${now.ino} ${now.mtimeNs} ${now.ctimeNs} ${now.nlink}`;
}
