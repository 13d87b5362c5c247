import type { BatchStream, FallbackEvent, Selection } from '@tandem/engine';
import { TandemError } from '@tandem/engine';
import type { RowBatch } from '@tandem/native';

/** The progress of a run; `files` counts rows and the files that were left out. */
export interface Progress {
  readonly files: number;
  readonly bytes: number;
  /** Seconds since the run began. */
  readonly seconds: number;
}

/** The layout of a report: one JSON document, one JSON row per line, or comma-separated values. */
export type ReportLayout = 'json' | 'ndjson' | 'csv';

/** The keys that follow the rows in a JSON document. */
export type ReportClosing<Whole> = Omit<Whole, RowsKey>;

/** The keys of rows in JSON documents. */
export type RowsKey = 'results' | 'sidecars' | 'findings';

/** What an operation declares about its report. */
export interface ReportPlan<Totals, Whole> {
  readonly layout: ReportLayout;
  /** The key of the rows in a JSON document; null leaves them out. */
  readonly rows: RowsKey | null;
  /** The first line of csv, without its line end. */
  readonly header?: string;
  /** The keys that follow the rows in a JSON document. */
  closing(totals: Totals, complete: boolean): ReportClosing<Whole>;
}

/**
 * One run of an operation: its report in pieces, then its totals. A run that was stopped (time limit, abort)
 * still yields a whole report with `complete: false`, and `stoppedBy` is the reason; when it is read by rows,
 * that error is thrown after the last one.
 */
export class Report<Totals extends object, Whole extends object = object, Row = unknown> {
  readonly totals: Totals;
  readonly #plan: ReportPlan<Totals, Whole>;
  readonly #stream: BatchStream<RowBatch>;
  readonly #began = performance.now();
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  #stoppedBy: TandemError | null = null;
  #closing: ReportClosing<Whole> | null = null;
  #files = 0;
  #bytes = 0;

  constructor(
    stream: BatchStream<RowBatch>,
    plan: ReportPlan<Totals, Whole>,
    nothing: Totals,
    onProgress?: (progress: Progress) => void,
  ) {
    this.#stream = stream;
    this.#plan = plan;
    this.totals = nothing;
    this.#onProgress = onProgress;
  }

  get selection(): Selection {
    return this.#stream.selection;
  }

  get fallbacks(): readonly FallbackEvent[] {
    return this.#stream.fallbacks;
  }

  /** Why the run ended early, or null. */
  get stoppedBy(): TandemError | null {
    return this.#stoppedBy;
  }

  /** The keys that follow the rows in a JSON document; null until the report has been read to its end. */
  get closing(): ReportClosing<Whole> | null {
    return this.#closing;
  }

  /** Seconds since the run began. */
  get seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  /** The whole report as UTF-8, in pieces of any length; it can be read once. Throws what ends a run before its first row. */
  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of this.#pieces()) yield new Uint8Array(piece);
  }

  /**
   * Like chunks(), without a copy: `write` may use each piece until its promise is fulfilled. Memory does not
   * grow with the report.
   */
  async writeTo(write: (piece: Uint8Array) => Promise<void>): Promise<void> {
    for await (const piece of this.#pieces()) await write(piece);
  }

  async *#pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    const { layout, rows, header } = this.#plan;
    const separator = layout === 'csv' ? '\r\n' : layout === 'json' ? ',\n' : '\n';
    const lineEnd = layout === 'json' ? '' : separator;
    let between = '';
    if (layout === 'json' && rows !== null) yield Buffer.from(`{"${rows}":[\n`);
    if (header !== undefined) yield Buffer.from(`${header}${separator}`);
    for await (const batch of this.#rowPieces()) {
      if (rows === null) continue;
      if (between !== '') yield Buffer.from(between);
      yield batch;
      between = separator;
    }
    if (layout !== 'json') {
      if (between !== '') yield Buffer.from(lineEnd);
      return;
    }
    const closing = JSON.stringify(this.#closing);
    yield Buffer.from(rows === null ? `${closing}\n` : `\n],${closing.slice(1)}\n`);
  }

  /**
   * Instead of chunks(): only the rows, one batch per piece; for the layout json a piece is the inside of an
   * array. Rows have no `complete`, so the error that stopped the run is thrown after the last one.
   */
  async *rowBatches(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const rows of this.#rowPieces()) yield new Uint8Array(rows);
    if (this.#stoppedBy !== null) throw this.#stoppedBy;
  }

  /** Like rowBatches(), parsed one batch at a time; for every layout but csv. */
  async *rows(): AsyncGenerator<Row, void, undefined> {
    const { layout } = this.#plan;
    if (layout === 'csv') {
      const params = { problem: 'a report of csv has no rows to parse', cure: "ask for the layout 'ndjson'" };
      throw new TandemError('ERR_TANDEM_BAD_ARGUMENT', { params });
    }
    for await (const batch of this.#rowPieces()) {
      const text = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength).toString('utf8');
      if (layout === 'json') yield* JSON.parse(`[${text}]`) as Row[];
      else for (const line of text.split('\n')) yield JSON.parse(line) as Row;
    }
    if (this.#stoppedBy !== null) throw this.#stoppedBy;
  }

  /** The whole report as an object; for folders whose rows fit in memory. */
  async collect(): Promise<Whole> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.chunks()) chunks.push(chunk);
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Whole;
  }

  async *#rowPieces(): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const { rows } of this.#batches()) if (rows.length > 0) yield rows;
  }

  async *#batches(): AsyncGenerator<RowBatch, void, undefined> {
    try {
      for await (const batch of this.#stream) {
        addTotals(this.totals, JSON.parse(batch.totals) as object);
        this.#files += batch.items;
        this.#bytes += batch.bytes;
        this.#onProgress?.({ files: this.#files, bytes: this.#bytes, seconds: this.seconds });
        yield batch;
      }
    } catch (error) {
      if (!isStop(error)) throw error;
      this.#stoppedBy = error;
    }
    this.#closing = this.#plan.closing(this.totals, this.#stoppedBy === null);
  }
}

const STOPS: ReadonlySet<string> = new Set(['ERR_TANDEM_TIMEOUT', 'ERR_TANDEM_ABORTED']);

/** Whether a run was ended from outside, so that its report is what it did until then. */
export function isStop(error: unknown): error is TandemError {
  return error instanceof TandemError && STOPS.has(error.code);
}

/** Adds the totals of a batch, key by key: numbers, counts by name, lists of names. */
export function addTotals(totals: object, batch: object): void {
  const sums = totals as Record<string, number | object>;
  for (const [name, more] of Object.entries(batch) as [string, number | object][]) {
    if (typeof more === 'number') sums[name] = Number(sums[name] ?? 0) + more;
    else if (Array.isArray(more)) (sums[name] as unknown[]).push(...(more as unknown[]));
    else {
      sums[name] ??= {};
      addTotals(sums[name] as object, more);
    }
  }
}
