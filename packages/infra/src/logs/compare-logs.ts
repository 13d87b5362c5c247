import type { LogReport, LogTemplate } from './log-report.ts';

/** A template whose share of the entries has grown. */
export interface GrownTemplate {
  readonly template: LogTemplate;
  /** How many times its share of the baseline's entries its share is now. */
  readonly times: number;
}

/** How the messages of a log differ from those of another. */
export interface LogChanges {
  /** The most frequent first, like `gone`. */
  readonly added: readonly LogTemplate[];
  /** As they are in the baseline. */
  readonly gone: readonly LogTemplate[];
  /** At least three times as frequent; the most grown first. */
  readonly grown: readonly GrownTemplate[];
}

const TIMES = 3;

/**
 * Compares the templates of two analyses. Frequencies are shares of all entries, so the logs may be of
 * different length.
 */
export function compareLogs(
  { templates, entries }: Pick<LogReport, 'templates' | 'entries'>,
  baseline: Pick<LogReport, 'templates' | 'entries'>,
): LogChanges {
  const before = new Map(baseline.templates.map((template) => [keyOf(template), template]));
  const now = new Set(templates.map(keyOf));
  const grown = templates.flatMap((template) => {
    const known = before.get(keyOf(template));
    if (known === undefined) return [];
    const times = (template.count * baseline.entries) / (known.count * entries);
    return times >= TIMES ? [{ template, times }] : [];
  });
  return {
    added: templates.filter((template) => !before.has(keyOf(template))),
    gone: baseline.templates.filter((template) => !now.has(keyOf(template))),
    grown: grown.sort((one, other) => other.times - one.times),
  };
}

function keyOf({ level, template }: LogTemplate): string {
  return `${level} ${template}`;
}
