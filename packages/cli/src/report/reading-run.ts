import type { Report, ReportLayout, ScanOptions } from '@tandem/sidecar';
import type { Call } from '../command.ts';
import type { CommonValues } from '../options/common.ts';
import { badOption } from '../options/usage-error.ts';
import { EXIT, type ExitCode } from '../run/exit-codes.ts';
import { tellError } from '../terminal/report-error.ts';
import { ClosedPipe, isTerminal, reachesTerminal, say } from '../terminal/streams.ts';
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
export interface ReportPlan<Run extends Report<object>> {
  /** Starts the run. The run does no work before its first chunk is requested. */
  begin(options: ScanOptions): Promise<Run>;
  /** Reads the run, and returns the lines that a terminal gets instead of the report. */
  text(run: Run): Promise<readonly string[]>;
  /** The line to print on stdout after the report was written to a file. */
  written(totals: Run['totals'], output: string): string;
  /** Whether the run counts as failed according to --fail-on. */
  failed?(totals: Run['totals']): boolean;
}

/**
 * Runs a command that only reads. Its report goes to stdout or to a file, and a closed pipe ends the run. A
 * terminal gets a text instead, if nothing on the command line asks for a report.
 */
export async function runReport<Run extends Report<object>>(
  call: Call<RunValues>,
  { asText, ...shape }: ReportShape,
  plan: ReportPlan<Run>,
): Promise<ExitCode> {
  const { output } = call.values;
  return withRun(call, true, async (options, sink, feedback) => {
    const report = await plan.begin({ ...options, ...shape });
    let lines: readonly string[] = [];
    if (asText) lines = await plan.text(report);
    else await report.writeTo((piece) => sink.write(piece));
    await sink.finish();
    feedback.finished(report.selection, report.seconds);
    feedback.interrupted(report.closing);
    if (output !== undefined && output !== '-' && !call.values.quiet) {
      lines = [plan.written(report.totals, output)];
    }
    await say(lines.map((line) => `${line}\n`).join(''));
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
    feedback = new RunFeedback(call, list?.length ?? null);
    return await work(scanOptions(call, list, feedback), afterProgress(sink, feedback), feedback);
  } catch (error) {
    if (error instanceof ClosedPipe) return call.signal.aborted ? EXIT.interrupted : EXIT.done;
    throw error;
  } finally {
    feedback?.end();
    await sink.discard();
  }
}

/** Ends the progress before the first output, which may appear on the same terminal. */
function afterProgress(sink: Sink, feedback: RunFeedback): Sink {
  if (!sink.isStdout || !reachesTerminal()) return sink;
  return {
    ...sink,
    write(chunk) {
      feedback.endProgress();
      return sink.write(chunk);
    },
  };
}

async function readList(files: string, signal: AbortSignal): Promise<readonly Buffer[]> {
  const { readFileList } = await import('./file-list.ts');
  return readFileList(files, signal);
}

/** Returns the exit status of a run. If the run ended early, the reason is reported on stderr. */
export function endOf(
  call: Call<unknown>,
  { stoppedBy: stopped }: Pick<Report<object>, 'stoppedBy'>,
  failed: boolean,
): ExitCode {
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
  readonly output: string | undefined;
  readonly format: ReportLayout | undefined;
  readonly ndjson: boolean;
  readonly summary?: boolean;
  readonly data?: boolean;
}

/** How a report is printed. */
export interface ReportShape {
  readonly layout: ReportLayout;
  /** Whether the rows are left out. */
  readonly summary: boolean;
  /** Whether a text is printed instead. */
  readonly asText: boolean;
}

/**
 * What --format, --ndjson and --summary select. Nobody reads JSON on a terminal, so a terminal gets a text
 * unless an option asks for the report; scripts written for the older programs always get JSON.
 */
export function shapeOf({ program, values }: Call<LayoutValues>): ReportShape {
  const { output, format, ndjson, summary = false, data = false } = values;
  const layout = ndjson ? 'ndjson' : (format ?? 'json');
  if (summary && layout === 'ndjson') {
    const cure = 'leave out --summary to get the rows, or ndjson to get the totals';
    throw badOption('--summary', 'leaves out the rows, and ndjson has nothing else', cure);
  }
  const isAsked = output !== undefined || format !== undefined || ndjson || data;
  return { layout, summary, asText: program === 'tandem' && !isAsked && isTerminal(1) };
}

/** Removes the values that are undefined, so that the defaults of the library apply. */
export function defined<Values extends object>(
  values: Values,
): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  const said = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as { [Name in keyof Values]?: Exclude<Values[Name], undefined> };
}
