import { Report, tandemHost } from '@tandem/job';
import {
  noValidateTotals,
  type ValidateTotals,
  type ValidationReport,
  type ValidationRow,
} from '../generated/reports.ts';
import { scanOperation } from '../scan/scan-operation.ts';
import { interruptedIn } from './interrupted.ts';
import { type ScanOptions, scanRequest } from './scan-request.ts';

/** A run of validate. */
export type ValidateRun = Report<ValidateTotals, ValidationReport, ValidationRow>;

/**
 * Checks every sidecar of a folder or list. Throws what scanRequest and EngineHost.stream throw, before any
 * work.
 */
export async function validate(options: ScanOptions): Promise<ValidateRun> {
  const host = tandemHost();
  const request = scanRequest('validate', options);
  const directory = options.input ?? null;
  return new Report(
    host.stream(scanOperation, request, options),
    {
      layout: options.layout ?? 'json',
      rows: options.summary ? null : 'results',
      closing: (totals, complete) => ({
        directory,
        total_files: totals.items,
        valid_files: totals.valid,
        // The older tool had no term for an unreadable file: scripts look here.
        invalid_files: totals.invalid + totals.unreadable,
        unreadable_files: totals.unreadable,
        skipped: totals.skipped,
        filter_applied: request.operation === '' ? null : request.operation,
        interrupted: interruptedIn(options.input, totals.locks),
        complete,
      }),
    },
    noValidateTotals(),
    options.onProgress,
  );
}
