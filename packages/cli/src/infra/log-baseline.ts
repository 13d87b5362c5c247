import { readFile } from 'node:fs/promises';
import type { LogChanges, LogReport } from '@tandem/infra';
import { badOption } from '../options/usage-error.ts';
import { count } from '../terminal/numbers.ts';
import { printable } from '../terminal/streams.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import { windowsPathHint } from '../terminal/windows-path.ts';

type Baseline = Pick<LogReport, 'templates' | 'entries'>;

const COLUMNS: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'count', align: 'right' },
  { title: 'level', align: 'left' },
  { title: 'template', align: 'left' },
];

/** The report of an earlier `tandem logs --format json`. Throws ERR_TANDEM_BAD_OPTION. */
export async function readBaseline(path: string): Promise<Baseline> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    const cure = windowsPathHint(path) ?? "name a report, made by 'tandem logs --format json'";
    throw badOption(`--baseline '${path}'`, `cannot be read: ${code}`, cure);
  }
  const report = parsed(text);
  if (report !== null) return report;
  throw badOption(
    `--baseline '${path}'`,
    'is not a report of tandem logs',
    "make one with 'tandem logs FILE --format json --output FILE'",
  );
}

/** What is new, what is more frequent and what is gone since the baseline. */
export function changeLines({ added, grown, gone }: LogChanges, top: number): string[] {
  const rows = [
    ...added.slice(0, top).map((template) => ({ what: 'new', template })),
    ...grown.slice(0, top).map(({ template, times }) => ({ what: `${times.toFixed(1)} x`, template })),
    ...gone.slice(0, top).map((template) => ({ what: 'gone', template })),
  ];
  const sums = `${count(added.length)} new, ${count(grown.length)} more frequent, ${count(gone.length)} gone`;
  return [
    '',
    `Since the baseline: ${sums}`,
    ...(rows.length === 0
      ? []
      : tableLines(
          COLUMNS,
          rows.map(({ what, template }) => [
            what,
            count(template.count),
            template.level,
            printable(template.template),
          ]),
        )),
  ];
}

function parsed(text: string): Baseline | null {
  try {
    const value = JSON.parse(text) as Partial<Baseline> | null;
    const templates: unknown = value?.templates;
    const isReport =
      typeof value?.entries === 'number' && Array.isArray(templates) && templates.every(isTemplate);
    return isReport ? (value as Baseline) : null;
  } catch {
    return null;
  }
}

function isTemplate(value: unknown): boolean {
  const { template, level, count: number } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof template === 'string' && typeof level === 'string' && typeof number === 'number' && number > 0
  );
}
