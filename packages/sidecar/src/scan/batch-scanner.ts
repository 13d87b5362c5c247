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
import type { EntryMark, ImageLink, Segment } from '../walk/walk-batch.ts';
import { DocumentReader } from './document-reader.ts';
import { readFault } from './file-reader.ts';
import type { ScanJob, ScannedBatch, ScanOptions } from './scan-job.ts';

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
    for (const segment of batch.segments) if (!this.#scanSegment(segment, cancelled)) return null;
    const { items } = this.#report;
    const totals = this.#report.takeTotals(batch.counts);
    return { rows: this.#rows.take(), totals, items, bytes: this.#documents.bytesRead - begun };
  }

  #scanSegment(segment: Segment, cancelled: Int32Array): boolean {
    const { folder, fault } = segment;
    if (fault !== null) {
      this.#report.folder(new PathTexts(this.#prefix), folder.slice(0, -1), readFault(fault));
      return true;
    }
    const paths = new PathTexts(this.#prefix + folder);
    const names = segment.names.split('/');
    const images = segment.images === '' ? null : segment.images.split('/');
    const links = new Map<string, ImageLink>(segment.imageLinks.map((link) => [link.name, link]));
    for (let index = 0; index < names.length; index++) {
      if (Atomics.load(cancelled, 0) !== 0) return false;
      const name = names[index] as string;
      const image = images?.[index] ?? '';
      try {
        this.#report.file({
          paths,
          path: paths.prefix + name,
          name,
          mark: segment.marks === '' ? 'f' : (segment.marks[index] as EntryMark),
          folder,
          image,
          imageLink: links.get(image) ?? null,
          imagesUnknown: segment.imagesUnknown,
        });
      } finally {
        this.#documents.close();
      }
    }
    return true;
  }
}

/** Scans for whoever is at work in this thread; a scanner is kept for as long as the options are the same. */
export function scanJob(job: ScanJob): ScannedBatch | null {
  if (kept === null || !isDeepStrictEqual(kept.options, job.options)) kept = new BatchScanner(job.options);
  const scanner = kept;
  // Not kept if it throws or is cancelled: a batch that was broken off leaves its counts behind.
  kept = null;
  const scanned = scanner.scan(job);
  if (scanned !== null) kept = scanner;
  return scanned;
}

let kept: BatchScanner | null = null;

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
