import type { SidecarFormat } from '../formats/format.ts';
import { PathTexts } from '../rows/path-text.ts';
import type { EntryMark, Segment, WalkBatch } from '../walk/walk-batch.ts';
import { FolderNames } from './folder-names.ts';
import { type Entry, failed, faultOf } from './outcome.ts';
import type { PlannedFile } from './planner.ts';
import type { Made } from './replay.ts';
import type { Sweeper } from './sweep.ts';

/** What is known of the folder whose files are being planned. */
interface OpenFolder {
  readonly folder: string;
  readonly paths: PathTexts;
  readonly names: FolderNames;
}

/** Gives the files of batches one by one, each with what has to be known of its folder. Sweeps folders as it comes to them. */
export class FolderFiles {
  readonly #prefix: string;
  readonly #extension: SidecarFormat;
  readonly #made: Made | null;
  readonly #sweeper: Sweeper | null;
  #open: OpenFolder | null = null;
  /** Scratch in folders without candidates, as far as the walk has counted it: no file has led there yet. */
  #unseenScratch = 0;
  #begun = false;

  /**
   * @param prefix the raw path of the root, with a slash at its end
   * @param extension of the targets
   * @param made what the run itself has made in a folder it comes back to: passed over
   * @param sweeper null where nothing is to be written
   */
  constructor(prefix: string, extension: SidecarFormat, made: Made | null, sweeper: Sweeper | null) {
    this.#prefix = prefix;
    this.#extension = extension;
    this.#made = made;
    this.#sweeper = sweeper;
  }

  /** Files to be planned, and entries of folders that could not be walked. */
  *of(batch: WalkBatch): Generator<PlannedFile | Entry, void, undefined> {
    this.#unseenScratch += batch.counts.scratch;
    // The root has the run's own scratch, whether files lead there or not.
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

  /** At the end of the walk: sweeps the folders that no file led to, if the walk has seen scratch there. */
  sweepRest(): void {
    if (this.#unseenScratch > 0) this.#sweeper?.sweepTree(this.#prefix);
  }

  /** Lists the folder that is open once more, because it was locked by now: what others did there before is seen. */
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
    // What took the folder's lock may have found it changed by then.
    if (this.#sweeper?.sweep(path, names.scratch)) names = new FolderNames(path, this.#extension);
    this.#open = { folder, paths: new PathTexts(path), names };
  }
}
