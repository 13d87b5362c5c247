import { nearest, timeoutSeconds } from '@tandem/engine';
import type { Prepared } from './command.ts';
import { COMMANDS, type CommandEntry } from './command-table.ts';
import type { PackageInfo, ProgramName } from './main.ts';
import { type GivenLine, parseLine } from './options/parse-line.ts';
import { usageError } from './options/usage-error.ts';
import { calledAs } from './reference/called-as.ts';
import { EXIT, type ExitCode } from './run/exit-codes.ts';
import { isSupervised } from './run/supervised.ts';
import { type ColorChoice, chooseColor } from './terminal/color.ts';
import { say, tell } from './terminal/streams.ts';
import { textWidth } from './terminal/width.ts';

export { tellDone } from './run/supervised.ts';

/** The command that the leading words of a command line name. */
interface Found {
  /** The longest run of words that is a command, or the beginning of one. */
  readonly path: string;
  readonly entry: CommandEntry | undefined;
  readonly rest: readonly string[];
}

const HELP = ['--help', '-h'];
const COLORS: readonly ColorChoice[] = ['auto', 'always', 'never'];

/** Finds the command, reads its options and runs it, under a time limit in a child. Every failure is one line on stderr and a status. */
export async function dispatch(
  program: ProgramName,
  args: readonly string[],
  info: PackageInfo,
): Promise<number> {
  const { found, wantsHelp } = find(program, args);
  const { path, entry, rest } = found;
  const title = calledAs(program, path);
  // Before the options are read, since that may fail.
  chooseColor(COLORS.find((word) => isGiven(rest, '--color', word)) ?? 'auto');
  let line: GivenLine | null = null;
  try {
    if (wantsHelp && rest.includes('--man')) {
      const { manPage } = await import('./reference/man-page.ts');
      await say(await manPage(info.version()));
      return EXIT.done;
    }
    if (wantsHelp) {
      await say(await help(program, found, 1));
      return EXIT.done;
    }
    if (entry === undefined) {
      if (rest.length > 0) throw await unknownCommand(program, path, rest[0] ?? '');
      tell(await help(program, found, 2));
      return EXIT.usage;
    }
    const command = await entry.load();
    const given = await parseLine(command, rest, (option) => takers(program, option));
    const prepared = command.prepare(given);
    line = given;
    const takesTime = Object.hasOwn(command.options, 'timeout');
    const seconds = takesTime ? timeoutSeconds(prepared.common.timeout, process.env) : undefined;
    if (seconds !== undefined && !isSupervised()) {
      const { supervise } = await import('./run/supervisor.ts');
      return await supervise(title, seconds);
    }
    return await run(prepared, { program, package: info, title });
  } catch (error) {
    // A checkout that was not built; the executable says so.
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') throw error;
    const { reportError } = await import('./terminal/report-error.ts');
    const status = reportError(title, error, rest.includes('--verbose') && !rest.includes('--quiet'));
    if (line !== null) await annotateError(line, error);
    return status;
  }
}

function isGiven(args: readonly string[], option: string, value: string): boolean {
  return args.some(
    (arg, index) => arg === `${option}=${value}` || (arg === option && args[index + 1] === value),
  );
}

/** `help` may stand before the command, between its words, or after them. */
function find(
  program: ProgramName,
  args: readonly string[],
): { readonly found: Found; readonly wantsHelp: boolean } {
  const at =
    args[0] === 'help' ? 0 : findCommand(program, args).rest[0] === 'help' ? args.indexOf('help') : -1;
  const found = findCommand(program, at < 0 ? args : args.toSpliced(at, 1));
  return { found, wantsHelp: at >= 0 || found.rest.some((arg) => HELP.includes(arg)) };
}

/** The older names mean `tandem sidecar`, and also know the commands beside it. */
function findCommand(program: ProgramName, args: readonly string[]): Found {
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

async function help(program: ProgramName, found: Found, descriptor: 1 | 2): Promise<string> {
  const { path, entry, rest } = found;
  const { commandHelp, overviewHelp } = await import('./reference/help.ts');
  const width = textWidth(descriptor);
  if (entry !== undefined) return commandHelp(program, entry, await entry.load(), width);
  const stray = rest.find((arg) => arg !== 'help' && !arg.startsWith('-'));
  if (stray !== undefined) throw await unknownCommand(program, path, stray);
  return overviewHelp(program, path, width);
}

async function run(
  prepared: Prepared,
  setting: Omit<Parameters<Prepared['run']>[0], 'signal'>,
): Promise<ExitCode> {
  const module = await import('node:module');
  // Node 22.8 and later. Not for --version and --help, which it would make slower.
  (module as { enableCompileCache?: () => void }).enableCompileCache?.();
  const { listenForSignals } = await import('./run/signals.ts');
  return prepared.run({ ...setting, signal: listenForSignals() });
}

/** With --format github the error that ended a run is an annotation, too. */
async function annotateError({ options }: GivenLine, error: unknown): Promise<void> {
  const format = options.get('format')?.[0]?.value;
  if (format !== 'github') return;
  const { annotate, annotatedError } = await import('./schema/annotation.ts');
  const annotated = annotatedError(error);
  if (annotated !== null) await annotate({ format, output: options.get('output')?.[0]?.value }, [annotated]);
}

async function unknownCommand(program: ProgramName, path: string, word: string): Promise<Error> {
  const help = `${calledAs(program, path)} --help`;
  if (word.startsWith('-')) {
    const params = { problem: `no command before ${word}`, cure: `'${help}' lists the commands` };
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
    meant === undefined
      ? `'${help}' lists the commands`
      : `did you mean '${calledAs(program, whole ?? meant)}'?`;
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
