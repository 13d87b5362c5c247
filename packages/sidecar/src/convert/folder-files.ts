import type { SidecarFormat } from '../generated/formats.ts';
import { PathTexts } from '../rows/path-text.ts';
import type { EntryMark, Segment, WalkBatch } from '../walk/walk-batch.ts';
import { FolderNames } from './folder-names.ts';
import { type Entry, failed, faultOf } from './outcome.ts';
import type { PlannedFile } from './planner.ts';
import type { Made } from './replay.ts';
import type { Sweeper } from './sweep.ts';

/** What is known about the folder whose files are being planned. */
interface OpenFolder {
  readonly folder: string;
  readonly paths: PathTexts;
  readonly names: FolderNames;
}

/**
 * Yields the files of batches one by one, each with what must be known about its folder. Sweeps folders as it
 * reaches them.
 */
export class FolderFiles {
  readonly #prefix: string;
  readonly #extension: SidecarFormat;
  readonly #made: Made | null;
  readonly #sweeper: Sweeper | null;
  #open: OpenFolder | null = null;
  /**
   * Scratch files in folders without candidates, as counted by the walk: no file has led to these folders
   * yet.
   */
  #unseenScratch = 0;
  #begun = false;

  /**
   * @param prefix the raw path of the root, with a trailing slash
   * @param extension of the targets
   * @param made files that the run itself has created in a folder that it returns to: skipped
   * @param sweeper null if nothing may be written
   */
  constructor(prefix: string, extension: SidecarFormat, made: Made | null, sweeper: Sweeper | null) {
    this.#prefix = prefix;
    this.#extension = extension;
    this.#made = made;
    this.#sweeper = sweeper;
  }

  /** Yields the files to be planned, and entries for folders that could not be walked. */
  *of(batch: WalkBatch): Generator<PlannedFile | Entry, void, undefined> {
    this.#unseenScratch += batch.counts.scratch;
    // The root contains the run's own scratch, whether or not files lead there.
    if (!this.#begun && this.#made === null) this.#enter('');
    this.#begun = true;
    for (const segment of batch.segments) {
      if (segment.fault === null) yield* this.#files(segment);
      else {
        const outcome = failed(faultOf(segment.fault));
        yield { paths: new PathTexts(this.#prefix), name: segment.folder.slice(0, -1), outcome };
      }
    }
  }

  /**
   * Called at the end of the walk: sweeps the folders that no file led to, if the walk has seen scratch
   * there.
   */
  sweepRest(): void {
    if (this.#unseenScratch > 0) this.#sweeper?.sweepTree(this.#prefix);
  }

  /**
   * Lists the open folder again, because it has been locked since: this shows what other runs did there
   * before.
   */
  relisted(): FolderNames {
    const open = this.#open as OpenFolder;
    this.#open = { ...open, names: new FolderNames(open.paths.prefix, this.#extension) };
    return this.#open.names;
  }

  /** The folder whose files are being planned; '' before the first. */
  get folder(): string {
    return this.#open?.paths.prefix ?? '';
  }

  *#files(segment: Segment): Generator<PlannedFile, void, undefined> {
    this.#enter(segment.folder);
    const made = this.#made?.folder === segment.folder ? this.#made.names : null;
    for (const [index, name] of segment.names.split('/').entries()) {
      if (made?.has(name)) continue;
      const { paths, names } = this.#open as OpenFolder;
      const mark = segment.marks === '' ? 'f' : (segment.marks[index] as EntryMark);
      yield { paths, name, mark, names };
    }
  }

  #enter(folder: string): void {
    if (this.#open?.folder === folder) return;
    const path = this.#prefix + folder;
    let names = new FolderNames(path, this.#extension);
    this.#unseenScratch -= names.scratch.length;
    // When the sweep took the folder's lock, the folder may already have changed.
    if (this.#sweeper?.sweep(path, names.scratch)) names = new FolderNames(path, this.#extension);
    this.#open = { folder, paths: new PathTexts(path), names };
  }
}
