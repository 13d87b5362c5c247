import type { Report, ReportLayout, ScanOptions } from '@tandem/sidecar';
import type { Call } from '../command.ts';
import type { CommonValues } from '../options/common.ts';
import { badOption } from '../options/usage-error.ts';
import { EXIT, type ExitCode } from '../run/exit-codes.ts';
import { tellError } from '../terminal/report-error.ts';
import { ClosedPipe, say } from '../terminal/streams.ts';
import { RunFeedback } from './run-feedback.ts';
import { openSink, type Sink, unheeded } from './sink.ts';

/** The values of every run over sidecars. A command without one of the options leaves its value undefined. */
export interface RunValues extends Pick<CommonValues, 'quiet' | 'verbose' | 'timeout'> {
  readonly engine?: CommonValues['engine'];
  readonly workers?: CommonValues['workers'];
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly files?: string | undefined;
  readonly 'operation-type'?: string | undefined;
  readonly 'max-size'?: number | undefined;
  readonly 'max-depth'?: number | undefined;
}

/** How a command starts a run, and what it prints about it. */
export interface ReportPlan<Totals extends object> {
  /** Starts the run. The run does no work before its first chunk is requested. */
  begin(options: ScanOptions): Promise<Report<Totals>>;
  /** The line to print on stdout after the report was written to a file. */
  written(totals: Totals, output: string): string;
  /** Whether the run counts as failed according to --fail-on. */
  failed?(totals: Totals): boolean;
}

/** Runs a command that only reads. Its report goes to stdout or to a file, and a closed pipe ends the run. */
export async function runReport<Totals extends object>(
  call: Call<RunValues>,
  plan: ReportPlan<Totals>,
): Promise<ExitCode> {
  const { output } = call.values;
  return withRun(call, true, async (options, sink, feedback) => {
    const report = await plan.begin(options);
    await report.writeTo((piece) => sink.write(piece));
    await sink.finish();
    feedback.finished(report.selection, report.seconds);
    feedback.interrupted(report.closing);
    if (output !== undefined && output !== '-' && !call.values.quiet) {
      await say(`${plan.written(report.totals, output)}\n`);
    }
    return endOf(call, report, plan.failed?.(report.totals) ?? false);
  });
}

/** Opens the output, calls `work` with the options and the sink, and cleans up however `work` ends. */
export async function withRun(
  call: Call<RunValues>,
  readsOnly: boolean,
  work: (options: ScanOptions, sink: Sink, feedback: RunFeedback) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { output, files } = call.values;
  // The output is opened first: a run that changes files must not start if its report cannot be written.
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

/** Returns the exit status of a run. If the run ended early, the reason is reported on stderr. */
export function endOf<Totals extends object>(
  call: Call<unknown>,
  report: Report<Totals>,
  failed: boolean,
): ExitCode {
  const stopped = report.stoppedBy;
  if (stopped === null) return failed ? EXIT.failed : EXIT.done;
  tellError(call.title, stopped);
  return stopped.code === 'ERR_TANDEM_ABORTED' ? EXIT.interrupted : EXIT.notDone;
}

function scanOptions(
  { values, signal }: Call<RunValues>,
  files: readonly Buffer[] | null,
  feedback: RunFeedback,
): ScanOptions {
  return {
    ...defined({ engine: values.engine, workers: values.workers, timeout: values.timeout }),
    ...defined({ input: values.input, operationType: values['operation-type'] }),
    ...defined({ maxSize: values['max-size'], maxDepth: values['max-depth'] }),
    files,
    signal,
    onFallback: feedback.onFallback,
    onWithoutWorkers: feedback.onWithoutWorkers,
    onProgress: feedback.onProgress,
  };
}

/** The options that select the layout of the rows. */
export interface LayoutValues {
  readonly format: ReportLayout | undefined;
  readonly ndjson: boolean;
  readonly summary?: boolean;
}

/** The layout that --format and --ndjson select, and whether the rows are left out. */
export function layoutOf({ format, ndjson, summary = false }: LayoutValues): {
  readonly layout: ReportLayout;
  readonly summary: boolean;
} {
  const layout = ndjson ? 'ndjson' : (format ?? 'json');
  if (summary && layout === 'ndjson') {
    const cure = 'leave out --summary to get the rows, or ndjson to get the totals';
    throw badOption('--summary', 'leaves out the rows, and ndjson has nothing else', cure);
  }
  return { layout, summary };
}

/** Removes the values that are undefined, so that the defaults of the library apply. */
export function defined<Values extends object>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  const said = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
}
