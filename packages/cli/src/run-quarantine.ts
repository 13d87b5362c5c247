import type { Call } from './command.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { openSink, unheeded } from './sink.ts';
import { printable, say, tell } from './streams.ts';

/** What came of work on a quarantined run. */
export interface QuarantineOutcome {
  readonly run: string;
  readonly done: number;
  readonly failed: readonly { readonly path: string; readonly error: string }[];
  /** What --output gets. */
  readonly report: Readonly<Record<string, unknown>>;
}

/** A command over one run in the quarantine. */
export async function runQuarantine(
  call: Call,
  verb: string,
  work: (options: { input: string; run?: string }) => Promise<QuarantineOutcome>,
): Promise<ExitCode> {
  const { input = '', output, quiet } = call.values;
  // Before any work: a report must have a place to go.
  const sink = unheeded(await openSink(output));
  try {
    const { run, done, failed, report } = await work({
      input,
      ...(call.word === undefined ? {} : { run: call.word }),
    });
    for (const { path, error } of failed) tell(`${call.title}: ${printable(`${path}: ${error}`)}\n`);
    if (output !== undefined) await sink.write(`${JSON.stringify(report)}\n`);
    await sink.finish();
    if (output !== '-' && !quiet) await say(`${verb} ${done} sidecar files of run ${printable(run)}\n`);
    return failed.length > 0 ? EXIT.failed : EXIT.done;
  } finally {
    await sink.discard();
  }
}
