import type { CheckReport } from '@tandem/schema';
import { command } from '../../command.ts';
import { annotate, wantsAnnotations } from '../../findings/annotation.ts';
import { findingLines } from '../../findings/finding-text.ts';
import { choice, flag } from '../../options/option.ts';
import { FINDING_FORMAT, PROJECT, SCHEMA_ONLY, SCHEMA_SIZE } from '../../options/schema.ts';
import { EXIT } from '../../run/exit-codes.ts';
import { runProject } from '../../schema/project-run.ts';
import { plural } from '../../terminal/numbers.ts';
import { say } from '../../terminal/streams.ts';

export const schemaCheckCommand = command({
  options: {
    ...PROJECT,
    'schema-only': SCHEMA_ONLY,
    parse: flag(
      "also use PostgreSQL's own parser: finds syntax errors, and functions created twice with differently spelled types",
    ),
    format: FINDING_FORMAT,
    'fail-on': choice(['warning'], {
      value: 'WHAT',
      about: 'warning: end with status 1 for a warning too; for an error it always does',
    }),
    'max-size': SCHEMA_SIZE,
  },
  details:
    'Needs no database. The files are split into tokens as PostgreSQL and psql do it, so an unclosed comment, quote or statement is reported where it begins.',
  examples: [
    ['', 'check all files of the project'],
    ['--parse --format github --fail-on warning', 'as a step in CI'],
    ['--format json | jq .errors', 'for a script'],
  ],
  async run(call) {
    const { values } = call;
    const schemaOnly = values['schema-only'];
    const report = await runProject(call, (builder) => builder.check({ schemaOnly, parse: values.parse }));
    if (wantsAnnotations(values)) await annotate(values, report.findings);
    else await say(values.format === 'json' ? json(report) : await text(report));
    const failed = report.errors > 0 || (values['fail-on'] === 'warning' && report.warnings > 0);
    return failed ? EXIT.failed : EXIT.done;
  },
});

function json({ files, errors, warnings, findings }: CheckReport): string {
  return `${JSON.stringify({ files, errors, warnings, findings }, null, 2)}\n`;
}

async function text({ files, errors, warnings, findings }: CheckReport): Promise<string> {
  const lines = await findingLines(findings);
  const found =
    errors + warnings === 0
      ? 'no problems found'
      : `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
  return `${[...lines, `${plural(files, 'file')}: ${found}`].join('\n')}\n`;
}
