import { command } from '../../command.ts';
import { choice, flag } from '../../options/option.ts';
import { PROJECT, SCHEMA_SIZE } from '../../options/schema.ts';
import { EXIT } from '../../run/exit-codes.ts';
import { builderOf } from '../../schema/project-run.ts';
import { say } from '../../terminal/streams.ts';

export const schemaHashCommand = command({
  options: {
    ...PROJECT,
    tree: flag("print a hash for each file and folder, as JSON; 'tandem schema changed' compares with it"),
    format: choice(['text', 'github'], {
      value: 'NAME',
      about: 'text, or github to turn an error into an annotation in CI',
      default: 'text',
    }),
    'max-size': SCHEMA_SIZE,
  },
  details:
    'Without --tree this is the hash of confiture 1.29: the same hexadecimal digits for the same project. Two different trees can have the same hash; this cannot happen with --tree.',
  examples: [
    ['', 'the hash that confiture computes'],
    ['--tree > schema.tree.json', 'one hash for each file and folder'],
  ],
  async run(call) {
    const builder = await builderOf(call);
    if (call.values.tree) await say(`${JSON.stringify({ version: 1, tree: await builder.treeHash() })}\n`);
    else await say(`${await builder.hash()}\n`);
    return EXIT.done;
  },
});
