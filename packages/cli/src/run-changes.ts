import type { Report, ScanOptions } from '@tandem/sidecar';
import type { Call } from './command.ts';
import type { ExitCode } from './exit-codes.ts';
import { endOf, withRun } from './run-report.ts';
import { printable, say, tell } from './streams.ts';

/** What a row of a writing command has at least. */
export interface ChangeRow {
  readonly status: string;
  readonly error: string | null;
  readonly hint: string | null;
}

/** How a command that writes turns a run into what is printed. */
export interface ChangePlan<Totals extends { failed: number }, Row extends ChangeRow> {
  begin(options: ScanOptions): Promise<Report<Totals>>;
  /** The file that a row is about, and what is to become of it. */
  describe(row: Row): { readonly path: string; readonly planned: string | null };
  /** For a person: what was done, a line each. */
  summary(totals: Totals, seconds: number): readonly string[];
}

/** Failures told one by one; --output has them all. */
const MOST_TOLD = 20;

/**
 * A command that writes: without --output a summary for a person on stdout and its failures on stderr, else one JSON
 * report. A reader that has left does not end it.
 */
export async function runChanges<Totals extends { failed: number }, Row extends ChangeRow>(
  call: Call,
  plan: ChangePlan<Totals, Row>,
): Promise<ExitCode> {
  const { output, quiet } = call.values;
  return withRun(call, false, async (options, sink, feedback) => {
    const asText = output === undefined;
    const report = await plan.begin({ ...options, layout: asText ? 'ndjson' : 'json' });
    const failures = new Failures(call, plan);
    for await (const chunk of report.chunks()) {
      if (!asText) await sink.write(chunk);
      else if (call.values['dry-run'] && !quiet) await sink.write(plannedLines(chunk, plan));
      // Rows are parsed only where there is something to tell: a million of them would take seconds.
      if (asText) failures.look(chunk, report.totals.failed);
    }
    await sink.finish();
    feedback.finished(report.selection, report.seconds);
    failures.tell(report.totals.failed);
    if (output !== '-' && !quiet) {
      const written = output === undefined ? [] : [`Report written to: ${output}`];
      await say(`${[...plan.summary(report.totals, report.seconds), ...written].join('\n')}\n`);
    }
    return endOf(call, report, report.totals.failed > 0);
  });
}

class Failures<Totals extends { failed: number }, Row extends ChangeRow> {
  readonly #call: Call;
  readonly #plan: ChangePlan<Totals, Row>;
  readonly #lines: string[] = [];
  #counted = 0;

  constructor(call: Call, plan: ChangePlan<Totals, Row>) {
    this.#call = call;
    this.#plan = plan;
  }

  look(chunk: Uint8Array, failed: number): void {
    if (failed === this.#counted) return;
    this.#counted = failed;
    if (this.#lines.length >= MOST_TOLD) return;
    for (const row of rowsOf<Row>(chunk).filter(({ status }) => status === 'failed')) {
      const hint = row.hint === null ? '' : ` (${row.hint})`;
      this.#lines.push(`${this.#plan.describe(row).path}: ${row.error ?? 'failed'}${hint}`);
    }
  }

  /** Also with --quiet: these are errors. */
  tell(failed: number): void {
    const told = this.#lines.slice(0, MOST_TOLD);
    const title = this.#call.title;
    for (const line of told) tell(`${title}: ${printable(line)}\n`);
    if (told.length > 0 && failed > told.length) {
      tell(`${title}: and ${failed - told.length} more; a report with --output lists them all\n`);
    }
  }
}

function plannedLines<Totals extends { failed: number }, Row extends ChangeRow>(
  chunk: Uint8Array,
  plan: ChangePlan<Totals, Row>,
): string {
  const lines = rowsOf<Row>(chunk).flatMap((row) => plan.describe(row).planned ?? []);
  return lines.map((line) => `${printable(line)}\n`).join('');
}

function rowsOf<Row>(chunk: Uint8Array): Row[] {
  const lines = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
}
