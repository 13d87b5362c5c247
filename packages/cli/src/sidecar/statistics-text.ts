import type { OperationTotals, StatisticsTotals } from '@tandem/sidecar';
import type { StatisticsRun } from '@tandem/sidecar/statistics';
import { count, percent, plural, size } from '../terminal/numbers.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { totalsLines } from './totals-text.ts';

const COLUMNS: readonly Column[] = [
  { title: 'operation', align: 'left' },
  { title: 'sidecars', align: 'right' },
  { title: 'average size', align: 'right' },
  { title: 'average time', align: 'right' },
  { title: 'success', align: 'right' },
];

/** The totals of a stats, and a table of the operations, the most frequent first. */
export async function statisticsText(report: StatisticsRun): Promise<readonly string[]> {
  await report.writeTo(async () => undefined);
  const { totals, closing } = report;
  const operations = Object.entries(totals.operations).sort(
    ([one, a], [other, b]) => b.count - a.count || (one < other ? -1 : 1),
  );
  return [
    // Only the images of a folder are counted, not those beside the files of a list.
    ...(closing?.directory == null ? [] : imageLines(totals)),
    ...totalsLines(totals, closing?.filter_applied ?? null),
    ...(operations.length > 0 ? ['', ...tableLines(COLUMNS, operations.map(operationCells))] : []),
  ];
}

function imageLines({ images, covered, symlinks, broken_symlinks: broken }: StatisticsTotals): string[] {
  const share = images === 0 ? '' : ` (${percent(covered, images)})`;
  const links = `${plural(symlinks, 'image')} ${symlinks === 1 ? 'is a link' : 'are links'}`;
  return [
    `${plural(images, 'image')}: ${count(covered)} with a sidecar${share}, ${count(images - covered)} without`,
    ...(symlinks > 0 ? [`${links}, ${count(broken)} broken`] : []),
  ];
}

function operationCells([name, totals]: readonly [string, OperationTotals]): readonly string[] {
  return [
    name,
    count(totals.count),
    size(Math.round(totals.bytes / totals.count)),
    totals.timed === 0 ? '' : `${(totals.seconds / totals.timed).toFixed(2)} s`,
    percent(totals.succeeded, totals.judged),
  ];
}
