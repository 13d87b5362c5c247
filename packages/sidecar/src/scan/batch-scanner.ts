import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { rootPrefix } from '@tandem/files';
import { ExportReport } from '../rows/export.ts';
import { FormatsReport } from '../rows/formats.ts';
import { OrphansReport } from '../rows/orphans.ts';
import type { Report, ReportOptions } from '../rows/report.ts';
import { RowWriter } from '../rows/row-writer.ts';
import { StatsReport } from '../rows/stats.ts';
import { ValidateReport } from '../rows/validate.ts';
import { BatchPass } from './batch-pass.ts';
import { DocumentReader } from './document-reader.ts';
import type { ScanJob, ScannedBatch, ScanOptions } from './scan-job.ts';

/** How long a scan uses a thread before it yields, in milliseconds. */
const TURN_MS = 8;

/** Scans the files of one batch after another. Keeps its buffers: use one instance per thread. */
export class BatchScanner {
  readonly options: ScanOptions;
  readonly #prefix: string;
  readonly #rows: RowWriter;
  readonly #documents: DocumentReader;
  readonly #report: Report;
  #bytesBefore = 0;

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

  /** Null if the run was cancelled before the batch was complete. Throws only on a bug. */
  scan(job: ScanJob): ScannedBatch | null {
    const pass = this.#begin(job);
    return pass.advance(Number.POSITIVE_INFINITY) ? this.#take(job) : null;
  }

  /**
   * Like scan, but yields the thread every few milliseconds; this is also a chance for the run to be
   * cancelled.
   */
  async scanInTurns(job: ScanJob): Promise<ScannedBatch | null> {
    const pass = this.#begin(job);
    do {
      // Before the first turn too: many batches are done within one.
      await setImmediate();
      if (pass.advance(performance.now() + TURN_MS)) return this.#take(job);
    } while (!pass.isCancelled);
    return null;
  }

  #begin(job: ScanJob): BatchPass {
    this.#bytesBefore = this.#documents.bytesRead;
    return new BatchPass(job, this.#prefix, this.#report, this.#documents);
  }

  #take({ batch, room }: ScanJob): ScannedBatch {
    const { items } = this.#report;
    const { locks } = batch.counts;
    const totals = withLocks(this.#report.takeTotals(batch.counts), locks);
    return {
      rows: this.#rows.take(room),
      totals,
      items,
      bytes: this.#documents.bytesRead - this.#bytesBefore,
    };
  }
}

/** Every report lists the folders with the lock of a run: spec/sidecar/reports.md, "interrupted". */
function withLocks(totals: string, locks: readonly string[]): string {
  return locks.length === 0 ? totals : `${totals.slice(0, -1)},"locks":${JSON.stringify(locks)}}`;
}

/** Scans in a worker thread, which has nothing else to do. */
export function scanJob(job: ScanJob): ScannedBatch | null {
  const scanner = borrowScanner(job.options);
  const scanned = scanner.scan(job);
  if (scanned !== null) idle = scanner;
  return scanned;
}

/** Scans in a thread that other work needs too. */
export async function scanJobInTurns(job: ScanJob): Promise<ScannedBatch | null> {
  const scanner = borrowScanner(job.options);
  const scanned = await scanner.scanInTurns(job);
  if (scanned !== null) idle = scanner;
  return scanned;
}

/**
 * The unused scanner, kept as long as the options are the same. It is kept only after a complete batch: an
 * interrupted one leaves its counts behind.
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
