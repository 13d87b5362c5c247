import { nearest } from '@tandem/engine';
import { COMMANDS, type CommandEntry } from './command-table.ts';
import type { ProgramName } from './main.ts';
import { usageError } from './options/usage-error.ts';
import { calledAs } from './reference/called-as.ts';

/** The command that the leading words of a command line name. */
export interface Found {
  /** The longest sequence of words that is a command, or the beginning of one. */
  readonly path: string;
  readonly entry: CommandEntry | undefined;
  readonly rest: readonly string[];
}

const HELP = ['--help', '-h'];

/**
 * Finds the command of a command line, and whether its help is requested: `help` may be the first word, or
 * follow a group or a command.
 */
export function findCommand(
  program: ProgramName,
  args: readonly string[],
): { readonly found: Found; readonly wantsHelp: boolean } {
  const at = args[0] === 'help' ? 0 : commandOf(program, args).rest[0] === 'help' ? args.indexOf('help') : -1;
  const found = commandOf(program, at < 0 ? args : args.toSpliced(at, 1));
  return { found, wantsHelp: at >= 0 || found.rest.some((arg) => HELP.includes(arg)) };
}

/** The older names mean `tandem sidecar`, and also accept the commands outside a group. */
function commandOf(program: ProgramName, args: readonly string[]): Found {
  const inSidecar = program !== 'tandem' && !COMMANDS.some(({ path }) => path === args[0]);
  let path = inSidecar ? 'sidecar' : '';
  let taken = 0;
  for (const word of args) {
    const longer = path === '' ? word : `${path} ${word}`;
    if (!COMMANDS.some((each) => each.path === longer || each.path.startsWith(`${longer} `))) break;
    path = longer;
    taken += 1;
  }
  return { path, entry: COMMANDS.find((each) => each.path === path), rest: args.slice(taken) };
}

/** Returns the error for an unknown command. It names the command that was probably meant. */
export function unknownCommand(program: ProgramName, path: string, word: string): Error {
  const help = `${calledAs(program, path)} --help`;
  if (word.startsWith('-')) {
    const params = { problem: `no command before ${word}`, cure: `'${help}' lists the commands` };
    return usageError('ERR_TANDEM_BAD_ARGUMENT', params);
  }
  const inside = COMMANDS.map((each) => each.path).filter(
    (each) => path === '' || each.startsWith(`${path} `),
  );
  // Also matches the last word of a command, because users leave out `sidecar`.
  const choices = inside.flatMap((each) => [each.slice(path === '' ? 0 : path.length + 1), lastWord(each)]);
  const meant = nearest(word, [...choices, 'sidecar']);
  const whole = inside.find((each) => lastWord(each) === meant);
  const cure =
    meant === undefined
      ? `'${help}' lists the commands`
      : `did you mean '${calledAs(program, whole ?? meant)}'?`;
  return usageError('ERR_TANDEM_UNKNOWN_COMMAND', { command: word, cure });
}

function lastWord(path: string): string {
  return path.slice(path.lastIndexOf(' ') + 1);
}
