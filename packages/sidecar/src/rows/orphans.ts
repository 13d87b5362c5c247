import type { Fault, FileFacts } from '@tandem/files';
import { planRow } from '../generated/row-writers.ts';
import { isNamedImageThere } from '../pairing/named-image.ts';
import type { DocumentReader, Reading } from '../scan/document-reader.ts';
import type { FolderCounts } from '../walk/walk-batch.ts';
import { countsJson, skippedJson } from './json-counts.ts';
import type { PathTexts } from './path-text.ts';
import type { Candidate, Report, ReportOptions } from './report.ts';
import type { RowWriter } from './row-writer.ts';
import { operationName, VerdictTally } from './verdict-tally.ts';

/** Why a sidecar without an image beside it is left in place, in the order of the totals. */
const REASONS = ['not_a_sidecar', 'unreadable', 'image_elsewhere', 'image_uncertain', 'link'] as const;
type Reason = (typeof REASONS)[number];

/**
 * spec/sidecar/reports.md, "orphans". Only a file that is certainly a sidecar, and certainly belongs to no
 * image, is an orphan.
 */
export class OrphansReport implements Report {
  readonly #rows: RowWriter;
  readonly #documents: DocumentReader;
  readonly #filter: VerdictTally;
  readonly #rootPrefix: string;
  #paired = 0;
  #orphans = 0;
  #left: Record<Reason, number> = noneLeft();

  constructor(rows: RowWriter, documents: DocumentReader, options: ReportOptions) {
    this.#rows = rows;
    this.#documents = documents;
    this.#filter = new VerdictTally(options.operation);
    this.#rootPrefix = options.rootPrefix;
  }

  get items(): number {
    const left = REASONS.reduce((sum, reason) => sum + this.#left[reason], 0);
    return this.#paired + this.#orphans + left;
  }

  file(candidate: Candidate): void {
    const { paths, name, mark } = candidate;
    if (candidate.image !== '') this.#paired += 1;
    else if (mark === 'l' || mark === 'b') this.#write(paths, name, 'link', null, null);
    else this.#unpaired(candidate);
  }

  folder(paths: PathTexts, name: string, _fault: Fault): void {
    this.#write(paths, name, 'unreadable', null, null);
  }

  takeTotals(counts: FolderCounts): string {
    const left = countsJson(REASONS.map((reason) => [reason, this.#left[reason]] as const));
    const sums = `"images":${counts.images},"paired":${this.#paired},"orphans":${this.#orphans},"left":${left}`;
    const skipped = skippedJson(counts, this.#filter.otherOperation);
    const totals = `{"items":${this.items},${sums},"skipped":${skipped}}`;
    this.#paired = 0;
    this.#orphans = 0;
    this.#left = noneLeft();
    this.#filter.clear();
    return totals;
  }

  #unpaired(candidate: Candidate): void {
    const { paths, name, imagesUnknown } = candidate;
    const reading = this.#documents.read(candidate);
    if (reading.summary !== null && this.#filter.isOther(reading.summary)) return;
    const verdict = imagesUnknown ? 'unreadable' : this.#verdict(reading, candidate);
    this.#write(paths, name, verdict, reading, this.#documents.facts());
  }

  #verdict({ summary }: Reading, { paths, isUncertain }: Candidate): Reason | 'orphan' {
    if (summary === null) return 'unreadable';
    if (!summary.isSidecar) return 'not_a_sidecar';
    const { imagePath } = summary;
    const isElsewhere = imagePath !== null && isNamedImageThere(imagePath, paths.prefix, this.#rootPrefix);
    if (isElsewhere) return 'image_elsewhere';
    return isUncertain ? 'image_uncertain' : 'orphan';
  }

  #write(
    paths: PathTexts,
    name: string,
    verdict: Reason | 'orphan',
    reading: Reading | null,
    facts: FileFacts | null,
  ): void {
    if (verdict === 'orphan') this.#orphans += 1;
    else this.#left[verdict] += 1;
    const summary = reading?.summary ?? null;
    const row = {
      verdict,
      kind: verdict === 'not_a_sidecar' ? (summary?.foreign ?? null) : null,
      operation: summary === null ? null : operationName(summary),
      dataSize: reading?.size ?? null,
      device: facts === null ? null : String(facts.device),
      inode: facts === null ? null : String(facts.inode),
      mtimeNs: facts === null ? null : String(facts.modifiedNs),
    };
    this.#rows.row(planRow(paths, name, row));
  }
}

function noneLeft(): Record<Reason, number> {
  return { not_a_sidecar: 0, unreadable: 0, image_elsewhere: 0, image_uncertain: 0, link: 0 };
}
