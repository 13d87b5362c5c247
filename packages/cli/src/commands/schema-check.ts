import type { CheckReport } from '@tandem/schema';
import { annotate, wantsAnnotations } from '../annotation.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { findingLines } from '../finding-text.ts';
import { plural } from '../numbers.ts';
import { FINDING_FORMAT, PROJECT, RUN, SCHEMA_ONLY, SCHEMA_SIZE } from '../options.ts';
import { runProject } from '../schema-run.ts';
import { say } from '../streams.ts';

export const schemaCheckCommand: Command = {
  options: {
    ...PROJECT,
    'schema-only': SCHEMA_ONLY,
    parse: {
      about:
        "ask PostgreSQL's own parser too: syntax, and functions that are created twice however their types are spelt",
    },
    format: FINDING_FORMAT,
    'fail-on': {
      value: 'WHAT',
      about: 'warning: end with status 1 for a warning too; an error always does',
      choices: ['warning'],
    },
    'max-size': SCHEMA_SIZE,
    ...RUN,
  },
  details:
    'No database is needed: files are cut into tokens as PostgreSQL and psql do it, so that a comment, a quote or a statement that is left open is told where it begins.',
  examples: [
    ['', 'check all files of the project'],
    ['--parse --format github --fail-on warning', 'as a step of CI'],
    ['--format json | jq .errors', 'for a script'],
  ],
  async run(call) {
    const { values } = call;
    const schemaOnly = values['schema-only'] ?? false;
    const parse = values.parse ?? false;
    const report = await runProject(call, (builder) => builder.check({ schemaOnly, parse }));
    if (wantsAnnotations(values)) await annotate(values, report.findings);
    else await say(values.format === 'json' ? json(report) : await text(report));
    const failed = report.errors > 0 || (values['fail-on'] === 'warning' && report.warnings > 0);
    return failed ? EXIT.failed : EXIT.done;
  },
};

function json({ files, errors, warnings, findings }: CheckReport): string {
  return `${JSON.stringify({ files, errors, warnings, findings }, null, 2)}\n`;
}

async function text({ files, errors, warnings, findings }: CheckReport): Promise<string> {
  const lines = await findingLines(findings);
  const found =
    errors + warnings === 0 ? 'nothing found' : `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
  return `${[...lines, `${plural(files, 'file')}: ${found}`].join('\n')}\n`;
}
