import { TandemError } from '@tandem/engine';
import { sidecarHost } from '../engines/host.ts';
import { scanOperation } from '../scan/scan-operation.ts';
import { Report } from './report.ts';
import { type ScanOptions, scanRequest } from './scan-request.ts';
import { addValidation, type ValidateTotals } from './validate.ts';

/** One sidecar with what it says, as spec/sidecar/reports.md has it. */
export interface ExportRow {
  readonly sidecar_path: string;
  readonly sidecar_path_bytes?: string;
  readonly image_path: string | null;
  readonly operation: string;
  readonly detection_count: number;
  readonly tool_name: string | null;
  readonly success: boolean | null;
  /** Seconds. */
  readonly processing_time: number | null;
  readonly created_at: string | null;
  readonly last_updated: string | null;
  readonly data_size: number;
  readonly format: 'json' | 'bin' | 'rkyv' | 'legacy' | null;
  readonly is_valid: boolean;
  readonly error_code: string | null;
  readonly document?: unknown;
}

/** The columns of csv, in their order. */
export const EXPORT_COLUMNS: readonly string[] = [
  'sidecar_path',
  'sidecar_path_bytes',
  'image_path',
  'operation',
  'detection_count',
  'tool_name',
  'success',
  'processing_time',
  'created_at',
  'last_updated',
  'data_size',
  'format',
  'is_valid',
  'error_code',
];

/** Every sidecar with what it says; with `withDocument` the document too. Throws as validate does. */
export async function exportSidecars(options: ScanOptions): Promise<Report<ValidateTotals>> {
  if (options.withDocument && options.layout === 'csv') {
    const params = {
      option: 'the option withDocument',
      problem: 'adds documents, and csv has no column for them',
      cure: 'leave it out, or ask for json or ndjson',
    };
    throw new TandemError('ERR_TANDEM_BAD_OPTION', { params });
  }
  const request = scanRequest('export', options);
  return new Report<ValidateTotals>(
    sidecarHost().stream(scanOperation, request, options),
    {
      layout: options.layout ?? 'json',
      rows: 'sidecars',
      ...(options.layout === 'csv' ? { header: EXPORT_COLUMNS.join(',') } : {}),
      add: addValidation,
      closing: (totals, complete) => ({
        source_directory: options.input ?? null,
        total_sidecars: totals.items,
        skipped: totals.skipped,
        filter_applied: request.operation === '' ? null : request.operation,
        exported_at: new Date().toISOString(),
        complete,
      }),
    },
    { items: 0, valid: 0, invalid: 0, unreadable: 0, skipped: {}, locks: [] },
    options.onProgress,
  );
}
