import type { Fault } from '@tandem/files';
import { type Sniffed, sniff } from '../formats/detect.ts';
import { FORMAT_FACTS, FORMATS, type SidecarFormat, type StoredFormat } from '../generated/formats.ts';
import { formatFinding } from '../generated/row-writers.ts';
import type { DocumentReader } from '../scan/document-reader.ts';
import { promisedBy } from '../walk/name-class.ts';
import type { FolderCounts } from '../walk/walk-batch.ts';
import { skippedJson } from './json-counts.ts';
import type { PathTexts } from './path-text.ts';
import type { Candidate, Report } from './report.ts';
import type { RowWriter } from './row-writer.ts';

type Content = Sniffed | 'unreadable';
type FormatFinding = 'extension_mismatch' | 'unreadable' | 'empty' | 'unknown_format';

/**
 * spec/sidecar/reports.md, "format-stats". The format of a file is determined by its first bytes and its
 * size.
 */
export class FormatsReport implements Report {
  items = 0;
  readonly #rows: RowWriter;
  readonly #documents: DocumentReader;
  /**
   * Every file by its content, otherwise by its extension; `legacy` counts those of them in the older tool's
   * form.
   */
  #counts = noFiles();

  constructor(rows: RowWriter, documents: DocumentReader) {
    this.#rows = rows;
    this.#documents = documents;
  }

  file(candidate: Candidate): void {
    this.items += 1;
    const { paths, name } = candidate;
    const extension = promisedBy(name);
    const content = this.#sniff(candidate);
    const finding = findingOf(content, extension);
    const stored = storedAs(content);
    this.#counts[stored === null || stored === 'legacy' ? extension : stored] += 1;
    if (stored === 'legacy') this.#counts.legacy += 1;
    if (finding !== null) this.#write(paths, name, finding, extension, stored);
  }

  folder(paths: PathTexts, name: string, _fault: Fault): void {
    this.items += 1;
    this.#write(paths, name, 'unreadable', null, null);
  }

  takeTotals(counts: FolderCounts): string {
    const formats = JSON.stringify(this.#counts).slice(1, -1);
    const totals = `{"items":${this.items},${formats},"skipped":${skippedJson(counts)}}`;
    this.items = 0;
    this.#counts = noFiles();
    return totals;
  }

  #sniff(candidate: Candidate): Content {
    if (this.#documents.readHead(candidate) !== null) return 'unreadable';
    const { bytes, length, size } = this.#documents.file;
    return sniff(bytes, length, size ?? length);
  }

  #write(
    paths: PathTexts,
    name: string,
    finding: FormatFinding,
    extension: SidecarFormat | null,
    content: StoredFormat | null,
  ): void {
    this.#rows.row(formatFinding(paths, name, { finding, extension, content }));
  }
}

function noFiles(): Record<StoredFormat, number> {
  return Object.fromEntries([...FORMATS, 'legacy'].map((format) => [format, 0])) as Record<
    StoredFormat,
    number
  >;
}

function storedAs(content: Content): StoredFormat | null {
  if (content === 'empty' || content === 'unknown' || content === 'unreadable') return null;
  return content === 'legacy_cut' ? 'legacy' : content;
}

function findingOf(content: Content, extension: SidecarFormat): FormatFinding | null {
  if (content === 'unreadable' || content === 'empty') return content;
  if (content === 'unknown') return 'unknown_format';
  // The older tool wrote its form under both binary extensions.
  const isLegacy = content === 'legacy' || content === 'legacy_cut';
  return (isLegacy ? FORMAT_FACTS[extension].mayBeLegacy : content === extension)
    ? null
    : 'extension_mismatch';
}
