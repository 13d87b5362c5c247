import { performance } from 'node:perf_hooks';
import type { Fault } from '@tandem/files';
import { OPERATIONS } from '../generated/detection.ts';
import { validationRow } from '../generated/row-writers.ts';
import type { Finding } from '../inspect.ts';
import type { DocumentReader, Reading } from '../scan/document-reader.ts';
import type { FolderCounts } from '../walk/walk-batch.ts';
import { skippedJson } from './json-counts.ts';
import type { PathTexts } from './path-text.ts';
import type { Candidate, Report, ReportOptions } from './report.ts';
import type { RowWriter } from './row-writer.ts';
import { VerdictTally } from './verdict-tally.ts';

/** spec/sidecar/reports.md, "validate". */
export class ValidateReport implements Report {
  readonly #rows: RowWriter;
  readonly #documents: DocumentReader;
  readonly #tally: VerdictTally;

  constructor(rows: RowWriter, documents: DocumentReader, options: ReportOptions) {
    this.#rows = rows;
    this.#documents = documents;
    this.#tally = new VerdictTally(options.operation);
  }

  get items(): number {
    return this.#tally.items;
  }

  file(candidate: Candidate): void {
    const began = performance.now();
    const reading = this.#documents.read(candidate);
    if (!this.#tally.add(reading)) return;
    this.#write(candidate.paths, candidate.name, reading, performance.now() - began);
  }

  folder(paths: PathTexts, name: string, fault: Fault): void {
    this.#tally.unreadable += 1;
    this.#write(paths, name, { fault, size: null, format: null, summary: null, findings: [] }, 0);
  }

  takeTotals(counts: FolderCounts): string {
    const tally = this.#tally;
    const skipped = skippedJson(counts, tally.otherOperation);
    const totals = `{"items":${tally.items},${tally.json()},"skipped":${skipped}}`;
    tally.clear();
    return totals;
  }

  #write(paths: PathTexts, name: string, reading: Omit<Reading, 'isUnreadable'>, ms: number): void {
    const { fault, size, format, summary, findings } = reading;
    const row = {
      isValid: fault === null,
      error: fault?.message ?? null,
      processingTime: ms,
      fileSize: size,
      detectionCount: summary?.detections ?? 0,
      toolName: summary?.tool ?? null,
      operationType: summary === null ? null : (OPERATIONS[summary.operation]?.legacy ?? 'Unknown'),
      format,
      fault,
      findings: findingsText(findings),
    };
    this.#rows.row(validationRow(paths, name, row));
  }
}

function findingsText(findings: readonly Finding[]): string {
  if (findings.length === 0) return '[]';
  return `[${findings.map(({ finding, offset }) => `{"finding":"${finding}","offset":${offset}}`).join(',')}]`;
}
