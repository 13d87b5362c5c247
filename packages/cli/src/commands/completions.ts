import { command } from '../command.ts';
import { NO_RUN } from '../options/common.ts';
import { usageError } from '../options/usage-error.ts';
import { EXIT } from '../run/exit-codes.ts';
import { say } from '../terminal/streams.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

export const completionsCommand = command({
  options: {},
  without: [...NO_RUN, 'quiet'],
  words: [{ name: 'SHELL', required: true, about: 'bash, zsh or fish', choices: SHELLS }],
  details:
    'Prints a script that lets the shell complete commands, options, their choices and paths, for tandem and its older names.',
  examples: [
    ['bash > ~/.local/share/bash-completion/completions/tandem', 'for bash'],
    ['zsh > "$fpath[1]/_tandem"', 'for zsh, in a folder that fpath lists'],
    ['fish > ~/.config/fish/completions/tandem.fish', 'for fish'],
  ],
  async run({ words: [word] }) {
    const shell = SHELLS.find((each) => each === word);
    if (shell === undefined) {
      throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
        problem: word === undefined ? 'the argument SHELL is missing' : `no completions for '${word}'`,
        cure: `one of: ${SHELLS.join(', ')}`,
      });
    }
    const { completionScript } = await import('../reference/completions.ts');
    await say(await completionScript(shell));
    return EXIT.done;
  },
});
