import { Report, tandemHost } from '@tandem/job';
import {
  noStatisticsTotals,
  type OperationTotals,
  type StatisticsReport,
  type StatisticsRow,
  type StatisticsTotals,
} from '../generated/reports.ts';
import { scanOperation } from '../scan/scan-operation.ts';
import { interruptedIn } from './interrupted.ts';
import { type ScanOptions, scanRequest } from './scan-request.ts';

/** A run of stats. */
export type StatisticsRun = Report<StatisticsTotals, StatisticsReport, StatisticsRow>;

/** Counts images and sidecars and averages the values in the documents. Throws as validate does. */
export async function statistics(options: ScanOptions): Promise<StatisticsRun> {
  const request = scanRequest('stats', options);
  return new Report(
    tandemHost().stream(scanOperation, request, options),
    {
      layout: options.layout ?? 'json',
      rows: options.summary ? null : 'sidecars',
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
    noStatisticsTotals(),
    options.onProgress,
  );
}

type Averages = Pick<
  StatisticsReport,
  'operation_counts' | 'avg_processing_times' | 'success_rate_percentages' | 'avg_data_sizes'
>;

/**
 * The older tool's four tables, by operation in alphabetical order; an operation without a value is omitted
 * from a table.
 */
function averages(operations: Readonly<Record<string, OperationTotals>>): Averages {
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
