import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { PROJECT, RUN, SCHEMA_SIZE } from '../options.ts';
import { builderOf } from '../schema-run.ts';
import { printable, say } from '../streams.ts';
import { usageError } from '../usage-error.ts';

export const schemaChangedCommand: Command = {
  options: {
    ...PROJECT,
    format: { value: 'NAME', about: 'text (the default) or json', choices: ['text', 'json'] },
    'fail-on': {
      value: 'WHAT',
      about: 'changed: end with status 1 if something changed',
      choices: ['changed'],
    },
    'max-size': SCHEMA_SIZE,
    ...RUN,
  },
  words: [
    {
      name: 'BASE',
      about: 'a revision of git, a file of tandem schema hash --tree, or the folder of another project',
    },
  ],
  details:
    'Compares the bytes of the files that a build reads, without a database. What has db/environments is a folder, and what is a file is a file; any other word is a revision of the repository that holds the project. rev:NAME and dir:NAME say which it is. A revision is read as git checks it out; its configuration chooses its files.',
  examples: [
    ['main', 'what differs from the branch main, a file or folder a line'],
    ['HEAD~3 --format json', 'the same as JSON, from three commits ago'],
    ['schema.tree.json --fail-on changed', 'as a check in CI'],
  ],
  async run(call) {
    const {
      values,
      words: [word],
    } = call;
    if (word === undefined) {
      throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
        problem: 'there is nothing to compare with',
        cure: 'name a revision such as main, or a file that tandem schema hash --tree has written',
      });
    }
    const { readSide } = await import('@tandem/schema');
    const base = readSide(word);
    if ('url' in base) {
      throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
        problem: 'a database has no files',
        cure: 'tandem schema diff compares with one',
      });
    }
    const builder = await builderOf(call);
    const changes = await builder.changedSince(base);
    if (values.format === 'json') await say(`${JSON.stringify({ changes }, null, 2)}\n`);
    else await say(changes.map(({ change, path }) => `${change.padEnd(8)} ${printable(path)}\n`).join(''));
    return values['fail-on'] === 'changed' && changes.length > 0 ? EXIT.failed : EXIT.done;
  },
};
