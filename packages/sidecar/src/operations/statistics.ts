import { sidecarHost } from '../engines/host.ts';
import { scanOperation } from '../scan/scan-operation.ts';
import { interruptedIn } from './interrupted.ts';
import { addCounts, type BatchTotals, Report } from './report.ts';
import { type ScanOptions, scanRequest } from './scan-request.ts';

/** What the documents of one operation add up to. */
export interface OperationTotals {
  count: number;
  /** Documents that tell their processing time, and the sum of it in seconds. */
  timed: number;
  seconds: number;
  /** Documents that tell whether they succeeded, and how many did. */
  judged: number;
  succeeded: number;
  bytes: number;
}

/** What the statistics add up to, before they become averages. */
export interface StatisticsTotals {
  items: number;
  images: number;
  /** Images that have a sidecar. */
  covered: number;
  symlinks: number;
  broken_symlinks: number;
  valid: number;
  invalid: number;
  unreadable: number;
  readonly operations: Record<string, OperationTotals>;
  readonly skipped: Record<string, number>;
  /** Raw paths, below the folder, of those that have the lock of a run. */
  readonly locks: string[];
}

/** One sidecar, as spec/sidecar/reports.md has it. */
export interface StatisticsRow {
  /** The first 16 hex digits of SHA-256 over the path below the folder. */
  readonly id: string;
  readonly image_path: string | null;
  readonly sidecar_path: string;
  readonly sidecar_path_bytes?: string;
  readonly operation: string;
  readonly symlink_info: {
    symlink_path: string;
    target_path: string;
    is_symlink: true;
    broken: boolean;
  } | null;
  readonly created_at: string | null;
  readonly last_updated: string | null;
  /** Bytes of the file. */
  readonly data_size: number;
  readonly is_valid: boolean;
  readonly format: 'json' | 'bin' | 'rkyv' | 'legacy' | null;
  readonly error_code: string | null;
}

const NUMBERS = [
  'items',
  'images',
  'covered',
  'symlinks',
  'broken_symlinks',
  'valid',
  'invalid',
  'unreadable',
] as const;

/** Counts images and sidecars and averages what the documents say. Throws as validate does. */
export async function statistics(options: ScanOptions): Promise<Report<StatisticsTotals>> {
  const request = scanRequest('stats', options);
  return new Report<StatisticsTotals>(
    sidecarHost().stream(scanOperation, request, options),
    {
      layout: options.layout ?? 'json',
      rows: options.summary ? null : 'sidecars',
      add: addStatistics,
      closing: (totals, complete) => ({
        directory: options.input ?? null,
        total_images: totals.images,
        images_with_sidecar: totals.covered,
        symlink_count: totals.symlinks,
        broken_symlinks: totals.broken_symlinks,
        total_sidecars: totals.items,
        valid_sidecars: totals.valid,
        invalid_sidecars: totals.invalid,
        unreadable_sidecars: totals.unreadable,
        coverage_percentage: totals.images === 0 ? 0 : (totals.covered / totals.images) * 100,
        ...averages(totals.operations),
        skipped: totals.skipped,
        filter_applied: request.operation === '' ? null : request.operation,
        interrupted: interruptedIn(options.input, totals.locks),
        complete,
      }),
    },
    {
      items: 0,
      images: 0,
      covered: 0,
      symlinks: 0,
      broken_symlinks: 0,
      valid: 0,
      invalid: 0,
      unreadable: 0,
      operations: {},
      skipped: {},
      locks: [],
    },
    options.onProgress,
  );
}

function addStatistics(totals: StatisticsTotals, batch: BatchTotals<StatisticsTotals>): void {
  for (const name of NUMBERS) totals[name] += batch[name];
  for (const [operation, more] of Object.entries(batch.operations)) {
    const sum = totals.operations[operation];
    if (sum === undefined) totals.operations[operation] = { ...more };
    else for (const name of Object.keys(sum) as (keyof OperationTotals)[]) sum[name] += more[name];
  }
  addCounts(totals.skipped, batch.skipped);
  totals.locks.push(...(batch.locks ?? []));
}

/** The older tool's four tables, by operation in the order of their names; an operation without a value is left out of a table. */
function averages(operations: Readonly<Record<string, OperationTotals>>): Readonly<Record<string, unknown>> {
  const sorted = Object.entries(operations).sort(([one], [other]) => (one < other ? -1 : 1));
  const table = (value: (totals: OperationTotals) => number | null): Readonly<Record<string, number>> =>
    Object.fromEntries(
      sorted.flatMap(([name, totals]) => {
        const one = value(totals);
        return one === null ? [] : [[name, one]];
      }),
    );
  return {
    operation_counts: table((totals) => totals.count),
    avg_processing_times: table((totals) => (totals.timed === 0 ? null : totals.seconds / totals.timed)),
    success_rate_percentages: table((totals) =>
      totals.judged === 0 ? null : (totals.succeeded / totals.judged) * 100,
    ),
    avg_data_sizes: table((totals) => (totals.count === 0 ? null : totals.bytes / totals.count)),
  };
}
