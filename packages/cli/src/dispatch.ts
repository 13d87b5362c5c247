import { Settings } from '@tandem/engine';
import type { Prepared } from './command.ts';
import { COMMANDS } from './command-table.ts';
import { type Found, findCommand, unknownCommand } from './find-command.ts';
import type { PackageInfo, ProgramName } from './main.ts';
import { type GivenLine, parseLine } from './options/parse-line.ts';
import { calledAs } from './reference/called-as.ts';
import { EXIT, type ExitCode } from './run/exit-codes.ts';
import { isSupervised } from './run/supervised.ts';
import { type ColorChoice, chooseColor } from './terminal/color.ts';
import { say, tell } from './terminal/streams.ts';
import { textWidth } from './terminal/width.ts';

export { tellDone } from './run/supervised.ts';

const COLORS: readonly ColorChoice[] = ['auto', 'always', 'never'];

/**
 * Finds the command, parses its options and runs it; with a time limit, it runs in a child process. Every
 * failure is reported as one line on stderr and an exit status.
 */
export async function dispatch(
  program: ProgramName,
  args: readonly string[],
  info: PackageInfo,
): Promise<number> {
  const { found, wantsHelp } = findCommand(program, args);
  const { path, entry, rest } = found;
  const title = calledAs(program, path);
  // Set before the options are parsed, because parsing may fail.
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
      if (rest.length > 0) throw unknownCommand(program, path, rest[0] ?? '');
      tell(await help(program, found, 2));
      return EXIT.usage;
    }
    const command = await entry.load();
    const given = await parseLine(command, rest, (option) => takers(program, option));
    const prepared = command.prepare(given);
    line = given;
    const takesTime = Object.hasOwn(command.options, 'timeout');
    const seconds = takesTime ? await timeLimit(prepared.common.timeout) : undefined;
    if (seconds !== undefined && !isSupervised()) {
      const { supervise } = await import('./run/supervisor.ts');
      return await supervise(title, seconds);
    }
    return await run(prepared, { program, package: info, title });
  } catch (error) {
    // The checkout was not built. The executable reports that.
    if ((error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') throw error;
    const { reportError } = await import('./terminal/report-error.ts');
    const status = reportError(title, error, rest.includes('--verbose') && !rest.includes('--quiet'));
    if (line !== null) await annotateError(line, error);
    return status;
  }
}

async function timeLimit(option: number | undefined): Promise<number | undefined> {
  // Imported only here, because --help does not need the names of the variables.
  const { VARIABLES } = await import('@tandem/native');
  return new Settings(VARIABLES).timeout(option);
}

function isGiven(args: readonly string[], option: string, value: string): boolean {
  return args.some(
    (arg, index) => arg === `${option}=${value}` || (arg === option && args[index + 1] === value),
  );
}

async function help(program: ProgramName, found: Found, descriptor: 1 | 2): Promise<string> {
  const { path, entry, rest } = found;
  const { commandHelp, overviewHelp } = await import('./reference/help.ts');
  const width = textWidth(descriptor);
  if (entry !== undefined) return commandHelp(program, entry, await entry.load(), width);
  const stray = rest.find((arg) => arg !== 'help' && !arg.startsWith('-'));
  if (stray !== undefined) throw unknownCommand(program, path, stray);
  return overviewHelp(program, path, width);
}

async function run(
  prepared: Prepared,
  setting: Omit<Parameters<Prepared['run']>[0], 'signal'>,
): Promise<ExitCode> {
  const module = await import('node:module');
  // Available in Node 22.8 and later. Not used for --version and --help, because it would slow them down.
  (module as { enableCompileCache?: () => void }).enableCompileCache?.();
  const { listenForSignals } = await import('./run/signals.ts');
  return prepared.run({ ...setting, signal: listenForSignals() });
}

/** With --format github, the error that ended a run is also written as an annotation. */
async function annotateError({ options }: GivenLine, error: unknown): Promise<void> {
  const format = options.get('format')?.[0]?.value;
  if (format !== 'github') return;
  const { annotate, annotatedError } = await import('./findings/annotation.ts');
  const annotated = annotatedError(error);
  if (annotated !== null) await annotate({ format, output: options.get('output')?.[0]?.value }, [annotated]);
}

/** Returns the commands that accept an option. Used only for an error, because it loads every command. */
async function takers(program: ProgramName, option: string): Promise<string[]> {
  const taking: string[] = [];
  for (const entry of COMMANDS.filter(({ alias }) => !alias)) {
    const { options } = await entry.load();
    if (Object.hasOwn(options, option)) taking.push(calledAs(program, entry.path).slice(program.length + 1));
  }
  return taking;
}
