import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { PROJECT, RUN, SCHEMA_SIZE } from '../options.ts';
import { builderOf } from '../schema-run.ts';
import { say } from '../streams.ts';

export const schemaHashCommand: Command = {
  options: {
    ...PROJECT,
    tree: { about: 'a hash of each file and folder, as JSON; tandem schema changed compares with it' },
    format: {
      value: 'NAME',
      about: 'text (the default); github: an error is an annotation in CI',
      choices: ['text', 'github'],
    },
    'max-size': SCHEMA_SIZE,
    ...RUN,
  },
  details:
    'Without --tree it is the hash of confiture 1.29, the same hexadecimal digits for the same project. It can be the same for two different trees; the tree hash cannot.',
  examples: [
    ['', 'the hash, as confiture gives it'],
    ['--tree > schema.tree.json', 'one hash a file and folder'],
  ],
  async run(call) {
    const builder = await builderOf(call);
    if (call.values.tree) await say(`${JSON.stringify({ version: 1, tree: await builder.treeHash() })}\n`);
    else await say(`${await builder.hash()}\n`);
    return EXIT.done;
  },
};
