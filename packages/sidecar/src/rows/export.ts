import type { Fault } from '@tandem/files';
import { jsonString } from '../inspect.ts';
import type { DocumentReader, Reading } from '../scan/document-reader.ts';
import type { FolderCounts } from '../walk/walk-batch.ts';
import { csvField } from './csv-text.ts';
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
    if (this.#options.csv) this.#rows.row(csvRow(paths, name, image, reading));
    else this.#writeJson(paths, name, image, reading);
  }

  folder(paths: PathTexts, name: string, fault: Fault): void {
    this.#tally.unreadable += 1;
    const reading = { fault, size: null, format: null, summary: null };
    if (this.#options.csv) this.#rows.row(csvRow(paths, name, '', reading));
    else this.#writeJson(paths, name, '', reading);
  }

  takeTotals(counts: FolderCounts): string {
    const tally = this.#tally;
    const skipped = skippedJson(counts, tally.otherOperation);
    const totals = `{"items":${tally.items},${tally.json()},"skipped":${skipped}}`;
    tally.clear();
    return totals;
  }

  #writeJson(paths: PathTexts, name: string, image: string, reading: Told): void {
    const path = `"sidecar_path":${paths.literal(name)}${paths.rawBytes(name, 'sidecar_path_bytes')}`;
    const keyed = valuesOf(reading).map(
      ([key, value]) =>
        `"${key}":${typeof value === 'string' ? jsonString(value) : (value?.spelt ?? 'null')}`,
    );
    const row = `{${path},"image_path":${image === '' ? 'null' : paths.literal(image)},${keyed.join(',')}`;
    this.#rows.row(row);
    if (this.#options.withDocument) {
      this.#rows.more(',"document":');
      if (reading.summary === null) this.#rows.more('null');
      else this.#rows.bytes(onOneLine(this.#documents.document()));
    }
    this.#rows.more('}');
  }
}

/** In JSON a line break is white space wherever it may stand, so a space says the same and the row stays a line. */
function onOneLine(document: Uint8Array): Uint8Array {
  return document.includes(LF) || document.includes(CR)
    ? document.map((byte) => (byte === LF || byte === CR ? SPACE : byte))
    : document;
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;

type Told = Pick<Reading, 'fault' | 'size' | 'format' | 'summary'>;

/** Text, or something that stands as it is spelt in JSON and csv alike, or null. */
type Value = string | { readonly spelt: string | number | boolean } | null;

/** The columns that do not depend on where the file is. */
function valuesOf({ fault, size, format, summary }: Told): readonly (readonly [string, Value])[] {
  return [
    ['operation', summary === null ? null : operationName(summary)],
    ['detection_count', { spelt: summary?.detections ?? 0 }],
    ['tool_name', summary?.tool ?? null],
    ['success', spelt(summary?.success)],
    ['processing_time', spelt(summary?.processingTime)],
    ['created_at', summary?.createdAt ?? null],
    ['last_updated', summary?.lastUpdated ?? null],
    ['data_size', spelt(size)],
    ['format', format],
    ['is_valid', { spelt: fault === null }],
    ['error_code', fault?.code ?? null],
  ];
}

function spelt(value: string | number | boolean | null | undefined): Value {
  return value === null || value === undefined ? null : { spelt: value };
}

function csvRow(paths: PathTexts, name: string, image: string, reading: Told): string {
  const values = valuesOf(reading).map(([, value]) =>
    typeof value === 'string' || value === null ? value : String(value.spelt),
  );
  const imagePath = image === '' ? null : paths.shown(image);
  return [paths.shown(name), paths.base64(name), imagePath, ...values].map(csvField).join(',');
}
