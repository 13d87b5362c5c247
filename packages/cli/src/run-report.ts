import type { Report, ReportLayout, ScanOptions } from '@tandem/sidecar';
import type { Call, OptionValues } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { errorLine } from './report-error.ts';
import { RunFeedback } from './run-feedback.ts';
import { openSink, type Sink, unheeded } from './sink.ts';
import { ClosedPipe, say, tell } from './streams.ts';

/** How a command turns a run into what is printed. */
export interface ReportPlan<Totals extends object> {
  /** Begins the run; it does no work before its first chunk is asked for. */
  begin(options: ScanOptions): Promise<Report<Totals>>;
  /** For a person, on stdout, after the report went to a file. */
  written(totals: Totals, output: string): string;
  /** Whether a condition holds that the exit status tells. */
  failed?(totals: Totals): boolean;
}

/** A command that reads: its report goes to stdout or to a file, and a reader that has left ends it. */
export async function runReport<Totals extends object>(
  call: Call,
  plan: ReportPlan<Totals>,
): Promise<ExitCode> {
  const { output } = call.values;
  return withRun(call, true, async (options, sink, feedback) => {
    const report = await plan.begin(options);
    await report.writeTo((piece) => sink.write(piece));
    await sink.finish();
    feedback.finished(report.selection, report.seconds);
    feedback.interrupted(report.closing?.['interrupted']);
    if (output !== undefined && output !== '-' && !call.values.quiet) {
      await say(`${plan.written(report.totals, output)}\n`);
    }
    return endOf(call, report, plan.failed?.(report.totals) ?? false);
  });
}

/** Opens the output, hands over the options and the place to write to, and clears up however it ends. */
export async function withRun(
  call: Call,
  readsOnly: boolean,
  work: (options: ScanOptions, sink: Sink, feedback: RunFeedback) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { output, files } = call.values;
  // The output first: a run that writes must not have begun when its report has no place to go.
  const opened = await openSink(output);
  const sink = readsOnly ? opened : unheeded(opened);
  let feedback: RunFeedback | null = null;
  try {
    const list = files === undefined ? null : await readList(files, call.signal);
    const toStdout = output === '-' || (readsOnly && output === undefined);
    feedback = new RunFeedback(call, list?.length ?? null, toStdout);
    return await work(scanOptions(call, list, feedback), sink, feedback);
  } catch (error) {
    if (error instanceof ClosedPipe) return call.signal.aborted ? EXIT.interrupted : EXIT.done;
    throw error;
  } finally {
    feedback?.end();
    await sink.discard();
  }
}

async function readList(files: string, signal: AbortSignal): Promise<readonly Buffer[]> {
  const { readFileList } = await import('./file-list.ts');
  return readFileList(files, signal);
}

/** The status that a run ended with; tells on stderr why it ended early, if it did. */
export function endOf<Totals extends object>(call: Call, report: Report<Totals>, failed: boolean): ExitCode {
  const stopped = report.stoppedBy;
  if (stopped === null) return failed ? EXIT.failed : EXIT.done;
  tell(`${call.title}: ${errorLine(stopped)}\n`);
  return stopped.code === 'ERR_TANDEM_ABORTED' ? EXIT.interrupted : EXIT.notDone;
}

function scanOptions(call: Call, files: readonly Buffer[] | null, feedback: RunFeedback): ScanOptions {
  const { values, signal } = call;
  return {
    ...defined({ engine: values.engine, workers: values.workers, timeout: values.timeout }),
    ...defined({ input: values.input, operationType: values['operation-type'], layout: layoutOf(values) }),
    ...defined({ maxSize: values['max-size'], maxDepth: values['max-depth'] }),
    files,
    lint: values.lint ?? false,
    summary: values.summary ?? false,
    withDocument: values.data ?? false,
    signal,
    onFallback: feedback.onFallback,
    onWithoutWorkers: feedback.onWithoutWorkers,
    onProgress: feedback.onProgress,
  };
}

function layoutOf({ format, ndjson }: OptionValues): ReportLayout | undefined {
  if (ndjson) return 'ndjson';
  return format === 'json' || format === 'ndjson' || format === 'csv' ? format : undefined;
}

/** Without what was not said, so that the library's own defaults hold. */
export function defined<Values extends object>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  const said = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
}
