import { compareLogs, type LogReport, type LogTemplate } from '@tandem/infra';
import { styled } from '../terminal/color.ts';
import { count, plural } from '../terminal/numbers.ts';
import { printable } from '../terminal/streams.ts';
import { type LogFormat, logText } from './log-text.ts';

/** What one update of a followed log adds. */
interface Update {
  readonly time: string;
  readonly lines: number;
  readonly entries: number;
  readonly errors: number;
  readonly warnings: number;
  /** Templates that were not there before. */
  readonly added: readonly LogTemplate[];
}

/** The text of a log that is followed: first the report, then what is new. */
export class FollowText {
  readonly #format: LogFormat;
  readonly #top: number;
  #last: LogReport | null = null;

  constructor(format: 'text' | 'ndjson', top: number) {
    this.#format = format;
    this.#top = top;
  }

  next(report: LogReport): string {
    const last = this.#last;
    const update = updateOf(report, last);
    this.#last = report;
    if (this.#format === 'ndjson') return `${JSON.stringify(update)}\n`;
    return last === null
      ? logText({ report, changes: null }, 'text', this.#top)
      : `${lines(update).join('\n')}\n`;
  }
}

function updateOf(report: LogReport, last: LogReport | null): Update {
  const more = (name: 'lines' | 'entries' | 'errors' | 'warnings'): number =>
    report[name] - (last?.[name] ?? 0);
  return {
    time: new Date().toISOString(),
    lines: more('lines'),
    entries: more('entries'),
    errors: more('errors'),
    warnings: more('warnings'),
    added: compareLogs(report, last ?? { templates: [], entries: 0 }).added,
  };
}

function lines({ time, entries, errors, warnings, added }: Update): string[] {
  const sums = [
    `+${plural(entries, 'entry', 'entries')}`,
    ...(errors > 0 ? [styled(1, 'red', plural(errors, 'error'))] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ];
  return [
    `${time.slice(11, 19)}  ${sums.join(', ')}`,
    ...added.map(
      ({ level, count: number, template }) => `  new: ${count(number)} ${level}  ${printable(template)}`,
    ),
  ];
}
