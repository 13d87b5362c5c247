import { parseArgs } from 'node:util';
import { nearest } from '@tandem/engine';
import type { Command, Option, OptionName, OptionTable, OptionValues } from './command.ts';
import { badOption, usageError } from './usage-error.ts';

type OptionValue = string | number | boolean;

/** A command line that was understood. */
export interface ParsedLine {
  readonly values: OptionValues;
  readonly words: readonly string[];
}

/**
 * Reads what follows the command. The checks are ours and not parseArgs', whose messages tell no cure.
 *
 * @param takers names the commands that take an option which this one does not
 */
export async function parseOptions(
  command: Command,
  args: readonly string[],
  takers: (option: string) => Promise<readonly string[]>,
): Promise<ParsedLine> {
  const table: Readonly<Record<string, Option>> = command.options;
  const options = Object.fromEntries(
    Object.entries(table).map(([name, { short, value }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values: Record<string, OptionValue | OptionValue[]> = {};
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(table, name) ? table[name] : undefined;
    if (option === undefined) throw await unknownOption(rawName, name, command.options, takers);
    const read = readValue(option, rawName, value, inlineValue === true);
    const before = values[name];
    if (option.many) values[name] = Array.isArray(before) ? [...before, read] : [read];
    else if (before !== undefined) throw badOption(rawName, 'is given twice', 'say it once');
    else values[name] = read;
  }
  checkWords(command, words, values);
  for (const [name, option] of Object.entries(table)) {
    if (option.required && !Object.hasOwn(values, name)) {
      const cure =
        option.choices === undefined
          ? `add --${name} ${option.value ?? ''}`.trimEnd()
          : oneOf(option.choices);
      throw badOption(`--${name}`, 'is missing', cure);
    }
  }
  if (values['quiet'] && values['verbose']) {
    throw badOption('--quiet', 'and --verbose exclude each other', 'leave out one of them');
  }
  if (values['summary'] && (values['ndjson'] || values['format'] === 'ndjson')) {
    const cure = 'leave out --summary for the rows, or the other for the totals';
    throw badOption('--summary', 'leaves out the rows, and ndjson has nothing else', cure);
  }
  return { values: values as OptionValues, words };
}

function readValue(option: Option, rawName: string, value: string | undefined, inline: boolean): OptionValue {
  if (option.value === undefined) {
    if (inline) throw badOption(rawName, `takes no value, and '${value}' was given`, `say ${rawName} alone`);
    return true;
  }
  if (value === undefined || value === '') {
    throw badOption(rawName, 'needs a value', `say ${rawName} ${option.value}`);
  }
  // An option whose value was forgotten would swallow the next one. '-' is stdin or stdout, and -1 is told as a number.
  if (!inline && value.startsWith('-') && value !== '-' && option.number === undefined) {
    throw badOption(rawName, `needs a value before '${value}'`, `if it is meant, say ${rawName}=${value}`);
  }
  if (option.choices !== undefined && !option.choices.includes(value)) {
    throw badOption(`${rawName} '${value}'`, 'is not known', oneOf(option.choices));
  }
  if (option.number === undefined) return value;
  const number = option.number.read(value);
  if (number === undefined) {
    throw badOption(`${rawName} '${value}'`, option.number.problem, option.number.cure);
  }
  return number;
}

function checkWords(
  command: Command,
  words: readonly string[],
  values: Readonly<Record<string, unknown>>,
): void {
  const extra = words[command.words?.length ?? 0];
  if (extra === undefined) return;
  const meant = 'input' in command.options && values['input'] === undefined ? `--input ${extra}` : undefined;
  throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
    problem: `nothing can be done with '${extra}'`,
    cure: meant === undefined ? 'leave it out, or quote a name that has spaces' : `did you mean ${meant}?`,
  });
}

async function unknownOption(
  rawName: string,
  name: string,
  table: OptionTable,
  takers: (option: string) => Promise<readonly string[]>,
): Promise<Error> {
  const commands = await takers(name);
  if (commands.length > 0) {
    return badOption(rawName, 'has no meaning here', `it is for: ${commands.join(', ')}`);
  }
  const names = Object.keys(table) as OptionName[];
  const meant = nearest(name, names);
  const cure = meant === undefined ? '--help lists all that there are' : `did you mean --${meant}?`;
  return badOption(rawName, 'is not known', cure);
}

function oneOf(choices: readonly string[]): string {
  return `one of: ${choices.join(', ')}`;
}
