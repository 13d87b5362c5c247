import { nearest, timeoutSeconds } from '@tandem/engine';
import type { Call, Command, OptionValues } from './command.ts';
import { COMMANDS, type CommandEntry } from './command-table.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { calledAs, commandHelp, overviewHelp } from './help.ts';
import type { PackageInfo, ProgramName } from './main.ts';
import { parseOptions } from './parse-options.ts';
import { say, tell } from './streams.ts';
import { isSupervised } from './supervised.ts';

export { tellDone } from './supervised.ts';

import { usageError } from './usage-error.ts';

/** What the leading words of a command line name. */
interface Found {
  /** The longest run of words that is a command, or the beginning of one. */
  readonly path: string;
  readonly entry: CommandEntry | undefined;
  readonly rest: readonly string[];
}

const HELP = ['--help', '-h'];

/** Finds the command, reads its options, runs it; under a time limit in a child. Every failure becomes one line on stderr and a status. */
export async function dispatch(
  program: ProgramName,
  args: readonly string[],
  info: PackageInfo,
): Promise<number> {
  const wantsHelp = args[0] === 'help';
  const found = find(program, wantsHelp ? args.slice(1) : args);
  const { path, entry, rest } = found;
  const title = calledAs(program, path);
  let values: OptionValues = {};
  try {
    if (wantsHelp || rest[0] === 'help' || rest.some((arg) => HELP.includes(arg))) {
      await say(await help(program, found));
      return EXIT.done;
    }
    if (entry === undefined) {
      if (rest.length > 0) throw await unknownCommand(program, path, rest[0] ?? '');
      tell(overviewHelp(program, path));
      return EXIT.usage;
    }
    const command = await entry.load();
    const line = await parseOptions(command, rest, (option) => takers(program, option));
    values = line.values;
    const seconds =
      command.options.timeout === undefined ? undefined : timeoutSeconds(values.timeout, process.env);
    if (seconds !== undefined && !isSupervised()) {
      const { supervise } = await import('./supervisor.ts');
      return await supervise(title, seconds);
    }
    return await run(command, { program, package: info, title, ...line });
  } catch (error) {
    // A checkout that was not built; the executable says so.
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') throw error;
    const { reportError } = await import('./report-error.ts');
    const verbose = rest.includes('--verbose') && !rest.includes('--quiet');
    return reportError(title, error, verbose, values);
  }
}

/** The older names stand for `tandem sidecar`, and still know the commands beside it. */
function find(program: ProgramName, args: readonly string[]): Found {
  const inSidecar = program !== 'tandem' && !COMMANDS.some(({ path }) => path === args[0]);
  const start = inSidecar ? 'sidecar' : '';
  let path = start;
  let taken = 0;
  for (const word of args) {
    const longer = path === '' ? word : `${path} ${word}`;
    if (!COMMANDS.some((each) => each.path === longer || each.path.startsWith(`${longer} `))) break;
    path = longer;
    taken += 1;
  }
  return { path, entry: COMMANDS.find((each) => each.path === path), rest: args.slice(taken) };
}

async function help(program: ProgramName, { path, entry, rest }: Found): Promise<string> {
  if (entry !== undefined) return commandHelp(program, entry, await entry.load());
  const stray = rest.find((arg) => arg !== 'help' && !arg.startsWith('-'));
  if (stray !== undefined) throw await unknownCommand(program, path, stray);
  return overviewHelp(program, path);
}

async function run(command: Command, call: Omit<Call, 'signal'>): Promise<ExitCode> {
  const module = await import('node:module');
  // Node 22.8 and later. Not for --version and --help, which it would make slower.
  (module as { enableCompileCache?: () => void }).enableCompileCache?.();
  const { listenForSignals } = await import('./signals.ts');
  return command.run({ ...call, signal: listenForSignals() });
}

async function unknownCommand(program: ProgramName, path: string, word: string): Promise<Error> {
  const help = `${calledAs(program, path)} --help`;
  if (word.startsWith('-')) {
    const params = { problem: `a command comes before ${word}`, cure: `'${help}' lists them` };
    return usageError('ERR_TANDEM_BAD_ARGUMENT', params);
  }
  const inside = COMMANDS.map((each) => each.path).filter(
    (each) => path === '' || each.startsWith(`${path} `),
  );
  // Also by its last word: people leave out `sidecar`.
  const choices = inside.flatMap((each) => [each.slice(path === '' ? 0 : path.length + 1), lastWord(each)]);
  const meant = nearest(word, [...choices, 'sidecar']);
  const whole = inside.find((each) => lastWord(each) === meant);
  const cure =
    meant === undefined ? `'${help}' lists them` : `did you mean '${calledAs(program, whole ?? meant)}'?`;
  return usageError('ERR_TANDEM_UNKNOWN_COMMAND', { command: word, cure });
}

function lastWord(path: string): string {
  return path.slice(path.lastIndexOf(' ') + 1);
}

/** The commands that take an option; for an error only, since it loads them all. */
async function takers(program: ProgramName, option: string): Promise<string[]> {
  const taking: string[] = [];
  for (const entry of COMMANDS.filter(({ alias }) => !alias)) {
    const { options } = await entry.load();
    if (Object.hasOwn(options, option)) taking.push(calledAs(program, entry.path).slice(program.length + 1));
  }
  return taking;
}
