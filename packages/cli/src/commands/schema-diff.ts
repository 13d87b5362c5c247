import type { DatabaseChoice, DiffReport, DiffWishes, Ignored, SchemaSide } from '@tandem/schema';
import type { Call, Command, OptionValues } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { findingLines } from '../finding-text.ts';
import { DATABASE, PROJECT, RUN, SCHEMA_ONLY, SCHEMA_SIZE } from '../options.ts';
import { RunFeedback } from '../run-feedback.ts';
import { builderOf, databaseOf } from '../schema-run.ts';
import { say } from '../streams.ts';
import { badOption, usageError } from '../usage-error.ts';

export const schemaDiffCommand: Command = {
  options: {
    ...PROJECT,
    ...DATABASE,
    ignore: {
      value: 'WHAT',
      many: true,
      about:
        'owner, grant, comment or column-order, several with commas; owner unless given where a side is a database; none: everything counts',
    },
    exclude: {
      value: 'PATTERN',
      many: true,
      about: "leave out what is called so, and what hangs on it, such as 'app.log_*'; may be said again",
    },
    'schema-only': SCHEMA_ONLY,
    format: { value: 'NAME', about: 'text (the default) or json', choices: ['text', 'json'] },
    'fail-on': {
      value: 'WHAT',
      about: 'difference: end with status 1 if there is one',
      choices: ['difference'],
    },
    'max-size': SCHEMA_SIZE,
    ...RUN,
  },
  words: [
    {
      name: 'A',
      about: 'what was: a revision of git, the folder of a project, or postgres://user@host/database',
    },
    { name: 'B', about: 'what is, in the same way; the project as it is now unless given' },
  ],
  details:
    'Compares what two schemas come to in a database: what was added, removed and changed. It writes no migration. Files are applied to a fresh database that is gone afterwards; a database that is named is only read, in a transaction that can do nothing else, and files that it is compared with are applied beside it, on the same server, unless --database or --database-url says otherwise. What has db/environments is a folder; any other word is a revision of the repository that holds the project, and rev:NAME and dir:NAME say which it is.',
  examples: [
    ['main', 'what differs in the project from the branch main'],
    ['v1.2 v1.3 --format json', 'between two tags, as JSON'],
    ['postgres://app@db.example.com/shop --fail-on difference', 'whether a database is what the files say'],
  ],
  async run(call) {
    const wishes = await wishesOf(call);
    const feedback = new RunFeedback(call, null, true);
    let report: DiffReport;
    try {
      report = await (await builderOf(call, feedback)).diff(wishes);
      if (report.selection !== null) feedback.finished(report.selection, report.seconds);
    } finally {
      feedback.end();
    }
    await say(await told(call.values.format ?? 'text', report));
    const differs = report.added.length + report.removed.length + report.changed.length > 0;
    const fails = !report.compared || (call.values['fail-on'] === 'difference' && differs);
    return fails ? EXIT.failed : EXIT.done;
  },
};

async function wishesOf({ values, words: [a, b] }: Call): Promise<DiffWishes & { schemaOnly: boolean }> {
  if (a === undefined) {
    throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
      problem: 'there is nothing to compare with',
      cure: 'name a revision such as main, the folder of a project, or a database',
    });
  }
  const database = chosen(values);
  const ignore = await ignored(values.ignore);
  return {
    before: await sideOf(a),
    ...(b === undefined ? {} : { after: await sideOf(b) }),
    ...(database === undefined ? {} : { database }),
    ...(ignore === undefined ? {} : { ignore }),
    exclude: values.exclude ?? [],
    schemaOnly: values['schema-only'] ?? false,
  };
}

async function sideOf(word: string): Promise<SchemaSide> {
  const { readSide } = await import('@tandem/schema');
  const side = readSide(word);
  if (!('treeHash' in side)) return side;
  throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
    problem: `${word} is a file, and a file is no schema`,
    cure: 'name the folder of a project; a revision of that name is rev:NAME; with a tree hash compares tandem schema changed',
  });
}

/** Undefined where nothing was chosen: it then goes by the sides. */
function chosen(values: OptionValues): DatabaseChoice | undefined {
  const isChosen = values.database !== undefined || values['database-url'] !== undefined;
  return isChosen ? databaseOf(values) : undefined;
}

async function ignored(lists: readonly string[] | undefined): Promise<Ignored[] | undefined> {
  if (lists === undefined) return undefined;
  const { IGNORED } = await import('@tandem/schema');
  const words = lists.flatMap((list) => list.split(','));
  return words.flatMap((word): Ignored[] => {
    if (word === 'none') return [];
    const found = IGNORED.find((each) => each === word);
    if (found !== undefined) return [found];
    throw badOption(`--ignore '${word}'`, 'is not known', `one of: ${IGNORED.join(', ')}, none`);
  });
}

async function told(format: string, report: DiffReport): Promise<string> {
  if (format === 'json') {
    const { selection: _, seconds: __, ...facts } = report;
    return `${JSON.stringify(facts, null, 2)}\n`;
  }
  const { diffText, sideText } = await import('../diff-text.ts');
  if (report.compared) return diffText(report);
  const stopped = [...new Set(report.findings.map(({ side }) => report[side]))];
  const ends = stopped.map((side) => `${sideText(side)} does not apply to ${side.server}`);
  return `${[...(await findingLines(report.findings)), `Not compared: ${ends.join('; ')}`].join('\n')}\n`;
}
