import type { CheckReport } from '@tandem/schema';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { annotation, findingLines } from '../finding-text.ts';
import { plural } from '../numbers.ts';
import { PROJECT, RUN, SCHEMA_ONLY, SCHEMA_SIZE } from '../options.ts';
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
    format: {
      value: 'NAME',
      about: 'text (the default), json, or github for annotations in CI',
      choices: ['text', 'json', 'github'],
    },
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
    await say(await told(values.format ?? 'text', report));
    const failed = report.errors > 0 || (values['fail-on'] === 'warning' && report.warnings > 0);
    return failed ? EXIT.failed : EXIT.done;
  },
};

async function told(format: string, report: CheckReport): Promise<string> {
  switch (format) {
    case 'json':
      return json(report);
    case 'github':
      return report.findings.map((finding) => `${annotation(finding)}\n`).join('');
    default:
      return text(report);
  }
}

function json({ files, errors, warnings, findings }: CheckReport): string {
  return `${JSON.stringify({ files, errors, warnings, findings }, null, 2)}\n`;
}

async function text({ files, errors, warnings, findings }: CheckReport): Promise<string> {
  const lines = await findingLines(findings);
  const found =
    errors + warnings === 0 ? 'nothing found' : `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
  return `${[...lines, `${plural(files, 'file')}: ${found}`].join('\n')}\n`;
}
