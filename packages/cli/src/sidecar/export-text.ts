import type { ExportRow } from '@tandem/sidecar';
import type { ExportRun } from '@tandem/sidecar/export';
import { rowsOf, untilStopped } from '../report/rows.ts';
import { count, size } from '../terminal/numbers.ts';
import { printable } from '../terminal/streams.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { totalsLines } from './totals-text.ts';

const COLUMNS: readonly Column[] = [
  { title: 'operation', align: 'left' },
  { title: 'detections', align: 'right' },
  { title: 'format', align: 'left' },
  { title: 'size', align: 'right' },
  { title: 'sidecar', align: 'left' },
];
/** The sidecars that a terminal shows. */
const MOST_SHOWN = 20;

/** A table of the first sidecars of an export, and its totals. */
export async function exportText(report: ExportRun): Promise<readonly string[]> {
  const shown: ExportRow[] = [];
  for await (const batch of untilStopped(report)) {
    if (shown.length < MOST_SHOWN)
      shown.push(...rowsOf<ExportRow>(batch).slice(0, MOST_SHOWN - shown.length));
  }
  const { totals, closing } = report;
  const more = totals.items - shown.length;
  return [
    ...(shown.length > 0 ? tableLines(COLUMNS, shown.map(cells)) : []),
    ...(more > 0 ? [`... and ${count(more)} more`] : []),
    ...(shown.length > 0 ? [''] : []),
    ...totalsLines(totals, closing?.filter_applied ?? null),
    'With --output FILE, all of it is written to a file; --format json, ndjson or csv prints it here.',
  ];
}

function cells(row: ExportRow): readonly string[] {
  return [
    row.operation ?? row.error_code ?? '',
    row.is_valid ? count(row.detection_count) : '',
    row.format ?? '',
    row.data_size === null ? '' : size(row.data_size),
    printable(row.sidecar_path),
  ];
}
