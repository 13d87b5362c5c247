import { LIMITS, TandemError } from '@tandem/engine';
import { decodeCursor, encodeCursor, FolderStack, firstAfter, rootPrefix } from '@tandem/files';
import { PairedFolder } from '../pairing/pair-folder.ts';
import { type FolderFailure, type FolderListing, readFolder } from './read-folder.ts';
import {
  type BatchWalk,
  type EntryMark,
  type FolderCounts,
  noCounts,
  type Segment,
  segment,
  type WalkBatch,
} from './walk-batch.ts';

/** A folder with candidates that have yet to be handed out. */
interface OpenFolder {
  readonly path: string;
  readonly listing: FolderListing;
  readonly paired: PairedFolder | null;
  next: number;
}

/**
 * Walks a folder by spec/sidecar/walk.md, one batch per call, with a stack of its own: depth uses no call
 * stack, and memory holds the largest folder and the names of the folders still to be walked.
 */
export class FolderWalk implements BatchWalk {
  readonly #root: string;
  readonly #prefix: string;
  readonly #pairs: boolean;
  readonly #after: string;
  readonly #batchWeight: number;
  readonly #folders = new FolderStack();
  #open: OpenFolder | null = null;
  #started = false;

  /**
   * Accesses nothing before the first batch is requested.
   * @param root raw, without trailing slashes
   * @param pairs whether the images of the folders are wanted
   * @param after a cursor, or '' to start at the beginning
   * @param batchWeight smaller in tests
   */
  constructor(root: string, pairs: boolean, after: string, batchWeight: number = LIMITS.batchWeight) {
    this.#root = root;
    this.#prefix = rootPrefix(root);
    this.#pairs = pairs;
    this.#after = after;
    this.#batchWeight = batchWeight;
  }

  next(): WalkBatch | null {
    const segments: Segment[] = [];
    const counts = noCounts();
    let weight = 0;
    let cursor = '';
    if (!this.#started) {
      this.#started = true;
      const first = this.#after === '' ? this.#enter('', segments, counts) : this.#resume(segments, counts);
      if (first !== null) {
        weight += 1;
        cursor = first;
      }
    }
    while (weight < this.#batchWeight) {
      if (this.#open !== null) {
        const taken = this.#take(this.#open, this.#batchWeight - weight);
        segments.push(taken.segment);
        weight += taken.weight;
        cursor = taken.cursor;
        continue;
      }
      const folder = this.#folders.pop();
      if (folder === null) break;
      cursor = this.#enter(folder, segments, counts);
      weight += 1;
    }
    return weight === 0 ? null : { segments, counts, cursor };
  }

  /** Lists a folder whose turn has come, and returns its cursor. */
  #enter(path: string, segments: Segment[], counts: FolderCounts): string {
    const listing = this.#list(path);
    if (typeof listing === 'string') {
      segments.push(segment({ folder: path, fault: faultOf(listing) }));
      return encodeCursor(path, null);
    }
    counts.system += listing.counts.system;
    counts.scratch += listing.counts.scratch;
    counts.notAFile += listing.counts.notAFile;
    counts.linkedFolder += listing.counts.linkedFolder;
    if (listing.hasLock) counts.locks.push(path);
    this.#folders.push(path, listing.folders);
    this.#begin(path, listing, 0)?.count(counts);
    return encodeCursor(path, null);
  }

  /** Opens a folder at a candidate. */
  #begin(path: string, listing: FolderListing, next: number): PairedFolder | null {
    const paired = this.#pairs ? new PairedFolder(listing, this.#prefix + path) : null;
    if (next < listing.candidates.length) this.#open = { path, listing, paired, next };
    return paired;
  }

  /** The next candidates of a folder, at most as many as fit into the batch. */
  #take(open: OpenFolder, room: number): { segment: Segment; weight: number; cursor: string } {
    const { path, listing, paired } = open;
    const end = Math.min(open.next + room, listing.candidates.length);
    const names = listing.candidates.slice(open.next, end);
    const images = paired?.imagesOf(names) ?? '';
    open.next = end;
    if (end === listing.candidates.length) this.#open = null;
    const taken = segment({
      folder: path,
      names: names.join('/'),
      marks: marksOf(names, listing.marks),
      images,
      uncertain: paired?.uncertain(names) ?? '',
      imageLinks: images === '' ? [] : (paired?.linksOf(images) ?? []),
    });
    return { segment: taken, weight: names.length, cursor: encodeCursor(path, names.at(-1) as string) };
  }

  /**
   * Descends to the position at which the earlier run stopped and leaves on the stack what comes after it.
   * The folders on the way were counted by that run. Returns a cursor if the last of them has a row, because
   * it failed after some of its candidates were done.
   */
  #resume(segments: Segment[], counts: FolderCounts): string | null {
    const { folder, candidate } = decodeCursor(this.#after);
    let path = '';
    for (const name of folder.split('/').slice(0, -1)) {
      const { folders } = orEmpty(this.#list(path));
      this.#folders.push(path, folders, name);
      path += `${name}/`;
    }
    const listing = this.#list(path);
    if (typeof listing === 'string') {
      return candidate === null ? null : this.#enter(path, segments, counts);
    }
    this.#folders.push(path, listing.folders);
    this.#begin(path, listing, candidate === null ? 0 : firstAfter(listing.candidates, candidate));
    return null;
  }

  #list(path: string): FolderListing | FolderFailure {
    const listing = path === '' ? readFolder(this.#root, true) : readFolder(this.#prefix + path, false);
    if (path === '' && typeof listing === 'string') throw rootError(listing, this.#root);
    return listing;
  }
}

function faultOf(failure: FolderFailure): 'ERR_TANDEM_NOT_FOUND' | 'ERR_TANDEM_FOLDER_UNREADABLE' {
  return failure === 'unreadable' ? 'ERR_TANDEM_FOLDER_UNREADABLE' : 'ERR_TANDEM_NOT_FOUND';
}

const ROOT_CODES = {
  missing: 'ERR_TANDEM_INPUT_MISSING',
  'not-a-folder': 'ERR_TANDEM_INPUT_NOT_A_FOLDER',
  unreadable: 'ERR_TANDEM_INPUT_UNREADABLE',
} as const;

function rootError(failure: FolderFailure, root: string): TandemError {
  return new TandemError(ROOT_CODES[failure], { path: Buffer.from(root, 'latin1').toString('utf8') });
}

function orEmpty(listing: FolderListing | FolderFailure): Pick<FolderListing, 'folders'> {
  return typeof listing === 'string' ? { folders: [] } : listing;
}

function marksOf(names: readonly string[], marks: ReadonlyMap<string, EntryMark>): string {
  if (marks.size === 0) return '';
  return names.map((name) => marks.get(name) ?? 'f').join('');
}
