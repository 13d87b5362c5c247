import type { ErrorCode } from '@tandem/engine';

/**
 * What a candidate's directory entry is: a regular file (`f`), a link to one or to something out of reach (`l`), a link
 * that leads nowhere (`b`), and, in a list only, something that is no file (`o`).
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
 * Candidates of one folder, in order. Plain data for a worker; many names travel as one string, because a string of one
 * byte a character is copied at the speed of memory.
 */
export interface Segment {
  /** Raw path below the root; '' or with a slash at its end. */
  readonly folder: string;
  /** Why the folder itself has a row and no candidates, or null. */
  readonly fault: ErrorCode | null;
  /** Names joined by '/'. */
  readonly names: string;
  /** One EntryMark a name; '' where all are regular files. */
  readonly marks: string;
  /** The image of each name, or nothing, joined by '/'; '' where none has one or nobody asked. */
  readonly images: string;
  /** One `0` or `1` a name: whether a file of its name beside it may be its image; '' where none is, or nobody asked. */
  readonly uncertain: string;
  readonly imageLinks: readonly ImageLink[];
  /** The folder of listed files could not be read, so nobody knows which images are in it. */
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
  /** Raw paths, below the root, of those that have the lock of a run. */
  locks: string[];
}

/** A batch of spec/sidecar/walk.md: what to look at, before it is looked at. */
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

/** A segment with nothing but what is given. */
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

/** One batch's worth of items from the walk of a folder or of a list. */
export interface BatchWalk {
  /** The next batch, or null at the end. Throws a TandemError of kind run where the root cannot be listed. */
  next(): WalkBatch | null;
}
