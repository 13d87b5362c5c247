import { badOption, Report, tandemHost } from '@tandem/job';
import {
  EXPORT_ROW_COLUMNS,
  type ExportReport,
  type ExportRow,
  noValidateTotals,
  type ValidateTotals,
} from '../generated/reports.ts';
import { scanOperation } from '../scan/scan-operation.ts';
import { type ScanOptions, scanRequest } from './scan-request.ts';

/** A run of export. */
export type ExportRun = Report<ValidateTotals, ExportReport, ExportRow>;

/**
 * Exports every sidecar with its summary; with `withDocument`, also its document. Throws as validate does.
 */
export async function exportSidecars(options: ScanOptions): Promise<ExportRun> {
  if (options.withDocument && options.layout === 'csv') {
    const problem = 'adds documents, and csv has no column for them';
    throw badOption('withDocument', problem, 'leave it out, or ask for json or ndjson');
  }
  const request = scanRequest('export', options);
  return new Report(
    tandemHost().stream(scanOperation, request, options),
    {
      layout: options.layout ?? 'json',
      rows: 'sidecars',
      ...(options.layout === 'csv' ? { header: EXPORT_ROW_COLUMNS.join(',') } : {}),
      closing: (totals, complete) => ({
        source_directory: options.input ?? null,
        total_sidecars: totals.items,
        skipped: totals.skipped,
        filter_applied: request.operation === '' ? null : request.operation,
        exported_at: new Date().toISOString(),
        complete,
      }),
    },
    noValidateTotals(),
    options.onProgress,
  );
}
