import type { ExplainedFile } from '@tandem/schema';
import { type Call, command } from '../../command.ts';
import type { CommonValues } from '../../options/common.ts';
import { flag, type ValuesOf } from '../../options/option.ts';
import { DATABASE, FINDING_FORMAT, PROJECT, SCHEMA_ONLY, SCHEMA_SIZE } from '../../options/schema.ts';
import { badOption } from '../../options/usage-error.ts';
import { EXIT } from '../../run/exit-codes.ts';
import { builderOf } from '../../schema/project-run.ts';
import { printable, say } from '../../terminal/streams.ts';

const OPTIONS = {
  ...PROJECT,
  'schema-only': SCHEMA_ONLY,
  infer: flag('propose an order: apply the files to a fresh database, and put off those that lack something'),
  ...DATABASE,
  write: flag('with --infer: write the requirements into the files, so that a build uses that order'),
  'dry-run': flag('with --write: show what would be written, and write nothing'),
  format: {
    ...FINDING_FORMAT,
    about: 'text, json, or github: text, with errors as annotations in CI',
  },
  'max-size': SCHEMA_SIZE,
};

export type ListValues = ValuesOf<typeof OPTIONS> & CommonValues;

export const schemaListCommand = command({
  options: OPTIONS,
  details:
    'With --infer the configured order is kept wherever the files allow it, and each file that moves is listed with what it needs. Nothing is written without --write, which puts lines such as -- requires: 10_tables/users.sql at the top of the files that would come before something they need.',
  examples: [
    ['', 'the files in the order of the build, and why each is where it is'],
    ['--format json', 'the same for a script'],
    ['--infer', 'the order in which a fresh database takes the files'],
    ['--infer --write --dry-run', 'the lines that would make it the order of the build'],
  ],
  async run(call) {
    const { values } = call;
    checkOptions(call);
    if (values.infer) {
      const { listProposed, writeProposed } = await import('../../schema/infer.ts');
      return values.write ? writeProposed(call) : listProposed(call);
    }
    const builder = await builderOf(call);
    const files = await builder.explain({ schemaOnly: values['schema-only'] ?? false });
    await say(values.format === 'json' ? json(files) : fileLines(files));
    return EXIT.done;
  },
});

function checkOptions({ values }: Call<ListValues>): void {
  const database = ['database', 'database-url'] as const;
  const given = database.find((name) => values[name] !== undefined);
  if (given !== undefined && !values.infer) {
    throw badOption(`--${given}`, 'works only with --infer', 'give --infer too');
  }
  if (values.write && !values.infer) {
    throw badOption('--write', 'writes what --infer finds', 'give --infer too');
  }
  if (values['dry-run'] && !values.write) {
    throw badOption(
      '--dry-run',
      'works only with --write',
      'leave it out: without --write nothing is written',
    );
  }
}

function json(files: readonly ExplainedFile[]): string {
  return `${JSON.stringify({ files: files.map(fileRow) }, null, 2)}\n`;
}

/** A file as it appears in a report. */
export function fileRow({ label, reason, entry, order, pattern, isSeed, phase }: ExplainedFile): object {
  return { file: label, reason, entry, order, pattern, seed: isSeed, phase };
}

/** The files as text: one per line, with the reason for its position. */
export function fileLines(files: readonly ExplainedFile[]): string {
  const width = files.reduce((most, { label }) => Math.max(most, printable(label).length), 0);
  return files
    .map(({ label, reason }) => `${printable(label).padEnd(width)}  ${printable(reason)}\n`)
    .join('');
}
