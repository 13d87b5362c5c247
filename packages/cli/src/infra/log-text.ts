import type { LogBucket, LogChanges, LogReport, LogTemplate } from '@tandem/infra';
import { styled } from '../terminal/color.ts';
import { count, percent, plural, size } from '../terminal/numbers.ts';
import { isTerminal, printable } from '../terminal/streams.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { changeLines } from './log-baseline.ts';

export type LogFormat = 'text' | 'json' | 'ndjson' | 'csv';

const BARS = '▁▂▃▄▅▆▇█';
const NOTHING = '·';
const SPARKS = 60;
const CSV_COLUMNS = ['level', 'count', 'template', 'first_path', 'first_offset', 'last_path', 'last_offset'];

const LEVEL_COLUMNS: readonly Column[] = [
  { title: 'level', align: 'left' },
  { title: 'entries', align: 'right' },
  { title: 'share', align: 'right' },
];
const TEMPLATE_COLUMNS: readonly Column[] = [
  { title: 'count', align: 'right' },
  { title: 'level', align: 'left' },
  { title: 'template', align: 'left' },
];
const PATTERN_COLUMNS: readonly Column[] = [
  { title: 'pattern', align: 'left' },
  { title: 'entries', align: 'right' },
  { title: 'first', align: 'left' },
];
const PROBLEMS: ReadonlySet<string> = new Set(['fatal', 'error', 'warning']);

/** A report, and how it differs from a baseline, if there is one. */
export interface LogResult {
  readonly report: LogReport;
  readonly changes: LogChanges | null;
}

/** The result of an analysis in a format. */
export function logText({ report, changes }: LogResult, format: LogFormat, top: number): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(changes === null ? report : { ...report, changes })}\n`;
    case 'ndjson':
      return report.templates.map((template) => `${JSON.stringify(template)}\n`).join('');
    case 'csv':
      return [CSV_COLUMNS.join(','), ...report.templates.map(csvRow)].map((line) => `${line}\r\n`).join('');
    case 'text':
      return `${[...textLines(report, top), ...(changes === null ? [] : changeLines(changes, top))].join('\n')}\n`;
  }
}

function textLines(report: LogReport, top: number): string[] {
  const { files, lines, bytes, entries, errors, warnings } = report;
  return [
    `${plural(lines, 'line')}, ${size(bytes)} in ${plural(files.length, 'file')}: ${plural(entries, 'entry', 'entries')}`,
    ...timeLines(report),
    ...levelLines(report),
    ...patternLines(report),
    ...overTime(report, errors > 0 ? 'errors' : 'warnings', errors > 0 ? errors : warnings),
    ...templateLines(report, top),
  ];
}

function levelLines({ levels, entries }: LogReport): string[] {
  const rows = Object.entries(levels)
    .filter(([, number]) => number > 0)
    .map(([level, number]) => [level, count(number), percent(number, entries)]);
  return rows.length === 0 ? [] : ['', ...tableLines(LEVEL_COLUMNS, rows)];
}

function timeLines({
  first,
  last,
  timed,
  entries,
  unzoned,
  assumed_zone,
  yearless,
  assumed_year,
}: LogReport): string[] {
  if (first === null || last === null) return entries === 0 ? [] : ['No entry has a time'];
  return [
    `From ${first} to ${last}`,
    ...(timed < entries ? [`${plural(entries - timed, 'entry', 'entries')} without a time`] : []),
    ...(unzoned > 0 ? [`${plural(unzoned, 'time')} without a zone, taken as ${assumed_zone} (--zone)`] : []),
    ...(yearless > 0
      ? [`${plural(yearless, 'time')} without a year, taken as ${assumed_year} (--year)`]
      : []),
  ];
}

/** Errors over time, for a terminal; so are warnings if there are no errors. */
function overTime({ buckets, first, last }: LogReport, what: 'errors' | 'warnings', total: number): string[] {
  if (total === 0 || first === null || last === null || !isTerminal(1)) return [];
  return ['', `${styled(1, 'bold', what)}  ${sparkline(buckets, what, Date.parse(first), Date.parse(last))}`];
}

/** At most SPARKS characters, from the first to the last time. */
export function sparkline(
  buckets: readonly LogBucket[],
  what: 'errors' | 'warnings',
  first: number,
  last: number,
): string {
  const sums = Array.from({ length: Math.min(SPARKS, buckets.length) }, () => 0);
  const span = last - first + 1;
  for (const bucket of buckets) {
    const share = Math.max(0, Date.parse(bucket.time) - first) / span;
    const at = Math.min(sums.length - 1, Math.floor(share * sums.length));
    sums[at] = (sums[at] ?? 0) + bucket[what];
  }
  const most = Math.max(...sums);
  return sums
    .map((sum) =>
      sum === 0 ? NOTHING : BARS[Math.min(BARS.length - 1, Math.floor((sum / most) * BARS.length))],
    )
    .join('');
}

function patternLines({ patterns }: LogReport): string[] {
  const rows = patterns.map(({ name, count: number, first }) => [
    printable(name),
    count(number),
    first === null ? '' : printable(first.text),
  ]);
  return rows.length === 0 ? [] : ['', ...tableLines(PATTERN_COLUMNS, rows)];
}

/** What is wrong first, then everything else. */
function templateLines({ templates, unmined }: LogReport, top: number): string[] {
  const isProblem = ({ level }: LogTemplate): boolean => PROBLEMS.has(level);
  return [
    ...topLines(templates.filter(isProblem), top),
    ...topLines(
      templates.filter((template) => !isProblem(template)),
      top,
    ),
    ...(unmined > 0
      ? ['', `${plural(unmined, 'entry', 'entries')} in no template: the messages differ too much`]
      : []),
  ];
}

function topLines(templates: readonly LogTemplate[], top: number): string[] {
  const shown = templates.slice(0, top);
  if (shown.length === 0) return [];
  const more = templates.length - shown.length;
  const rows = shown.map(({ count: number, level, template }) => [count(number), level, printable(template)]);
  return [
    '',
    ...tableLines(TEMPLATE_COLUMNS, rows),
    ...(more > 0 ? [`... and ${plural(more, 'template')} more (--top)`] : []),
  ];
}

function csvRow({ level, count: number, template, first, last }: LogTemplate): string {
  const cells = [level, number, template, first.path, first.offset, last.path, last.offset];
  return cells.map((cell) => csvCell(String(cell))).join(',');
}

/** RFC 4180. */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
