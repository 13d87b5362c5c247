import { hash } from 'node:crypto';
import { type BigIntStats, lstatSync } from 'node:fs';
import { folderOf, toFsPath } from '@tandem/files';
import type { FolderPairs } from '../pairing/folder-pairs.ts';
import { isNamedImageThere } from '../pairing/named-image.ts';
import { DocumentReader, type ReadingOptions } from '../scan/document-reader.ts';
import { WatchedFolders } from './watched-folders.ts';

/** An orphan by the plan, and what it was then: spec/sidecar/reports.md, "orphans". */
export interface PlannedOrphan {
  /** Raw. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** In decimal, as the plan tells them. */
  readonly device: string;
  readonly inode: string;
  readonly mtimeNs: string;
}

/** What else has to be known of an orphan before it is moved. */
export interface ProvedOrphan {
  readonly sha256: string;
  /** The image its document names, which is nowhere; null where it names none. */
  readonly imagePath: string | null;
}

/** An orphan with its proof. */
export interface Proved {
  readonly orphan: PlannedOrphan;
  readonly proved: ProvedOrphan;
}

/** Why an orphan by the plan is left where it is after all. */
export type LeftReason = 'changed' | 'image_found' | 'image_elsewhere' | 'image_uncertain';

/** Proves orphans again: spec/sidecar/cleanup.md, "Proof". */
export class OrphanProof {
  readonly #documents: DocumentReader;
  readonly #rootPrefix: string;
  readonly #folders = new WatchedFolders();

  /** @param rootPrefix the raw path of the root with a slash at its end */
  constructor(rootPrefix: string, options: Omit<ReadingOptions, 'lint'>) {
    this.#rootPrefix = rootPrefix;
    this.#documents = new DocumentReader({ ...options, lint: false });
  }

  /** Reads the file whole: it must be what was planned, and still a sidecar that names no image that is there. */
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

  /** Tells of a file that was moved out of its folder. */
  moved(planned: PlannedOrphan): void {
    this.#folders.moved(folderOf(planned.path));
  }

  /** After the moves of a group: of what was moved, what has an image now, and why it may not stay away. Each folder is read once more. */
  *returned<T extends Proved>(moved: readonly T[]): Generator<readonly [T, LeftReason], void, undefined> {
    const folders = new Map<string, FolderPairs | null>();
    for (const each of moved) {
      const folder = folderOf(each.orphan.path);
      let pairs = folders.get(folder);
      if (pairs === undefined) {
        pairs = this.#folders.readAnew(folder);
        folders.set(folder, pairs);
      }
      // A folder that went away has no images.
      const reason = pairs === null ? null : this.#imageReason(pairs, each.orphan, each.proved);
      if (reason !== null) yield [each, reason];
    }
  }

  /** Right before it is moved: no image beside it now, none that it names, and it is still the same file. Null where it may go. */
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

/** Whether what has a name now is the very file of the plan, unchanged. */
export function isAsPlanned({ size, device, inode, mtimeNs }: PlannedOrphan, path: string): boolean {
  let now: BigIntStats | undefined;
  try {
    now = lstatSync(toFsPath(path), { bigint: true, throwIfNoEntry: false });
  } catch {
    // Its folder became something else, or out of reach: moving it would fail as well.
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
