import { type BigIntStats, statSync } from 'node:fs';
import { toFsPath } from '@tandem/files';
import { FolderPairs } from '../pairing/folder-pairs.ts';
import { readFolder } from '../walk/read-folder.ts';

/**
 * The maximum number of names that are read again for a group: about five hundred for each of its files. A
 * folder that changes all the time costs no more.
 */
const MOST_NAMES_AGAIN = 1 << 20;

interface Watched {
  /** Null if it cannot be read. */
  readonly pairs: FolderPairs | null;
  /** The folder's stamp before it was read, or after the last move out of it; null if there was none. */
  seen: string | null;
}

/**
 * The images of the folders that files are moved out of, group by group. A look costs one stat: a folder is
 * read again if it is not as the last look or move left it. A change by another process within the same clock
 * tick as a move cannot be detected this way; hence `readAnew`, once per group.
 */
export class WatchedFolders {
  readonly #folders = new Map<string, Watched>();
  #namesLeft = MOST_NAMES_AGAIN;

  beginGroup(): void {
    this.#folders.clear();
    this.#namesLeft = MOST_NAMES_AGAIN;
  }

  /** The images of a folder as it is now; null if it cannot be read, or changes too often. */
  look(folder: string): FolderPairs | null {
    const known = this.#folders.get(folder);
    if (known !== undefined && known.seen !== null && known.seen === stampOf(folder)) return known.pairs;
    if (known !== undefined && this.#namesLeft <= 0) return null;
    return this.#read(folder, known !== undefined);
  }

  /** Records that a file was moved out of the folder. */
  moved(folder: string): void {
    const known = this.#folders.get(folder);
    if (known !== undefined) known.seen = stampOf(folder);
  }

  /** Reads the folder, whatever its times are. */
  readAnew(folder: string): FolderPairs | null {
    return this.#read(folder, false);
  }

  #read(folder: string, counts: boolean): FolderPairs | null {
    // Taken before the folder is read: a change during the reading is then seen by the next look.
    const seen = stampOf(folder);
    const listing = readFolder(folder, true);
    const pairs = typeof listing === 'string' ? null : new FolderPairs(listing.images, listing.unknown);
    if (counts) this.#namesLeft -= typeof listing === 'string' ? 1 : listing.size + 1;
    this.#folders.set(folder, { pairs, seen });
    return pairs;
  }
}

/** Distinguishes one state of a folder from another; null if nothing can be learned about the folder. */
function stampOf(folder: string): string | null {
  let now: BigIntStats | undefined;
  try {
    now = statSync(toFsPath(folder), { bigint: true, throwIfNoEntry: false });
  } catch {
    return null;
  }
  return now === undefined ? null : `${now.dev} ${now.ino} ${now.mtimeNs} ${now.ctimeNs} ${now.nlink}`;
}
