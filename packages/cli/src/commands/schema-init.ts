import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { PROJECT, TALK } from '../options.ts';
import { printable, say } from '../streams.ts';

export const schemaInitCommand: Command = {
  options: {
    'project-dir': {
      ...PROJECT['project-dir'],
      about: 'the folder to write into; the working folder unless given',
    },
    ...TALK,
  },
  details:
    'Writes a configuration and three files that build as they are. Nothing is written where one of them is there already.',
  examples: [['--project-dir shop', 'a project in the folder shop']],
  async run({ values }) {
    const { initProject } = await import('@tandem/schema');
    const folder = values['project-dir'] ?? '.';
    const written = initProject(folder);
    if (!values.quiet) {
      const next = folder === '.' ? 'tandem schema build' : `tandem schema build --project-dir ${folder}`;
      const lines = [...written.map((name) => `wrote ${name}`), `Now try: ${next}`];
      await say(lines.map((line) => `${printable(line)}\n`).join(''));
    }
    return EXIT.done;
  },
};
