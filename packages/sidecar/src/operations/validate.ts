import { sidecarHost } from '../engines/host.ts';
import { scanOperation } from '../scan/scan-operation.ts';
import { interruptedIn } from './interrupted.ts';
import { addCounts, type BatchTotals, Report } from './report.ts';
import { type ScanOptions, scanRequest } from './scan-request.ts';

/** What a validation adds up to: items = valid + invalid + unreadable; what was skipped is beside it, by reason. */
export interface ValidateTotals {
  items: number;
  valid: number;
  invalid: number;
  unreadable: number;
  readonly skipped: Record<string, number>;
  /** Raw paths, below the folder, of those that have the lock of a run. */
  readonly locks: string[];
}

/** Something legal and yet worth knowing; offset in bytes. */
export interface RowFinding {
  readonly finding: string;
  readonly offset: number;
}

/** One file, as spec/sidecar/reports.md has it. */
export interface ValidationRow {
  readonly file_path: string;
  /** base64 of the raw path, where it is not UTF-8. */
  readonly file_path_bytes?: string;
  readonly is_valid: boolean;
  readonly error: string | null;
  /** Seconds that this file took. */
  readonly processing_time: number;
  readonly file_size: number | null;
  readonly detection_count: number;
  readonly tool_name: string | null;
  /** The older tool's spelling, such as FaceDetection. */
  readonly operation_type: string | null;
  readonly format: 'json' | 'bin' | 'rkyv' | 'legacy' | null;
  readonly error_code: string | null;
  readonly error_offset: number | null;
  readonly error_line: number | null;
  readonly error_column: number | null;
  readonly hint: string | null;
  readonly findings: readonly RowFinding[];
}

/** Checks every sidecar of a folder or list. Throws what scanRequest and EngineHost.stream throw, before any work. */
export async function validate(options: ScanOptions): Promise<Report<ValidateTotals>> {
  const host = sidecarHost();
  const request = scanRequest('validate', options);
  const directory = options.input ?? null;
  return new Report<ValidateTotals>(
    host.stream(scanOperation, request, options),
    {
      layout: options.layout ?? 'json',
      rows: options.summary ? null : 'results',
      add: addValidation,
      closing: (totals, complete) => ({
        directory,
        total_files: totals.items,
        valid_files: totals.valid,
        // The older tool had no word for a file that cannot be read: scripts look here.
        invalid_files: totals.invalid + totals.unreadable,
        unreadable_files: totals.unreadable,
        skipped: totals.skipped,
        filter_applied: request.operation === '' ? null : request.operation,
        interrupted: interruptedIn(options.input, totals.locks),
        complete,
      }),
    },
    { items: 0, valid: 0, invalid: 0, unreadable: 0, skipped: {}, locks: [] },
    options.onProgress,
  );
}

/** Adds a batch to the totals. */
export function addValidation(totals: ValidateTotals, batch: BatchTotals<ValidateTotals>): void {
  totals.items += batch.items;
  totals.valid += batch.valid;
  totals.invalid += batch.invalid;
  totals.unreadable += batch.unreadable;
  addCounts(totals.skipped, batch.skipped);
  totals.locks.push(...(batch.locks ?? []));
}
