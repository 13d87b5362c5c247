import { command } from '../../command.ts';
import { NO_RUN } from '../../options/common.ts';
import { TEXT_OR_JSON } from '../../options/schema.ts';
import { usageError } from '../../options/usage-error.ts';
import { EXIT } from '../../run/exit-codes.ts';
import { printable, say } from '../../terminal/streams.ts';

export const schemaWhereCommand = command({
  options: { format: TEXT_OR_JSON },
  without: NO_RUN,
  words: [
    {
      name: 'FILE:LINE',
      required: true,
      about: 'a line of a file that was built with --source-map',
    },
  ],
  examples: [['db/generated/schema_local.sql:1204', 'where line 1204 comes from']],
  async run({ values, words: [word] }) {
    const match = /^(.+):([1-9]\d{0,9})$/.exec(word ?? '');
    if (match === null) {
      throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
        problem: word === undefined ? 'the argument FILE:LINE is missing' : `no line number in '${word}'`,
        cure: 'write FILE:LINE, such as db/generated/schema_local.sql:1204',
      });
    }
    const { readSourceMap, sourceOf } = await import('@tandem/schema');
    const [, file = '', line] = match;
    const source = sourceOf(readSourceMap(file), Number(line));
    if (values.format === 'json') await say(`${JSON.stringify(source, null, 2)}\n`);
    else if (source === null) await say(`${file}:${line} was written by the build and has no source\n`);
    else await say(`${printable(source.path)}:${source.line}\n`);
    return EXIT.done;
  },
});
