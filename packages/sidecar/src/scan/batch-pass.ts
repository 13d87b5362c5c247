import { performance } from 'node:perf_hooks';
import { readFault } from '@tandem/files';
import { PathTexts } from '../rows/path-text.ts';
import type { Report } from '../rows/report.ts';
import type { EntryMark, ImageLink, Segment } from '../walk/walk-batch.ts';
import type { DocumentReader } from './document-reader.ts';
import type { ScanJob } from './scan-job.ts';

/** Files between two checks of the clock. */
const FILES_A_LOOK = 8;

/** The files of one segment, with the data they share. */
interface OpenSegment {
  readonly segment: Segment;
  readonly paths: PathTexts;
  readonly names: readonly string[];
  /** Null if no file has an image. */
  readonly images: readonly string[] | null;
  readonly links: ReadonlyMap<string, ImageLink>;
}

/**
 * One batch in progress: its files are processed one by one, and the work can be interrupted between two of
 * them.
 */
export class BatchPass {
  readonly #job: ScanJob;
  readonly #prefix: string;
  readonly #report: Report;
  readonly #documents: DocumentReader;
  #nextSegment = 0;
  #open: OpenSegment | null = null;
  #nextName = 0;

  /** @param prefix the raw path of the root, with a trailing slash; '' for a list */
  constructor(job: ScanJob, prefix: string, report: Report, documents: DocumentReader) {
    this.#job = job;
    this.#prefix = prefix;
    this.#report = report;
    this.#documents = documents;
  }

  get isCancelled(): boolean {
    return Atomics.load(this.#job.cancelled, 0) !== 0;
  }

  /**
   * Processes files until the batch is complete, and then returns true; false when the time is over or the
   * run was cancelled.
   * @param until a time of performance.now(), or Infinity
   */
  advance(until: number): boolean {
    for (let files = 1; ; files++) {
      if (this.#open === null && !this.#openNext()) return true;
      if (this.isCancelled) return false;
      this.#lookAtNext();
      const isTimeToLook = files % FILES_A_LOOK === 0 && until !== Number.POSITIVE_INFINITY;
      if (isTimeToLook && performance.now() > until) return false;
    }
  }

  /** Goes to the next segment with files; writes the rows of folders that have one on the way. */
  #openNext(): boolean {
    const { segments } = this.#job.batch;
    for (
      let segment = segments[this.#nextSegment++];
      segment !== undefined;
      segment = segments[this.#nextSegment++]
    ) {
      if (segment.fault === null) {
        this.#open = openSegment(segment, this.#prefix);
        this.#nextName = 0;
        return true;
      }
      const name = segment.folder.slice(0, -1);
      this.#report.folder(new PathTexts(this.#prefix), name, readFault(segment.fault));
    }
    return false;
  }

  #lookAtNext(): void {
    const { segment, paths, names, images, links } = this.#open as OpenSegment;
    const { folder, marks, uncertain, imagesUnknown } = segment;
    const index = this.#nextName++;
    if (this.#nextName === names.length) this.#open = null;
    const name = names[index] as string;
    const path = paths.prefix + name;
    const mark = marks === '' ? 'f' : (marks[index] as EntryMark);
    const image = images?.[index] ?? '';
    const imageLink = links.get(image) ?? null;
    const isUncertain = uncertain !== '' && uncertain[index] === '1';
    try {
      this.#report.file({ paths, path, name, mark, folder, image, imageLink, isUncertain, imagesUnknown });
    } finally {
      this.#documents.close();
    }
  }
}

function openSegment(segment: Segment, prefix: string): OpenSegment {
  return {
    segment,
    paths: new PathTexts(prefix + segment.folder),
    names: segment.names.split('/'),
    images: segment.images === '' ? null : segment.images.split('/'),
    links: new Map(segment.imageLinks.map((link) => [link.name, link])),
  };
}
