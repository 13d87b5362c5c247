import type { ErrorCode } from '@tandem/engine';

/**
 * The type of a candidate's directory entry: a regular file (`f`), a link to one or to something out of reach
 * (`l`), a link that leads nowhere (`b`), and, in a list only, something that is not a file (`o`).
 */
export type EntryMark = 'f' | 'l' | 'b' | 'o';

/** An image that is a symbolic link. */
export interface ImageLink {
  readonly name: string;
  /** The raw text of the link. */
  readonly target: string;
  readonly broken: boolean;
}

/**
 * Candidates of one folder, in order. Plain data for a worker; many names are transferred as one string,
 * because a string with one byte per character is copied at the speed of memory.
 */
export interface Segment {
  /** Raw path relative to the root; '' or with a trailing slash. */
  readonly folder: string;
  /** The fault if the folder itself has a row and no candidates, or null. */
  readonly fault: ErrorCode | null;
  /** Names joined by '/'. */
  readonly names: string;
  /** One EntryMark per name; '' if all are regular files. */
  readonly marks: string;
  /** The image of each name, or nothing, joined by '/'; '' if none has one or images were not requested. */
  readonly images: string;
  /**
   * One `0` or `1` per name: whether a file of the same name beside it may be its image; '' if this applies
   * to none, or images were not requested.
   */
  readonly uncertain: string;
  readonly imageLinks: readonly ImageLink[];
  /** Whether the folder of listed files could not be read, so that the images in it are unknown. */
  readonly imagesUnknown: boolean;
}

/** Counts of the folders that begin in a batch. */
export interface FolderCounts {
  system: number;
  scratch: number;
  notAFile: number;
  linkedFolder: number;
  images: number;
  /** Images with a sidecar. */
  covered: number;
  /** Images that are links, and those of them that lead nowhere. */
  symlinks: number;
  brokenSymlinks: number;
  /** Raw paths, relative to the root, of the folders that contain the lock of a run. */
  locks: string[];
}

/** A batch of spec/sidecar/walk.md: the entries to be examined, before they are examined. */
export interface WalkBatch {
  readonly segments: readonly Segment[];
  readonly counts: FolderCounts;
  readonly cursor: string;
}

export function noCounts(): FolderCounts {
  return {
    system: 0,
    scratch: 0,
    notAFile: 0,
    linkedFolder: 0,
    images: 0,
    covered: 0,
    symlinks: 0,
    brokenSymlinks: 0,
    locks: [],
  };
}

/** A segment with default values for everything that is not given. */
export function segment(given: Partial<Segment> & { readonly folder: string }): Segment {
  return {
    fault: null,
    names: '',
    marks: '',
    images: '',
    uncertain: '',
    imageLinks: [],
    imagesUnknown: false,
    ...given,
  };
}

/** The items of one batch, from the walk of a folder or of a list. */
export interface BatchWalk {
  /** The next batch, or null at the end. Throws a TandemError of kind run if the root cannot be listed. */
  next(): WalkBatch | null;
}
