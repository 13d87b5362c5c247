import type { VerifyReport } from '@tandem/schema';
import { command } from '../../command.ts';
import { annotate, wantsAnnotations } from '../../findings/annotation.ts';
import { findingLines } from '../../findings/finding-text.ts';
import { flag } from '../../options/option.ts';
import { DATABASE, FINDING_FORMAT, PROJECT, SCHEMA_ONLY, SCHEMA_SIZE } from '../../options/schema.ts';
import { EXIT } from '../../run/exit-codes.ts';
import { databaseOf, runProject } from '../../schema/project-run.ts';
import { plural } from '../../terminal/numbers.ts';
import { printable, say } from '../../terminal/streams.ts';

export const schemaVerifyCommand = command({
  options: {
    ...PROJECT,
    ...DATABASE,
    dump: flag('print the contents of the database afterwards: every object with its definition'),
    twice: flag('apply the schema to two fresh databases, and end with status 1 if they differ'),
    'schema-only': SCHEMA_ONLY,
    format: FINDING_FORMAT,
    'max-size': SCHEMA_SIZE,
  },
  details:
    'Builds the schema in memory and applies it, statement by statement as psql does, to a temporary database. If a statement fails, the status is 1, and the error names the source file, line and column.',
  examples: [
    ['', 'apply it to PGlite, or to a temporary server'],
    ['--database-url postgres://postgres@localhost', 'to a temporary database on that server'],
    ['--database server --format github', 'as a step in CI'],
  ],
  async run(call) {
    const { values } = call;
    const wishes = {
      schemaOnly: values['schema-only'],
      database: databaseOf(values),
      dump: values.dump,
      twice: values.twice,
    };
    const report = await runProject(call, (builder) => builder.verify(wishes));
    if (wantsAnnotations(values)) await annotate(values, report.findings);
    else await say(values.format === 'json' ? json(report) : await text(report));
    return report.errors > 0 || differs(report) ? EXIT.failed : EXIT.done;
  },
});

function differs({ changes }: VerifyReport): boolean {
  return changes !== null && changes.length > 0;
}

function json({ bytes: _, selection: __, seconds: ___, catalogue, changes, ...facts }: VerifyReport): string {
  const asked = { ...(catalogue === null ? {} : { catalogue }), ...(changes === null ? {} : { changes }) };
  return `${JSON.stringify({ ...facts, ...asked }, null, 2)}\n`;
}

async function text(report: VerifyReport): Promise<string> {
  const { applied, files, statements, server, findings, catalogue, changes } = report;
  const { catalogueText } = await import('@tandem/schema');
  const lines = await findingLines(findings);
  const what = `${plural(statements, 'statement')} of ${plural(files, 'file')}`;
  const end = applied ? `applied: ${what}` : `not applied: it stopped after ${what}`;
  const differing = (changes ?? []).map(
    ({ change, kind, name }) => `${change.padEnd(8)} ${printable(`${kind} ${name}`)}`,
  );
  const twice =
    changes === null ? [] : [differing.length === 0 ? 'twice: equal' : 'twice: the two databases differ'];
  const dump = catalogue === null ? '' : shown(catalogueText(catalogue));
  return `${dump}${[...lines, ...differing, `${server}: ${end}`, ...twice].join('\n')}\n`;
}

/** Line ends and tabs are part of the definitions. A terminal would interpret other control characters. */
function shown(text: string): string {
  return text
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : printable(part)))
    .join('');
}
