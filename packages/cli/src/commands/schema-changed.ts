import { readFileSync } from 'node:fs';
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
  word: { name: 'BASE', about: 'a file that tandem schema hash --tree has written' },
  examples: [
    ['schema.tree.json', 'what changed since then, a file or folder a line'],
    ['schema.tree.json --fail-on changed', 'as a check in CI'],
  ],
  async run(call) {
    const { values, word } = call;
    if (word === undefined) {
      throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
        problem: 'there is nothing to compare with',
        cure: 'name a file that tandem schema hash --tree has written',
      });
    }
    const { readTreeHash, treeChanges } = await import('@tandem/schema');
    const before = readTreeHash(readBase(word), word);
    const builder = await builderOf(call);
    const changes = treeChanges(before, await builder.treeHash());
    if (values.format === 'json') await say(`${JSON.stringify({ changes }, null, 2)}\n`);
    else await say(changes.map(({ change, path }) => `${change.padEnd(8)} ${printable(path)}\n`).join(''));
    return values['fail-on'] === 'changed' && changes.length > 0 ? EXIT.failed : EXIT.done;
  },
};

function readBase(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const error = usageError('ERR_TANDEM_BAD_ARGUMENT', {
      problem: `${file} cannot be read`,
      cure: 'write it with tandem schema hash --tree',
    });
    throw Object.assign(error, { cause });
  }
}
