import { performance } from 'node:perf_hooks';
import type { Fault } from '@tandem/files';
import { OPERATIONS } from '../generated/detection.ts';
import { type Finding, jsonString, type Summary } from '../inspect.ts';
import type { DocumentReader, Reading } from '../scan/document-reader.ts';
import type { FolderCounts } from '../walk/walk-batch.ts';
import { faultTail, NO_FAULT, textOrNull } from './fault-text.ts';
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
    const seconds = secondsText(performance.now() - began);
    this.#write(candidate.paths, candidate.name, reading, seconds);
  }

  folder(paths: PathTexts, name: string, fault: Fault): void {
    this.#tally.unreadable += 1;
    this.#write(paths, name, { fault, size: null, format: null, summary: null, findings: [] }, '0.000000');
  }

  takeTotals(counts: FolderCounts): string {
    const tally = this.#tally;
    const skipped = skippedJson(counts, tally.otherOperation);
    const totals = `{"items":${tally.items},${tally.json()},"skipped":${skipped}}`;
    tally.clear();
    return totals;
  }

  #write(paths: PathTexts, name: string, reading: Omit<Reading, 'isUnreadable'>, seconds: string): void {
    const { fault, size, format, summary, findings } = reading;
    const path = `{"file_path":${paths.literal(name)}${paths.rawBytes(name, 'file_path_bytes')}`;
    const verdict = `,"is_valid":${fault === null},"error":${fault === null ? 'null' : jsonString(fault.message)}`;
    const told = summary === null ? NOTHING_TOLD : toldBy(summary);
    this.#rows.row(
      `${path}${verdict},"processing_time":${seconds},"file_size":${size}${told},"format":${format === null ? 'null' : `"${format}"`},${fault === null ? NO_FAULT : faultTail(fault)},"findings":${findingsText(findings)}}`,
    );
  }
}

const NOTHING_TOLD = ',"detection_count":0,"tool_name":null,"operation_type":null';

function toldBy({ detections, tool, operation }: Summary): string {
  const legacy = OPERATIONS[operation]?.legacy ?? 'Unknown';
  return `,"detection_count":${detections},"tool_name":${textOrNull(tool)},"operation_type":"${legacy}"`;
}

function findingsText(findings: readonly Finding[]): string {
  if (findings.length === 0) return '[]';
  return `[${findings.map(({ finding, offset }) => `{"finding":"${finding}","offset":${offset}}`).join(',')}]`;
}

/** Milliseconds as seconds with six decimals. */
function secondsText(ms: number): string {
  const micros = Math.round(ms * 1000);
  return micros < 1e6 ? `0.${String(micros + 1e6).slice(1)}` : (micros / 1e6).toFixed(6);
}
