import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { FINDING_FORMAT, PROJECT, RUN, SCHEMA_ONLY, SCHEMA_SIZE } from '../options.ts';
import { builderOf } from '../schema-run.ts';
import { printable, say } from '../streams.ts';

export const schemaListCommand: Command = {
  options: {
    ...PROJECT,
    'schema-only': SCHEMA_ONLY,
    format: {
      ...FINDING_FORMAT,
      about: 'text (the default) or json; github is text, and an error is an annotation in CI',
    },
    'max-size': SCHEMA_SIZE,
    ...RUN,
  },
  examples: [
    ['', 'the files in the order of the build, and why each is where it is'],
    ['--format json', 'the same for a script'],
  ],
  async run(call) {
    const { values } = call;
    const builder = await builderOf(call);
    const files = await builder.explain({ schemaOnly: values['schema-only'] ?? false });
    if (values.format === 'json') {
      const rows = files.map(({ label, reason, entry, order, pattern, isSeed, phase }) => ({
        file: label,
        reason,
        entry,
        order,
        pattern,
        seed: isSeed,
        phase,
      }));
      await say(`${JSON.stringify({ files: rows }, null, 2)}\n`);
    } else {
      const width = Math.max(...files.map(({ label }) => label.length));
      const lines = files.map(
        ({ label, reason }) => `${printable(label).padEnd(width)}  ${printable(reason)}\n`,
      );
      await say(lines.join(''));
    }
    return EXIT.done;
  },
};
