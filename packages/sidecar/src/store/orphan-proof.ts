import { hash } from 'node:crypto';
import { type BigIntStats, lstatSync } from 'node:fs';
import { folderOf, toFsPath } from '@tandem/files';
import type { FolderPairs } from '../pairing/folder-pairs.ts';
import { isNamedImageThere } from '../pairing/named-image.ts';
import { DocumentReader, type ReadingOptions } from '../scan/document-reader.ts';
import { WatchedFolders } from './watched-folders.ts';

/** An orphan in the plan, and its file facts at that time: spec/sidecar/reports.md, "orphans". */
export interface PlannedOrphan {
  /** Raw. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** In decimal, as in the plan. */
  readonly device: string;
  readonly inode: string;
  readonly mtimeNs: string;
}

/** What else must be known about an orphan before it is moved. */
export interface ProvedOrphan {
  readonly sha256: string;
  /** The image that its document names, which does not exist; null if it names none. */
  readonly imagePath: string | null;
}

/** An orphan with its proof. */
export interface Proved {
  readonly orphan: PlannedOrphan;
  readonly proved: ProvedOrphan;
}

/** Why a planned orphan is left in place after all. */
export type LeftReason = 'changed' | 'image_found' | 'image_elsewhere' | 'image_uncertain';

/** Proves orphans again: spec/sidecar/cleanup.md, "Steps". */
export class OrphanProof {
  readonly #documents: DocumentReader;
  readonly #rootPrefix: string;
  readonly #folders = new WatchedFolders();

  /** @param rootPrefix the raw path of the root with a trailing slash */
  constructor(rootPrefix: string, options: Omit<ReadingOptions, 'lint'>) {
    this.#rootPrefix = rootPrefix;
    this.#documents = new DocumentReader({ ...options, lint: false });
  }

  /** Reads the whole file: it must be what was planned, and still a sidecar that names no existing image. */
  read(planned: PlannedOrphan): ProvedOrphan | LeftReason {
    const folder = folderOf(planned.path);
    const reading = this.#documents.read({
      path: planned.path,
      name: planned.path.slice(folder.length),
      mark: 'f',
    });
    try {
      const facts = this.#documents.facts();
      if (reading.summary === null || facts === null || reading.size !== planned.size) return 'changed';
      const { device, inode, modifiedNs } = facts;
      const isSame =
        `${device}` === planned.device && `${inode}` === planned.inode && `${modifiedNs}` === planned.mtimeNs;
      if (!isSame || !reading.summary.isSidecar) return 'changed';
      const { bytes, length } = this.#documents.file;
      const { imagePath } = reading.summary;
      const proved = { sha256: hash('sha256', bytes.subarray(0, length), 'hex'), imagePath };
      return this.#isNamedThere(imagePath, folder) ? 'image_elsewhere' : proved;
    } finally {
      this.#documents.close();
    }
  }

  /** Forgets the folders: they are read again for the next group. */
  beginGroup(): void {
    this.#folders.beginGroup();
  }

  /** Records that a file was moved out of its folder. */
  moved(planned: PlannedOrphan): void {
    this.#folders.moved(folderOf(planned.path));
  }

  /**
   * After the moves of a group: yields each moved orphan that now has an image, with the reason why it must
   * be put back. Each folder is read once more.
   */
  *returned<T extends Proved>(moved: readonly T[]): Generator<readonly [T, LeftReason], void, undefined> {
    const folders = new Map<string, FolderPairs | null>();
    for (const each of moved) {
      const folder = folderOf(each.orphan.path);
      let pairs = folders.get(folder);
      if (pairs === undefined) {
        pairs = this.#folders.readAnew(folder);
        folders.set(folder, pairs);
      }
      // A folder that disappeared has no images.
      const reason = pairs === null ? null : this.#imageReason(pairs, each.orphan, each.proved);
      if (reason !== null) yield [each, reason];
    }
  }

  /**
   * Checks an orphan just before its move: it must have no image beside it, name no existing image and still
   * be the same file. Null if it may be moved.
   */
  again(planned: PlannedOrphan, proved: ProvedOrphan): LeftReason | null {
    const pairs = this.#folders.look(folderOf(planned.path));
    if (pairs === null) return 'changed';
    const reason = this.#imageReason(pairs, planned, proved);
    if (reason !== null) return reason;
    return isAsPlanned(planned, planned.path) ? null : 'changed';
  }

  #imageReason(pairs: FolderPairs, { path }: PlannedOrphan, { imagePath }: ProvedOrphan): LeftReason | null {
    const folder = folderOf(path);
    const name = path.slice(folder.length);
    if (pairs.imageOf(name) !== null) return 'image_found';
    if (this.#isNamedThere(imagePath, folder)) return 'image_elsewhere';
    return pairs.mayHaveImage(name) ? 'image_uncertain' : null;
  }

  #isNamedThere(imagePath: string | null, folder: string): boolean {
    return imagePath !== null && isNamedImageThere(imagePath, folder, this.#rootPrefix);
  }
}

/** Whether the file at a path is the file of the plan, unchanged. */
export function isAsPlanned({ size, device, inode, mtimeNs }: PlannedOrphan, path: string): boolean {
  let now: BigIntStats | undefined;
  try {
    now = lstatSync(toFsPath(path), { bigint: true, throwIfNoEntry: false });
  } catch {
    // Its folder was replaced by something else, or is out of reach: the move would fail as well.
    return false;
  }
  if (now === undefined || !now.isFile()) return false;
  return (
    now.size === BigInt(size) &&
    `${now.dev}` === device &&
    `${now.ino}` === inode &&
    `${now.mtimeNs}` === mtimeNs
  );
}
