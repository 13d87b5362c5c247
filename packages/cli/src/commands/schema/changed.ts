import { command } from '../../command.ts';
import { choice } from '../../options/option.ts';
import { PROJECT, SCHEMA_SIZE, TEXT_OR_JSON } from '../../options/schema.ts';
import { usageError } from '../../options/usage-error.ts';
import { EXIT } from '../../run/exit-codes.ts';
import { builderOf } from '../../schema/project-run.ts';
import { printable, say } from '../../terminal/streams.ts';

export const schemaChangedCommand = command({
  options: {
    ...PROJECT,
    format: TEXT_OR_JSON,
    'fail-on': choice(['changed'], {
      value: 'WHAT',
      about: 'changed: end with status 1 if something changed',
    }),
    'max-size': SCHEMA_SIZE,
  },
  words: [
    {
      name: 'BASE',
      required: true,
      about: "a git revision, a file from 'tandem schema hash --tree', or the folder of another project",
    },
  ],
  details:
    'Compares the bytes of the files that a build reads, without a database. BASE is a project if it is a folder with db/environments, a hash if it is a file, and otherwise a revision of the git repository that contains the project; rev:NAME and dir:NAME make it explicit. A revision is read as git checks it out, and its own configuration selects its files.',
  examples: [
    ['main', 'compare with the branch main, one file or folder per line'],
    ['HEAD~3 --format json', 'compare with three commits ago, as JSON'],
    ['schema.tree.json --fail-on changed', 'as a check in CI'],
  ],
  async run(call) {
    const {
      values,
      words: [word],
    } = call;
    if (word === undefined) {
      throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
        problem: 'nothing to compare with: the argument BASE is missing',
        cure: "name a revision such as main, or a file from 'tandem schema hash --tree'",
      });
    }
    const { readSide } = await import('@tandem/schema');
    const base = readSide(word);
    if ('url' in base) {
      throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
        problem: 'a database has no files to compare',
        cure: "use 'tandem schema diff' to compare with a database",
      });
    }
    const builder = await builderOf(call);
    const changes = await builder.changedSince(base);
    if (values.format === 'json') await say(`${JSON.stringify({ changes }, null, 2)}\n`);
    else await say(changes.map(({ change, path }) => `${change.padEnd(8)} ${printable(path)}\n`).join(''));
    return values['fail-on'] === 'changed' && changes.length > 0 ? EXIT.failed : EXIT.done;
  },
});
