import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { ExportReport } from '../rows/export.ts';
import { FormatsReport } from '../rows/formats.ts';
import { OrphansReport } from '../rows/orphans.ts';
import { PathTexts } from '../rows/path-text.ts';
import type { Report, ReportOptions } from '../rows/report.ts';
import { RowWriter } from '../rows/row-writer.ts';
import { StatsReport } from '../rows/stats.ts';
import { ValidateReport } from '../rows/validate.ts';
import { rootPrefix } from '../walk/raw-path.ts';
import type { EntryMark, ImageLink, Segment, WalkBatch } from '../walk/walk-batch.ts';
import { DocumentReader } from './document-reader.ts';
import { readFault } from './file-reader.ts';
import type { ScanJob, ScannedBatch, ScanOptions } from './scan-job.ts';

/** How long a thread is kept from others, in milliseconds. */
const TURN_MS = 8;

/** Looks at the files of one batch after another. Keeps its buffers: one for each thread. */
export class BatchScanner {
  readonly options: ScanOptions;
  readonly #prefix: string;
  readonly #rows: RowWriter;
  readonly #documents: DocumentReader;
  readonly #report: Report;

  constructor(options: ScanOptions) {
    this.options = options;
    this.#prefix = rootPrefix(options.root);
    this.#rows = new RowWriter(options.separator);
    this.#documents = new DocumentReader(options);
    this.#report = reportOf(options, this.#rows, this.#documents, {
      operation: options.operation,
      withDocument: options.withDocument,
      csv: options.separator === '\r\n',
      rootPrefix: this.#prefix,
    });
  }

  /** Null when the run was cancelled before the batch was whole. Throws only for a mistake of ours. */
  scan({ batch, cancelled }: ScanJob): ScannedBatch | null {
    const begun = this.#documents.bytesRead;
    const files = this.#files(batch);
    while (files.next().done !== true) if (Atomics.load(cancelled, 0) !== 0) return null;
    return this.#take(batch, begun);
  }

  /** As scan, but lets others have the thread every few milliseconds; what cancels a run may be among them. */
  async scanInTurns({ batch, cancelled }: ScanJob): Promise<ScannedBatch | null> {
    const begun = this.#documents.bytesRead;
    const files = this.#files(batch);
    // The first turn begins after others had theirs: many a batch is done within one.
    let turn = Number.NEGATIVE_INFINITY;
    while (files.next().done !== true) {
      if (performance.now() - turn > TURN_MS) {
        await setImmediate();
        turn = performance.now();
      }
      if (Atomics.load(cancelled, 0) !== 0) return null;
    }
    return this.#take(batch, begun);
  }

  #take({ counts }: WalkBatch, begun: number): ScannedBatch {
    const { items } = this.#report;
    const totals = this.#report.takeTotals(counts);
    return { rows: this.#rows.take(), totals, items, bytes: this.#documents.bytesRead - begun };
  }

  /** Looks at the files one by one, and stops before each. */
  *#files(batch: WalkBatch): Generator<void, void, undefined> {
    for (const segment of batch.segments) {
      const { folder, fault } = segment;
      if (fault === null) yield* this.#filesOf(segment);
      else this.#report.folder(new PathTexts(this.#prefix), folder.slice(0, -1), readFault(fault));
    }
  }

  *#filesOf({
    folder,
    names,
    marks,
    images,
    imageLinks,
    imagesUnknown,
  }: Segment): Generator<void, void, undefined> {
    const paths = new PathTexts(this.#prefix + folder);
    const imageNames = images === '' ? null : images.split('/');
    const links = new Map<string, ImageLink>(imageLinks.map((link) => [link.name, link]));
    for (const [index, name] of names.split('/').entries()) {
      yield;
      const image = imageNames?.[index] ?? '';
      const mark = marks === '' ? 'f' : (marks[index] as EntryMark);
      const imageLink = links.get(image) ?? null;
      try {
        this.#report.file({
          paths,
          path: paths.prefix + name,
          name,
          mark,
          folder,
          image,
          imageLink,
          imagesUnknown,
        });
      } finally {
        this.#documents.close();
      }
    }
  }
}

/** Scans in a worker thread, which has nothing else to do. */
export function scanJob(job: ScanJob): ScannedBatch | null {
  const scanner = borrowScanner(job.options);
  const scanned = scanner.scan(job);
  if (scanned !== null) idle = scanner;
  return scanned;
}

/** Scans in a thread that others need too. */
export async function scanJobInTurns(job: ScanJob): Promise<ScannedBatch | null> {
  const scanner = borrowScanner(job.options);
  const scanned = await scanner.scanInTurns(job);
  if (scanned !== null) idle = scanner;
  return scanned;
}

/**
 * The scanner that nobody uses, for as long as the options are the same. It is given back only when its batch was whole:
 * one that was broken off leaves its counts behind.
 */
let idle: BatchScanner | null = null;

function borrowScanner(options: ScanOptions): BatchScanner {
  const scanner =
    idle !== null && isDeepStrictEqual(idle.options, options) ? idle : new BatchScanner(options);
  idle = null;
  return scanner;
}

function reportOf(
  options: ScanOptions,
  rows: RowWriter,
  documents: DocumentReader,
  wanted: ReportOptions,
): Report {
  switch (options.report) {
    case 'validate':
      return new ValidateReport(rows, documents, wanted);
    case 'stats':
      return new StatsReport(rows, documents, wanted);
    case 'formats':
      return new FormatsReport(rows, documents);
    case 'export':
      return new ExportReport(rows, documents, wanted);
    case 'orphans':
      return new OrphansReport(rows, documents, wanted);
  }
}
