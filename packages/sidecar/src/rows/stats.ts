import { hash } from 'node:crypto';
import { type Fault, isAscii } from '@tandem/files';
import { statisticsRow } from '../generated/row-writers.ts';
import type { DocumentReader, Reading } from '../scan/document-reader.ts';
import type { FolderCounts, ImageLink } from '../walk/walk-batch.ts';
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
    const row = {
      id: idOf(folder + name),
      imagePath: image === '' ? null : image,
      operation: summary === null ? null : operationName(summary),
      symlinkInfo: imageLink === null ? 'null' : linkText(paths, imageLink),
      createdAt: summary?.createdAt ?? null,
      lastUpdated: this.#lastUpdated(reading),
      dataSize: size,
      isValid: fault === null,
      format,
      errorCode: fault?.code ?? null,
    };
    this.#rows.row(statisticsRow(paths, name, row));
  }

  folder(paths: PathTexts, name: string, fault: Fault): void {
    this.#tally.unreadable += 1;
    const nothing = { imagePath: null, operation: null, createdAt: null, lastUpdated: null, dataSize: null };
    const row = { ...nothing, symlinkInfo: 'null', isValid: false, format: null, errorCode: fault.code };
    this.#rows.row(statisticsRow(paths, name, { id: idOf(name), ...row }));
  }

  takeTotals(counts: FolderCounts): string {
    const tally = this.#tally;
    const images = `"images":${counts.images},"covered":${counts.covered},"symlinks":${counts.symlinks},"broken_symlinks":${counts.brokenSymlinks}`;
    const skipped = skippedJson(counts, tally.otherOperation);
    const totals = `{"items":${tally.items},${images},${tally.json()},"operations":${this.#sums.takeJson()},"skipped":${skipped}}`;
    tally.clear();
    return totals;
  }

  /** The time in the document, otherwise the modification time of its file. */
  #lastUpdated({ summary }: Reading): string | null {
    const told = summary?.lastUpdated ?? null;
    if (told !== null) return told;
    const facts = this.#documents.facts();
    return facts === null ? null : isoTime(facts.modifiedNs);
  }
}

/** The first 16 hex digits of SHA-256 over the raw path relative to the root. */
function idOf(below: string): string {
  const bytes = isAscii(below) ? below : Buffer.from(below, 'latin1');
  return hash('sha256', bytes, 'hex').slice(0, 16);
}

function linkText(paths: PathTexts, { name, target, broken }: ImageLink): string {
  return `{"symlink_path":${paths.literal(name)},"target_path":${pathLiteral(target)},"is_symlink":true,"broken":${broken}}`;
}

const NS_PER_MS = 1_000_000n;

/**
 * Nanoseconds since 1970 as `YYYY-MM-DDTHH:MM:SS.mmmZ`, truncated, not rounded; null beyond the range of a
 * Date.
 */
function isoTime(ns: bigint): string | null {
  const cut = ns / NS_PER_MS - (ns % NS_PER_MS < 0n ? 1n : 0n);
  // Not toISOString(), which throws for a time out of range.
  return new Date(Number(cut)).toJSON();
}
