import { sidecarHost } from '../engines/host.ts';
import { scanOperation } from '../scan/scan-operation.ts';
import { addCounts, Report } from './report.ts';
import { type ScanOptions, scanRequest } from './scan-request.ts';

/** How many files there are of each form, by content. */
export interface FormatTotals {
  items: number;
  json: number;
  bin: number;
  rkyv: number;
  /** Those of `bin` and `rkyv` (by their extension) that hold the older tool's form. */
  legacy: number;
  readonly skipped: Record<string, number>;
}

/** A file whose content is not what its extension says, or says nothing. */
export interface FormatFinding {
  readonly file_path: string;
  readonly file_path_bytes?: string;
  readonly finding: 'extension_mismatch' | 'unreadable' | 'empty' | 'unknown_format';
  readonly extension: 'json' | 'bin' | 'rkyv';
  readonly content: string | null;
}

const NUMBERS = ['items', 'json', 'bin', 'rkyv', 'legacy'] as const;

/** Counts the files of each form by their first bytes. Throws as validate does. */
export async function formatStatistics(options: ScanOptions): Promise<Report<FormatTotals>> {
  return new Report<FormatTotals>(
    sidecarHost().stream(scanOperation, scanRequest('formats', options), options),
    {
      layout: options.layout ?? 'json',
      rows: options.summary ? null : 'findings',
      add: addFormats,
      closing: (totals, complete) => ({
        directory: options.input ?? null,
        format_distribution: { Json: totals.json, Binary: totals.bin, Rkyv: totals.rkyv },
        legacy_files: totals.legacy,
        total_files: totals.items,
        skipped: totals.skipped,
        generated_at: new Date().toISOString(),
        complete,
      }),
    },
    { items: 0, json: 0, bin: 0, rkyv: 0, legacy: 0, skipped: {} },
    options.onProgress,
  );
}

function addFormats(totals: FormatTotals, batch: FormatTotals): void {
  for (const name of NUMBERS) totals[name] += batch[name];
  addCounts(totals.skipped, batch.skipped);
}
