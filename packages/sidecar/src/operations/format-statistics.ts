import { Report, tandemHost } from '@tandem/job';
import { FORMAT_FACTS, FORMATS } from '../generated/formats.ts';
import {
  type FormatFinding,
  type FormatReport,
  type FormatTotals,
  noFormatTotals,
} from '../generated/reports.ts';
import { scanOperation } from '../scan/scan-operation.ts';
import { type ScanOptions, scanRequest } from './scan-request.ts';

/** A run of format-stats. */
export type FormatRun = Report<FormatTotals, FormatReport, FormatFinding>;

/** Counts the files of each format by their first bytes. Throws as validate does. */
export async function formatStatistics(options: ScanOptions): Promise<FormatRun> {
  return new Report(
    tandemHost().stream(scanOperation, scanRequest('formats', options), options),
    {
      layout: options.layout ?? 'json',
      rows: options.summary ? null : 'findings',
      closing: (totals, complete) => ({
        directory: options.input ?? null,
        format_distribution: distribution(totals),
        legacy_files: totals.legacy,
        total_files: totals.items,
        skipped: totals.skipped,
        generated_at: new Date().toISOString(),
        complete,
      }),
    },
    noFormatTotals(),
    options.onProgress,
  );
}

function distribution(totals: FormatTotals): FormatReport['format_distribution'] {
  const counts = FORMATS.map((format) => [FORMAT_FACTS[format].label, totals[format]]);
  return Object.fromEntries(counts) as FormatReport['format_distribution'];
}
