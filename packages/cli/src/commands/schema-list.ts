import type { ExplainedFile } from '@tandem/schema';
import type { Call, Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { DATABASE, DRY_RUN, FINDING_FORMAT, PROJECT, RUN, SCHEMA_ONLY, SCHEMA_SIZE } from '../options.ts';
import { builderOf } from '../schema-run.ts';
import { printable, say } from '../streams.ts';
import { badOption } from '../usage-error.ts';

export const schemaListCommand: Command = {
  options: {
    ...PROJECT,
    'schema-only': SCHEMA_ONLY,
    infer: {
      about:
        'propose an order: the files are applied to a fresh database, and what fails waits for what it lacks',
    },
    ...DATABASE,
    write: { about: 'with --infer: write what files require into them, so that a build has that order' },
    'dry-run': { ...DRY_RUN, about: 'with --write: say what would be written, and write nothing' },
    format: {
      ...FINDING_FORMAT,
      about: 'text (the default) or json; github is text, and an error is an annotation in CI',
    },
    'max-size': SCHEMA_SIZE,
    ...RUN,
  },
  details:
    'With --infer the configured order stays wherever PostgreSQL takes the files in it, and each that moves is told with what it needs. No file is written without --write, which puts lines such as -- requires: 10_tables/users.sql at the top of the files that would stand before something they need.',
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
      const { listProposed, writeProposed } = await import('../schema-infer.ts');
      return values.write ? writeProposed(call) : listProposed(call);
    }
    const builder = await builderOf(call);
    const files = await builder.explain({ schemaOnly: values['schema-only'] ?? false });
    await say(values.format === 'json' ? json(files) : fileLines(files));
    return EXIT.done;
  },
};

function checkOptions({ values }: Call): void {
  const database = ['database', 'database-url'] as const;
  const given = database.find((name) => values[name] !== undefined);
  if (given !== undefined && !values.infer) {
    throw badOption(`--${given}`, 'is about --infer', 'give --infer too');
  }
  if (values.write && !values.infer) {
    throw badOption('--write', 'writes what --infer finds', 'give --infer too');
  }
  if (values['dry-run'] && !values.write) {
    throw badOption('--dry-run', 'is about --write', 'leave it out: without --write nothing is written');
  }
}

function json(files: readonly ExplainedFile[]): string {
  return `${JSON.stringify({ files: files.map(fileRow) }, null, 2)}\n`;
}

/** A file as a report has it. */
export function fileRow({ label, reason, entry, order, pattern, isSeed, phase }: ExplainedFile): object {
  return { file: label, reason, entry, order, pattern, seed: isSeed, phase };
}

/** Files for a person: each on its line, and why it is there. */
export function fileLines(files: readonly ExplainedFile[]): string {
  const width = files.reduce((most, { label }) => Math.max(most, printable(label).length), 0);
  return files
    .map(({ label, reason }) => `${printable(label).padEnd(width)}  ${printable(reason)}\n`)
    .join('');
}
