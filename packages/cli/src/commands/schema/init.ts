import { command } from '../../command.ts';
import { NO_RUN } from '../../options/common.ts';
import { folder } from '../../options/option.ts';
import { EXIT } from '../../run/exit-codes.ts';
import { printable, say } from '../../terminal/streams.ts';

export const schemaInitCommand = command({
  options: {
    'project-dir': folder({
      value: 'DIR',
      about: 'the folder to write into',
      default: 'the current folder',
    }),
  },
  without: NO_RUN,
  details:
    'Writes a configuration and three SQL files that build as they are. If one of these files exists already, nothing is written.',
  examples: [['--project-dir shop', 'a project in the folder shop']],
  async run({ values }) {
    const { initProject } = await import('@tandem/schema');
    const target = values['project-dir'] ?? '.';
    const written = initProject(target);
    if (!values.quiet) {
      const next = target === '.' ? 'tandem schema build' : `tandem schema build --project-dir ${target}`;
      const lines = [...written.map((name) => `wrote ${name}`), `Now try: ${next}`];
      await say(lines.map((line) => `${printable(line)}\n`).join(''));
    }
    return EXIT.done;
  },
});
