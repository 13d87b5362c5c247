import type { SchemaBuilder, VerifyReport, WatchEvent, WatchedBuilt } from '@tandem/schema';
import { type Call, command } from '../../command.ts';
import { findingLines } from '../../findings/finding-text.ts';
import type { CommonValues } from '../../options/common.ts';
import { flag, type ValuesOf } from '../../options/option.ts';
import {
  DATABASE,
  PROJECT,
  SCHEMA_ONLY,
  SCHEMA_OUTPUT,
  SCHEMA_SIZE,
  SOURCE_MAP,
  TEXT_OR_JSON,
} from '../../options/schema.ts';
import { badOption } from '../../options/usage-error.ts';
import { EXIT, type ExitCode } from '../../run/exit-codes.ts';
import { builderOf, databaseOf } from '../../schema/project-run.ts';
import { plural, size } from '../../terminal/numbers.ts';
import { ClosedPipe, flushOut, printable, writeOut } from '../../terminal/streams.ts';

/** The maximum number of names shown. More names would not make the change clearer. */
const MOST_NAMES = 3;

const OPTIONS = {
  ...PROJECT,
  output: { ...SCHEMA_OUTPUT, about: 'the file to write' },
  'schema-only': SCHEMA_ONLY,
  'source-map': SOURCE_MAP,
  verify: flag("apply each build to a fresh database, as 'tandem schema verify' does"),
  ...DATABASE,
  format: { ...TEXT_OR_JSON, about: 'text, or json with one object per line' },
  'max-size': SCHEMA_SIZE,
};

type WatchValues = ValuesOf<typeof OPTIONS> & Omit<CommonValues, 'timeout'>;

export const schemaWatchCommand = command({
  options: OPTIONS,
  // It runs until it is interrupted.
  without: ['timeout'],
  details:
    'Builds immediately, and again whenever a file, a folder or the configuration changes. It reports the problems that check would find. A failed build leaves the output unchanged. Ctrl-C ends it with status 0.',
  examples: [
    ['', 'keep db/generated/schema_local.sql up to date'],
    ['--verify --database server', 'also check at once that it still applies'],
    ['--format json | jq .status', 'for a program'],
  ],
  async run(call) {
    const { values } = call;
    if (values.output === '-') throw badOption('--output', 'cannot be stdout in a watch', 'name a file');
    if (!values.verify && (values.database !== undefined || values['database-url'] !== undefined)) {
      const option = values.database === undefined ? '--database-url' : '--database';
      throw badOption(option, 'is for --verify', 'add --verify, or leave it out');
    }
    const builder = await builderOf(call);
    try {
      for await (const event of builder.watch({
        ...(values.output === undefined ? {} : { output: values.output }),
        schemaOnly: values['schema-only'] ?? false,
        sourceMap: values['source-map'] ?? false,
      })) {
        const report = values.verify && event.status !== 'failed' ? await verified(call, builder) : null;
        await writeOut(values.format === 'json' ? json(event, report) : await text(event, report));
        await flushOut();
      }
    } catch (error) {
      // A reader that closes the pipe also ends the watch.
      if (!(error instanceof ClosedPipe)) throw error;
    }
    return EXIT.done satisfies ExitCode;
  },
});

type Verified = VerifyReport | { readonly error: Error };

/** Verifies a build. An error that prevents the verification does not end the watch. */
async function verified(
  { values, signal }: Call<WatchValues>,
  builder: SchemaBuilder,
): Promise<Verified | null> {
  try {
    return await builder.verify({
      schemaOnly: values['schema-only'] ?? false,
      database: databaseOf(values),
    });
  } catch (error) {
    if (signal.aborted) return null;
    if (error instanceof Error && error.name === 'TandemError') return { error };
    throw error;
  }
}

async function text(event: WatchEvent, report: Verified | null): Promise<string> {
  const time = new Date().toTimeString().slice(0, 8);
  const findings = [...event.findings, ...(report !== null && 'findings' in report ? report.findings : [])];
  const lines = [...(await findingLines(findings)), `${time} ${outcome(event)}`];
  if (report === null) return `${lines.join('\n')}\n`;
  if ('error' in report) lines.push(`${time} Not verified: ${printable(report.error.message)}`);
  else {
    const what = plural(report.statements, 'statement');
    lines.push(
      `${time} ${report.server}: ${report.applied ? 'applied' : 'not applied, it stopped after'} ${what}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function outcome(event: WatchEvent): string {
  const output = printable(event.output);
  if (event.status === 'failed') {
    const errors = event.findings.filter(({ severity }) => severity === 'error').length;
    return `Not built: ${plural(errors, 'error')}; ${output} is as it was`;
  }
  const facts = `${plural(event.files, 'file')}, ${size(event.bytes)}`;
  const took = `${Math.max(1, Math.round(event.seconds * 1000))} ms`;
  return event.status === 'written'
    ? `Built ${output}: ${facts} in ${took}${why(event)}`
    : `${output} is up to date: ${facts}`;
}

function why({ changed }: WatchedBuilt): string {
  if (changed.length === 0) return '';
  if (changed.length > MOST_NAMES) return `; ${changed.length} changes`;
  return `; changed: ${changed.map(printable).join(', ')}`;
}

function json(event: WatchEvent, report: Verified | null): string {
  const { status, output, seconds, findings } = event;
  const built =
    status === 'failed'
      ? {}
      : { files: event.files, bytes: event.bytes, body_sha256: event.bodySha256, changed: event.changed };
  const verify =
    report === null
      ? {}
      : 'error' in report
        ? { verify: { applied: false, error: report.error.message } }
        : { verify: { applied: report.applied, statements: report.statements, findings: report.findings } };
  return `${JSON.stringify({ status, output, ...built, seconds, findings, ...verify })}\n`;
}
