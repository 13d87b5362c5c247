import type { FormatFinding } from '@tandem/sidecar';
import type { FormatRun } from '@tandem/sidecar/format-statistics';
import { rowsOf, untilStopped } from '../report/rows.ts';
import { styled } from '../terminal/color.ts';
import { count, percent, plural } from '../terminal/numbers.ts';
import { printable } from '../terminal/streams.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { Kinds } from './kinds.ts';
import { skippedLines } from './totals-text.ts';

const COLUMNS: readonly Column[] = [
  { title: 'format', align: 'left' },
  { title: 'files', align: 'right' },
  { title: 'share', align: 'right' },
];

/** The files of each format, and unless it is a summary, the kinds of findings with an example of each. */
export async function formatsText(
  report: FormatRun,
  { summary }: { readonly summary: boolean },
): Promise<readonly string[]> {
  const findings = new Kinds<FormatFinding>();
  for await (const batch of untilStopped(report)) {
    for (const row of rowsOf<FormatFinding>(batch)) findings.add(row.finding, row);
  }
  const { totals, closing } = report;
  const formats = Object.entries(closing?.format_distribution ?? {});
  const kinds = summary ? [] : findings.lines(findingText);
  return [
    plural(totals.items, 'file'),
    ...skippedLines(totals),
    '',
    ...tableLines(
      COLUMNS,
      formats.map(([name, files]) => [name, count(files), percent(files, totals.items)]),
    ),
    ...(totals.legacy > 0 ? ['', `${plural(totals.legacy, 'file')} in the older tool's form`] : []),
    ...(kinds.length > 0 ? ['', ...kinds, '', 'With --output FILE, a report lists every file.'] : []),
  ];
}

function findingText({ file_path, content }: FormatFinding): string {
  const is = content === null ? '' : `: the content is ${content}`;
  return `${styled(1, 'bold', printable(file_path))}${is}`;
}
