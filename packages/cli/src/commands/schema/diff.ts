import type { DatabaseChoice, DiffReport, DiffWishes, Ignored, SchemaSide } from '@tandem/schema';
import { type Call, command } from '../../command.ts';
import { findingLines } from '../../findings/finding-text.ts';
import type { CommonValues } from '../../options/common.ts';
import { choice, list, type ValuesOf } from '../../options/option.ts';
import { DATABASE, PROJECT, SCHEMA_ONLY, SCHEMA_SIZE, TEXT_OR_JSON } from '../../options/schema.ts';
import { badValue, usageError } from '../../options/usage-error.ts';
import { RunFeedback } from '../../report/run-feedback.ts';
import { EXIT } from '../../run/exit-codes.ts';
import { builderOf, databaseOf } from '../../schema/project-run.ts';
import { say } from '../../terminal/streams.ts';

const OPTIONS = {
  ...PROJECT,
  ...DATABASE,
  ignore: list({
    value: 'WHAT',
    about:
      'ignore differences in owner, grant, comment or column-order (separate several with commas), or none',
    default: 'owner if a database is compared, else none',
  }),
  exclude: list({
    value: 'PATTERN',
    about: "ignore objects with a matching name and what belongs to them, such as 'app.log_*'",
  }),
  'schema-only': SCHEMA_ONLY,
  format: TEXT_OR_JSON,
  'fail-on': choice(['difference'], {
    value: 'WHAT',
    about: 'difference: end with status 1 if there is one',
  }),
  'max-size': SCHEMA_SIZE,
};

type DiffCall = Call<ValuesOf<typeof OPTIONS> & CommonValues>;

export const schemaDiffCommand = command({
  options: OPTIONS,
  words: [
    {
      name: 'A',
      required: true,
      about: 'the old side: a git revision, the folder of a project, or postgres://user@host/database',
    },
    { name: 'B', about: 'the new side, in the same form [default: the project as it is now]' },
  ],
  details:
    'Compares two schemas as they are in a database, and lists what was added, removed and changed. It does not write a migration. Files are applied to a temporary database. A database named as A or B is only read, in a read-only transaction; the files on the other side are applied to a temporary database on the same server, unless --database or --database-url says otherwise. A folder with db/environments is a project; any other word is a revision of the git repository that contains the project; rev:NAME and dir:NAME make it explicit.',
  examples: [
    ['main', 'compare the project with the branch main'],
    ['v1.2 v1.3 --format json', 'compare two tags, as JSON'],
    ['postgres://app@db.example.com/shop --fail-on difference', 'check that a database matches the files'],
  ],
  async run(call) {
    const wishes = await wishesOf(call);
    const feedback = new RunFeedback(call, null);
    let report: DiffReport;
    try {
      report = await (await builderOf(call, feedback)).diff(wishes);
      if (report.selection !== null) feedback.finished(report.selection, report.seconds);
    } finally {
      feedback.end();
    }
    await say(await reportText(call.values.format ?? 'text', report));
    const differs = report.added.length + report.removed.length + report.changed.length > 0;
    const fails = !report.compared || (call.values['fail-on'] === 'difference' && differs);
    return fails ? EXIT.failed : EXIT.done;
  },
});

async function wishesOf({ values, words: [a, b] }: DiffCall): Promise<DiffWishes & { schemaOnly: boolean }> {
  if (a === undefined) {
    throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
      problem: 'nothing to compare with: the argument A is missing',
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
    exclude: values.exclude,
    schemaOnly: values['schema-only'],
  };
}

async function sideOf(word: string): Promise<SchemaSide> {
  const { readSide } = await import('@tandem/schema');
  const side = readSide(word);
  if (!('treeHash' in side)) return side;
  throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
    problem: `${word} is a file, not a project`,
    cure: "name the folder of a project, or rev:NAME for a revision of that name; 'tandem schema changed' compares with a tree hash",
  });
}

/** The database chosen by an option. Undefined if none was chosen: the sides then determine it. */
function chosen(values: ValuesOf<typeof DATABASE>): DatabaseChoice | undefined {
  const isChosen = values.database !== undefined || values['database-url'] !== undefined;
  return isChosen ? databaseOf(values) : undefined;
}

async function ignored(lists: readonly string[]): Promise<Ignored[] | undefined> {
  if (lists.length === 0) return undefined;
  const { IGNORED } = await import('@tandem/schema');
  const words = lists.flatMap((list) => list.split(','));
  return words.flatMap((word): Ignored[] => {
    if (word === 'none') return [];
    const found = IGNORED.find((each) => each === word);
    if (found !== undefined) return [found];
    throw badValue('--ignore', 'value', word, `one of: ${IGNORED.join(', ')}, none`);
  });
}

async function reportText(format: string, report: DiffReport): Promise<string> {
  if (format === 'json') {
    const { selection: _, seconds: __, ...facts } = report;
    return `${JSON.stringify(facts, null, 2)}\n`;
  }
  const { diffText, sideText } = await import('../../schema/diff-text.ts');
  if (report.compared) return diffText(report);
  const stopped = [...new Set(report.findings.map(({ side }) => report[side]))];
  const ends = stopped.map((side) => `${sideText(side)} does not apply to ${side.server}`);
  return `${[...(await findingLines(report.findings)), `Not compared: ${ends.join('; ')}`].join('\n')}\n`;
}
