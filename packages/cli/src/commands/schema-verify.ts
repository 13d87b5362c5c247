import type { VerifyReport } from '@tandem/schema';
import { annotate, wantsAnnotations } from '../annotation.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { findingLines } from '../finding-text.ts';
import { plural } from '../numbers.ts';
import { DATABASE, FINDING_FORMAT, PROJECT, RUN, SCHEMA_ONLY, SCHEMA_SIZE } from '../options.ts';
import { databaseOf, runProject } from '../schema-run.ts';
import { printable, say } from '../streams.ts';

export const schemaVerifyCommand: Command = {
  options: {
    ...PROJECT,
    ...DATABASE,
    dump: { about: 'print what the database holds then: every object with its definition' },
    twice: { about: 'apply it to two fresh databases, and end with status 1 where they differ' },
    'schema-only': SCHEMA_ONLY,
    format: FINDING_FORMAT,
    'max-size': SCHEMA_SIZE,
    ...RUN,
  },
  details:
    'Builds in memory and applies statement by statement, as psql does, to a database that is made for it and gone afterwards. Ends with status 1 where a statement fails, and names its source file, line and column.',
  examples: [
    ['', 'apply it to PGlite, or to a server of its own'],
    ['--database-url postgres://postgres@localhost', 'to a database of its own on that server'],
    ['--database server --format github', 'as a step of CI'],
  ],
  async run(call) {
    const { values } = call;
    const wishes = {
      schemaOnly: values['schema-only'] ?? false,
      database: databaseOf(values),
      dump: values.dump ?? false,
      twice: values.twice ?? false,
    };
    const report = await runProject(call, (builder) => builder.verify(wishes));
    if (wantsAnnotations(values)) await annotate(values, report.findings);
    else await say(values.format === 'json' ? json(report) : await text(report));
    return report.errors > 0 || differs(report) ? EXIT.failed : EXIT.done;
  },
};

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

/** Ends of lines and tabs are of the definitions; other controls would be obeyed by a terminal. */
function shown(text: string): string {
  return text
    .split(/([\n\t])/)
    .map((part) => (part === '\n' || part === '\t' ? part : printable(part)))
    .join('');
}
