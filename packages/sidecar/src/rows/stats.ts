import { hash } from 'node:crypto';
import { type Fault, isAscii } from '@tandem/files';
import { jsonString } from '../inspect.ts';
import type { DocumentReader, Reading } from '../scan/document-reader.ts';
import type { FolderCounts, ImageLink } from '../walk/walk-batch.ts';
import { textOrNull } from './fault-text.ts';
import { skippedJson } from './json-counts.ts';
import { OperationSums } from './operation-sums.ts';
import { type PathTexts, pathLiteral } from './path-text.ts';
import type { Candidate, Report, ReportOptions } from './report.ts';
import type { RowWriter } from './row-writer.ts';
import { operationName, VerdictTally } from './verdict-tally.ts';

/** spec/sidecar/reports.md, "stats". */
export class StatsReport implements Report {
  readonly #rows: RowWriter;
  readonly #documents: DocumentReader;
  readonly #tally: VerdictTally;
  readonly #sums = new OperationSums();

  constructor(rows: RowWriter, documents: DocumentReader, options: ReportOptions) {
    this.#rows = rows;
    this.#documents = documents;
    this.#tally = new VerdictTally(options.operation);
  }

  get items(): number {
    return this.#tally.items;
  }

  file(candidate: Candidate): void {
    const reading = this.#documents.readSummary(candidate);
    if (!this.#tally.add(reading)) return;
    const { paths, name, folder, image, imageLink } = candidate;
    const { summary, size, fault, format } = reading;
    if (summary !== null) this.#sums.add(summary, size ?? 0);
    const imagePath = image === '' ? 'null' : paths.literal(image);
    const link = imageLink === null ? 'null' : linkText(paths, imageLink);
    const operation = summary === null ? 'null' : `"${operationName(summary)}"`;
    const path = `"sidecar_path":${paths.literal(name)}${paths.rawBytes(name, 'sidecar_path_bytes')}`;
    const times = `"created_at":${textOrNull(summary?.createdAt ?? null)},"last_updated":${this.#lastUpdated(reading)}`;
    const verdict = `"data_size":${size},"is_valid":${fault === null},"format":${format === null ? 'null' : `"${format}"`},"error_code":${fault === null ? 'null' : `"${fault.code}"`}`;
    this.#rows.row(
      `{"id":"${idOf(folder + name)}","image_path":${imagePath},${path},"operation":${operation},"symlink_info":${link},${times},${verdict}}`,
    );
  }

  folder(paths: PathTexts, name: string, fault: Fault): void {
    this.#tally.unreadable += 1;
    const path = `"sidecar_path":${paths.literal(name)}${paths.rawBytes(name, 'sidecar_path_bytes')}`;
    this.#rows.row(
      `{"id":"${idOf(name)}","image_path":null,${path},"operation":null,"symlink_info":null,"created_at":null,"last_updated":null,"data_size":null,"is_valid":false,"format":null,"error_code":"${fault.code}"}`,
    );
  }

  takeTotals(counts: FolderCounts): string {
    const tally = this.#tally;
    const images = `"images":${counts.images},"covered":${counts.covered},"symlinks":${counts.symlinks},"broken_symlinks":${counts.brokenSymlinks}`;
    const skipped = skippedJson(counts, tally.otherOperation);
    const totals = `{"items":${tally.items},${images},${tally.json()},"operations":${this.#sums.takeJson()},"skipped":${skipped}}`;
    tally.clear();
    return totals;
  }

  /** What the document says, else when its file was last written. */
  #lastUpdated({ summary }: Reading): string {
    const told = summary?.lastUpdated ?? null;
    if (told !== null) return jsonString(told);
    const facts = this.#documents.facts();
    return facts === null ? 'null' : isoTime(facts.modifiedNs);
  }
}

/** The first 16 hex digits of SHA-256 over the raw path below the root. */
function idOf(below: string): string {
  const bytes = isAscii(below) ? below : Buffer.from(below, 'latin1');
  return hash('sha256', bytes, 'hex').slice(0, 16);
}

function linkText(paths: PathTexts, { name, target, broken }: ImageLink): string {
  return `{"symlink_path":${paths.literal(name)},"target_path":${pathLiteral(target)},"is_symlink":true,"broken":${broken}}`;
}

const NS_PER_MS = 1_000_000n;

/** Nanoseconds since 1970 as `YYYY-MM-DDTHH:MM:SS.mmmZ`, cut and not rounded; null beyond what a Date can tell. */
function isoTime(ns: bigint): string {
  const cut = ns / NS_PER_MS - (ns % NS_PER_MS < 0n ? 1n : 0n);
  return JSON.stringify(new Date(Number(cut)));
}
