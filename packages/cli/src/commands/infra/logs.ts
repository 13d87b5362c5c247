import type { LogReport } from '@tandem/infra';
import { type Call, command } from '../../command.ts';
import type { LogFormat } from '../../infra/log-text.ts';
import { DATE, MINUTES_EAST, WHOLE, YEAR } from '../../options/numbers.ts';
import { choice, file, flag, list, number } from '../../options/option.ts';
import { badValue, notTogether, usageError } from '../../options/usage-error.ts';
import { defined, endOf } from '../../report/reading-run.ts';
import { RunFeedback } from '../../report/run-feedback.ts';
import { openSink, type Sink } from '../../report/sink.ts';
import { EXIT, type ExitCode } from '../../run/exit-codes.ts';
import { ClosedPipe, printable, tell } from '../../terminal/streams.ts';

const MOST_TEMPLATES = 10;

export const logsCommand = command({
  options: {
    format: choice(['text', 'json', 'ndjson', 'csv'], {
      value: 'NAME',
      about: 'text; json (one document); ndjson or csv (a row for each template)',
      default: 'text',
    }),
    output: file({
      short: 'o',
      value: 'FILE',
      about: "write the report to FILE, complete or not at all; '-' is stdout",
      default: 'stdout',
    }),
    follow: flag('go on as the last FILE grows, through rotation, until Ctrl-C; prints what is new'),
    counts: flag('count only, without templates: several times as fast'),
    top: number(WHOLE, {
      value: 'N',
      about: 'of the problems and of all else, show the N most frequent templates',
      default: String(MOST_TEMPLATES),
    }),
    pattern: list({
      value: 'NAME=REGEX',
      about: 'count the entries whose first line matches; RE2 syntax, may be given more than once',
    }),
    baseline: file({
      value: 'FILE',
      about: 'say which templates are new, gone or 3 times as frequent since FILE, an earlier report in json',
    }),
    since: number(DATE, {
      value: 'TIME',
      about: 'only entries at or after TIME, such as 2024-05-01T10:00:00Z',
    }),
    until: number(DATE, { value: 'TIME', about: 'only entries before TIME' }),
    zone: number(MINUTES_EAST, {
      value: 'ZONE',
      about: 'the zone of times without one, such as +02:00',
      default: '+00:00',
    }),
    year: number(YEAR, {
      value: 'YEAR',
      about: 'the year of times without one',
      default: 'the current year',
    }),
  },
  words: [
    {
      name: 'FILE',
      about: "a log, a folder of logs, or '-' for stdin; gzip and zstd are undone",
      required: true,
      many: true,
    },
  ],
  details:
    'Counts lines, entries by level and errors over time, and groups messages by template: what varies, such as numbers, is <*>. Stack traces belong to the entry before them. Memory does not grow with the size of the logs.',
  examples: [
    ['/var/log/app.log', 'what happens, and how often'],
    ['app.log.2.gz app.log.1 app.log --since 2024-05-01T10:00:00Z', 'rotated logs, from a time on'],
    ['logs --counts --format json | jq .errors', 'one number'],
    ["app.log --pattern 'slow=took [0-9]{4,} ms'", 'how many entries match an expression'],
    ['app.log --baseline yesterday.json', 'what has changed since a report that was saved'],
    ['- < app.log', 'from a pipe'],
  ],
  async run(call) {
    const { values, words, signal } = call;
    if (words.length === 0) {
      throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
        problem: 'the argument FILE is missing',
        cure: "name logs, folders of logs, or '-' for stdin",
      });
    }
    // Each row is a template.
    if (values.counts && !values.follow && (values.format === 'ndjson' || values.format === 'csv')) {
      throw notTogether('--counts', `--format ${values.format}`);
    }
    if (values.baseline !== undefined && values.counts) throw notTogether('--baseline', '--counts');
    const baseline = await baselineOf(values.baseline);
    const followed = followedFormat(values);
    const sink = await openSink(values.output);
    const feedback = new RunFeedback(call, null);
    try {
      const { analyzeLogs, compareLogs } = await import('@tandem/infra');
      const { engine, workers, timeout, zone, year, since, until } = values;
      const onCaughtUp = followed === null ? null : await follower(sink, feedback, followed, values.top);
      const { report, stoppedBy, selection, seconds } = await analyzeLogs(words, {
        follow: values.follow,
        ...(onCaughtUp === null ? {} : { onCaughtUp }),
        ...defined({ engine, workers, timeout }),
        templates: !values.counts,
        patterns: patternsOf(values.pattern),
        since: since === undefined ? undefined : new Date(since),
        until: until === undefined ? undefined : new Date(until),
        zone,
        year,
        signal,
        onFallback: feedback.onFallback,
        onProgress: feedback.onProgress,
      });
      feedback.finished(selection, seconds);
      // Ctrl-C is how it ends.
      if (followed !== null && stoppedBy?.code === 'ERR_TANDEM_ABORTED') return EXIT.done;
      const { logText } = await import('../../infra/log-text.ts');
      const changes = baseline === null ? null : compareLogs(report, baseline);
      await sink.write(logText({ report, changes }, values.format ?? 'text', values.top ?? MOST_TEMPLATES));
      await sink.finish();
      tellUnread(call, report);
      return stoppedBy === null ? statusOf(report) : endOf(call, { stoppedBy }, false);
    } catch (error) {
      if (error instanceof ClosedPipe) return signal.aborted ? EXIT.interrupted : EXIT.done;
      throw error;
    } finally {
      feedback.end();
      await sink.discard();
    }
  },
});

