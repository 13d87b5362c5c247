import type { DatabaseChoice, VerifyReport } from '@tandem/schema';
import type { Command, OptionValues } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { annotation, findingLines } from '../finding-text.ts';
import { count } from '../numbers.ts';
import { DATABASE, PROJECT, RUN, SCHEMA_ONLY, SCHEMA_SIZE } from '../options.ts';
import { runProject } from '../schema-run.ts';
import { say } from '../streams.ts';
import { badOption } from '../usage-error.ts';

export const schemaVerifyCommand: Command = {
  options: {
    ...PROJECT,
    ...DATABASE,
    'schema-only': SCHEMA_ONLY,
    format: {
      value: 'NAME',
      about: 'text (the default), json, or github for annotations in CI',
      choices: ['text', 'json', 'github'],
    },
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
    const wishes = { schemaOnly: values['schema-only'] ?? false, database: choiceOf(values) };
    const report = await runProject(call, (builder) => builder.verify(wishes));
    await say(await told(values.format ?? 'text', report));
    return report.errors > 0 ? EXIT.failed : EXIT.done;
  },
};

function choiceOf({ database = 'auto', 'database-url': url }: OptionValues): DatabaseChoice {
  if (url === undefined) return database;
  if (database !== 'auto') {
    throw badOption('--database-url', 'and --database exclude each other', 'leave out one of them');
  }
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw badOption('--database-url', 'is no URL of PostgreSQL', 'give postgres://user@host/database');
  }
  return { url };
}

async function told(format: string, report: VerifyReport): Promise<string> {
  switch (format) {
    case 'json':
      return json(report);
    case 'github':
      return report.findings.map((finding) => `${annotation(finding)}\n`).join('');
    default:
      return text(report);
  }
}

function json({
  applied,
  files,
  statements,
  database,
  server,
  errors,
  warnings,
  findings,
}: VerifyReport): string {
  const facts = { applied, files, statements, database, server, errors, warnings, findings };
  return `${JSON.stringify(facts, null, 2)}\n`;
}

async function text({ applied, files, statements, server, findings }: VerifyReport): Promise<string> {
  const lines = await findingLines(findings);
  const what = `${count(statements)} ${statements === 1 ? 'statement' : 'statements'} of ${count(files)} ${files === 1 ? 'file' : 'files'}`;
  const end = applied ? `applied: ${what}` : `not applied: it stopped after ${what}`;
  return `${[...lines, `${server}: ${end}`].join('\n')}\n`;
}
