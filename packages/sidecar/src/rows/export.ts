import type { Fault } from '@tandem/files';
import { type ExportRowValues, exportRow, exportRowCsv } from '../generated/row-writers.ts';
import type { DocumentReader, Reading } from '../scan/document-reader.ts';
import type { FolderCounts } from '../walk/walk-batch.ts';
import { skippedJson } from './json-counts.ts';
import type { PathTexts } from './path-text.ts';
import type { Candidate, Report, ReportOptions } from './report.ts';
import type { RowWriter } from './row-writer.ts';
import { operationName, VerdictTally } from './verdict-tally.ts';

/** spec/sidecar/reports.md, "export". */
export class ExportReport implements Report {
  readonly #rows: RowWriter;
  readonly #documents: DocumentReader;
  readonly #tally: VerdictTally;
  readonly #options: ReportOptions;

  constructor(rows: RowWriter, documents: DocumentReader, options: ReportOptions) {
    this.#rows = rows;
    this.#documents = documents;
    this.#options = options;
    this.#tally = new VerdictTally(options.operation);
  }

  get items(): number {
    return this.#tally.items;
  }

  file(candidate: Candidate): void {
    const reading = this.#documents.read(candidate);
    if (!this.#tally.add(reading)) return;
    const { paths, name, image } = candidate;
    this.#write(paths, name, image, reading);
  }

  folder(paths: PathTexts, name: string, fault: Fault): void {
    this.#tally.unreadable += 1;
    const reading = { fault, size: null, format: null, summary: null };
    this.#write(paths, name, '', reading);
  }

  takeTotals(counts: FolderCounts): string {
    const tally = this.#tally;
    const skipped = skippedJson(counts, tally.otherOperation);
    const totals = `{"items":${tally.items},${tally.json()},"skipped":${skipped}}`;
    tally.clear();
    return totals;
  }

  #write(paths: PathTexts, name: string, image: string, reading: Told): void {
    const row = valuesOf(image, reading);
    if (this.#options.csv) {
      this.#rows.row(exportRowCsv(paths, name, row));
      return;
    }
    this.#rows.row(exportRow(paths, name, row));
    if (this.#options.withDocument) {
      this.#rows.more(',"document":');
      if (reading.summary === null) this.#rows.more('null');
      else this.#rows.bytes(onOneLine(this.#documents.document()));
    }
    this.#rows.more('}');
  }
}

/**
 * A raw line break in valid JSON is always white space, so a space is equivalent and keeps the row on one
 * line.
 */
function onOneLine(document: Uint8Array): Uint8Array {
  return document.includes(LF) || document.includes(CR)
    ? document.map((byte) => (byte === LF || byte === CR ? SPACE : byte))
    : document;
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

type Told = Pick<Reading, 'fault' | 'size' | 'format' | 'summary'>;

function valuesOf(image: string, { fault, size, format, summary }: Told): ExportRowValues {
  return {
    imagePath: image === '' ? null : image,
    operation: summary === null ? null : operationName(summary),
    detectionCount: summary?.detections ?? 0,
    toolName: summary?.tool ?? null,
    success: summary?.success ?? null,
    processingTime: summary?.processingTime ?? null,
    createdAt: summary?.createdAt ?? null,
    lastUpdated: summary?.lastUpdated ?? null,
    dataSize: size,
    format,
    isValid: fault === null,
    errorCode: fault?.code ?? null,
  };
}