function patternsOf(given: readonly string[]): Record<string, string> {
  const patterns: Record<string, string> = {};
  for (const text of given) {
    const [, name = '', pattern = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
    if (name === '')
      throw badValue('--pattern', 'pattern', text, "use NAME=REGEX, such as 'slow=took [0-9]{4,} ms'");
    if (Object.hasOwn(patterns, name))
      throw badValue('--pattern', 'name', name, 'give each pattern a name of its own');
    patterns[name] = pattern;
  }
  return patterns;
}

/** The format of a log that is followed, or null. */
function followedFormat({
  follow,
  format = 'text',
  output,
  baseline,
}: {
  readonly follow: boolean;
  readonly format: LogFormat | undefined;
  readonly output: string | undefined;
  readonly baseline: string | undefined;
}): 'text' | 'ndjson' | null {
  if (!follow) return null;
  if (output !== undefined && output !== '-') throw notTogether('--follow', '--output');
  if (baseline !== undefined) throw notTogether('--follow', '--baseline');
  if (format === 'text' || format === 'ndjson') return format;
  throw notTogether('--follow', `--format ${format}`);
}

async function follower(
  sink: Sink,
  feedback: RunFeedback,
  format: 'text' | 'ndjson',
  top = MOST_TEMPLATES,
): Promise<(report: LogReport) => Promise<void>> {
  const { FollowText } = await import('../../infra/follow-logs.ts');
  const text = new FollowText(format, top);
  return async (report) => {
    feedback.endProgress();
    await sink.write(text.next(report));
  };
}

async function baselineOf(
  path: string | undefined,
): Promise<Pick<LogReport, 'templates' | 'entries'> | null> {
  if (path === undefined) return null;
  const { readBaseline } = await import('../../infra/log-baseline.ts');
  return readBaseline(path);
}

/** Files that were not read to their end are errors, as for cat and grep. */
function tellUnread({ title }: Call<unknown>, { files }: LogReport): void {
  for (const { path, error, hint } of files) {
    if (error !== null) tell(`${title}: ${printable(`${path}: ${error} (${hint})`)}\n`);
  }
}

function statusOf({ files }: LogReport): ExitCode {
  const unread = files.filter(({ error }) => error !== null);
  if (unread.length === 0) return EXIT.done;
  return unread.length < files.length || unread.some(({ bytes }) => bytes > 0) ? EXIT.failed : EXIT.notDone;
}
