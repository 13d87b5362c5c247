import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { TALK } from '../options.ts';
import { printable, say } from '../streams.ts';
import { usageError } from '../usage-error.ts';

export const schemaWhereCommand: Command = {
  options: {
    format: { value: 'NAME', about: 'text (the default) or json', choices: ['text', 'json'] },
    ...TALK,
  },
  words: [{ name: 'FILE:LINE', about: 'a line of a file that was built with --source-map' }],
  examples: [['db/generated/schema_local.sql:1204', 'where line 1204 comes from']],
  async run({ values, words: [word] }) {
    const match = /^(.+):([1-9]\d{0,9})$/.exec(word ?? '');
    if (match === null) {
      throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
        problem: word === undefined ? 'no place is named' : `'${word}' names no line`,
        cure: 'say FILE:LINE, such as db/generated/schema_local.sql:1204',
      });
    }
    const { readSourceMap, sourceOf } = await import('@tandem/schema');
    const [, file, line] = match as unknown as [string, string, string];
    const source = sourceOf(readSourceMap(file), Number(line));
    if (values.format === 'json') await say(`${JSON.stringify(source, null, 2)}\n`);
    else if (source === null) await say(`${file}:${line} was written by the build and has no source\n`);
    else await say(`${printable(source.path)}:${source.line}\n`);
    return EXIT.done;
  },
};
