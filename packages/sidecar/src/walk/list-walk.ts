import { LIMITS } from '@tandem/engine';
import { decodeListCursor, type EntryKind, folderOf, lookedUpKind } from '@tandem/files';
import { PairedFolder } from '../pairing/pair-folder.ts';
import { readFolder } from './read-folder.ts';
import {
  type BatchWalk,
  type EntryMark,
  noCounts,
  type Segment,
  segment,
  type WalkBatch,
} from './walk-batch.ts';

const MARKS: Readonly<Record<EntryKind, EntryMark>> = {
  file: 'f',
  'file-link': 'l',
  'broken-link': 'b',
  folder: 'o',
  special: 'o',
  'folder-link': 'o',
  'special-link': 'o',
  // Opening it reports what is wrong.
  gone: 'f',
};

/**
 * The files of a list, in its order: spec/sidecar/walk.md, "With a list". No folder is walked, so nothing is
 * counted.
 */
export class ListWalk implements BatchWalk {
  readonly #list: readonly string[];
  readonly #pairs: boolean;
  readonly #after: string;
  #next = -1;
  /** The folder of the last name: lists tend to be ordered by folder. */
  #folder: ListedFolder | null = null;

  /**
   * @param list raw paths
   * @param pairs whether the images beside them are wanted
   * @param after a cursor, or '' to start at the beginning
   */
  constructor(list: readonly string[], pairs: boolean, after: string) {
    this.#list = list;
    this.#pairs = pairs;
    this.#after = after;
  }

  next(): WalkBatch | null {
    if (this.#next < 0) this.#next = decodeListCursor(this.#after, this.#list.length);
    const end = Math.min(this.#next + LIMITS.batchWeight, this.#list.length);
    if (this.#next === end) return null;
    const segments: Segment[] = [];
    while (this.#next < end) segments.push(this.#takeFolder(end));
    return { segments, counts: noCounts(), cursor: String(end) };
  }

  /** The next names, as long as they have the same folder. */
  #takeFolder(end: number): Segment {
    const folder = folderOf(this.#list[this.#next] as string);
    const names: string[] = [];
    let marks = '';
    while (this.#next < end) {
      const path = this.#list[this.#next] as string;
      if (folderOf(path) !== folder) break;
      names.push(path.slice(folder.length));
      marks += MARKS[lookedUpKind(path)];
      this.#next += 1;
    }
    const found = { folder, names: names.join('/'), marks };
    if (!this.#pairs) return segment(found);
    const { paired } = this.#listed(folder);
    if (paired === null) return segment({ ...found, imagesUnknown: true });
    const images = paired.imagesOf(names);
    return segment({
      ...found,
      images,
      uncertain: paired.uncertain(names),
      imageLinks: paired.linksOf(images),
    });
  }

  #listed(folder: string): ListedFolder {
    if (this.#folder?.path !== folder) this.#folder = listFolder(folder);
    return this.#folder;
  }
}

interface ListedFolder {
  readonly path: string;
  /** Null if the folder cannot be read. */
  readonly paired: PairedFolder | null;
}

function listFolder(path: string): ListedFolder {
  const listing = readFolder(path === '' ? '.' : path, true);
  return { path, paired: typeof listing === 'string' ? null : new PairedFolder(listing, path) };
}
