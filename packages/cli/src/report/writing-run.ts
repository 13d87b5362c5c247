import type { Report, ReportClosing, ScanOptions } from '@tandem/sidecar';
import type { Call } from '../command.ts';
import type { ExitCode } from '../run/exit-codes.ts';
import { styled } from '../terminal/color.ts';
import { withFlags } from '../terminal/option-flags.ts';
import { printable, say, tell } from '../terminal/streams.ts';
import { endOf, type RunValues, withRun } from './reading-run.ts';
import { markedRows, rowsOf, untilStopped } from './rows.ts';

/** The values of every command that changes files. */
export interface ChangeValues extends RunValues {
  readonly summary: boolean;
  readonly 'dry-run'?: boolean;
}

/** The fields that every row of a command that changes files has. */
export interface ChangeRow {
  readonly status: string;
  readonly error: string | null;
  readonly hint: string | null;
}

/** How a command that changes files starts a run, and what it prints about it. */
export interface ChangePlan<Totals extends { failed: number }, Whole extends object, Row extends ChangeRow> {
  begin(options: ScanOptions): Promise<Report<Totals, Whole, Row>>;
  /** The file that a row is about. */
  pathOf(row: Row): string;
  /** The line of a row in a dry run, or null for none. */
  planned?(row: Row): string | null;
  /** The number of failures that determines the exit status; all by default. Invalid files do not count. */
  failures?(totals: Totals): number;
  /** The lines of the summary. `closing` is the part of the JSON report that follows the rows. */
  summary(totals: Totals, closing: ReportClosing<Whole>): readonly string[];
}

/** The maximum number of failures listed. A report contains all of them. */
const MOST_TOLD = 20;
const FAILED = '"status":"failed"';

/**
 * Runs a command that changes files. With --output, it writes one JSON report, and if the report goes to a
 * file, a summary to stdout. Without --output, it writes a summary to stdout and the failures to stderr. A
 * closed pipe does not stop the work.
 */
export async function runChanges<
  Totals extends { failed: number },
  Whole extends object,
  Row extends ChangeRow,
>(call: Call<ChangeValues>, plan: ChangePlan<Totals, Whole, Row>): Promise<ExitCode> {
  return call.values.output === undefined ? runForPerson(call, plan) : runForReport(call, plan);
}

async function runForReport<Totals extends { failed: number }, Whole extends object, Row extends ChangeRow>(
  call: Call<ChangeValues>,
  plan: ChangePlan<Totals, Whole, Row>,
): Promise<ExitCode> {
  const { output, quiet, summary } = call.values;
  return withRun(call, false, async (options, sink, feedback) => {
    const report = await plan.begin({ ...options, summary });
    await report.writeTo((piece) => sink.write(piece));
    await sink.finish();
    feedback.finished(report.selection, report.seconds);
    if (output !== '-' && !quiet) {
      const lines = summaryOf(plan, report);
      await say(`${[...lines, `Report written to: ${output}`].join('\n')}\n`);
    }
    return endOf(call, report, failuresOf(plan, report.totals) > 0);
  });
}

async function runForPerson<Totals extends { failed: number }, Whole extends object, Row extends ChangeRow>(
  call: Call<ChangeValues>,
  plan: ChangePlan<Totals, Whole, Row>,
): Promise<ExitCode> {
  const { quiet, summary } = call.values;
  const listed = call.values['dry-run'] === true && !quiet && !summary;
  return withRun(call, false, async (options, sink, feedback) => {
    const report = await plan.begin({ ...options, summary: false });
    const failures: Row[] = [];
    for await (const batch of untilStopped(report)) {
      if (listed && plan.planned !== undefined) {
        await sink.write(plannedLines(rowsOf<Row>(batch), plan.planned));
      }
      if (failures.length < MOST_TOLD) failures.push(...markedRows<Row>(batch, FAILED));
    }
    await sink.finish();
    feedback.finished(report.selection, report.seconds);
    const failed = failuresOf(plan, report.totals) > 0;
    // On success stderr stays empty, unless it is a terminal.
    if (failed || process.stderr.isTTY) {
      tellFailures(call.title, plan, failures.slice(0, MOST_TOLD), report.totals.failed);
    }
    if (!quiet) await say(`${summaryOf(plan, report).join('\n')}\n`);
    return endOf(call, report, failed);
  });
}

function summaryOf<Totals extends { failed: number }, Whole extends object, Row extends ChangeRow>(
  plan: ChangePlan<Totals, Whole, Row>,
  { totals, closing }: Report<Totals, Whole, Row>,
): readonly string[] {
  // A report that was read to its end has a closing.
  return closing === null ? [] : plan.summary(totals, closing);
}

function failuresOf<Totals extends { failed: number }, Whole extends object, Row extends ChangeRow>(
  plan: ChangePlan<Totals, Whole, Row>,
  totals: Totals,
): number {
  return plan.failures?.(totals) ?? totals.failed;
}

function plannedLines<Row>(rows: readonly Row[], planned: (row: Row) => string | null): string {
  return rows
    .flatMap((row) => planned(row) ?? [])
    .map((line) => `${printable(line)}\n`)
    .join('');
}

/** Failures are shown even with --quiet, because they are errors. */
function tellFailures<Row extends ChangeRow>(
  title: string,
  { pathOf }: { pathOf(row: Row): string },
  told: readonly Row[],
  failed: number,
): void {
  for (const row of told) {
    const error = styled(2, 'red', printable(withFlags(row.error ?? 'failed')));
    const hint = row.hint === null ? '' : printable(withFlags(` (${row.hint})`));
    tell(`${title}: ${styled(2, 'bold', printable(`${pathOf(row)}: `))}${error}${hint}\n`);
  }
  if (told.length > 0 && failed > told.length) {
    tell(`${title}: ${failed - told.length} more failed; --output FILE writes a report with all of them\n`);
  }
}
