import { parseArgs } from 'node:util';
import { nearest } from '@tandem/engine';
import type { Given, Option, OptionTable, ValuesOf } from './option.ts';
import { badOption, notTogether, usageError } from './usage-error.ts';

/** A word that a command takes in addition to its options. */
export interface Word {
  readonly name: string;
  readonly about: string;
  /** May be given more than once; for the last word. */
  readonly many?: true;
  /** Marks the word as required in the usage line. The command itself reports a missing word. */
  readonly required?: true;
  readonly choices?: readonly string[];
  /** Distinguishes the word from the value of an option that is given without its name. */
  readonly pattern?: RegExp;
}

/** What a command accepts. */
export interface Accepted {
  readonly options: OptionTable;
  readonly words: readonly Word[];
}

/** A parsed command line: the options as they were typed, and the words. */
export interface GivenLine {
  readonly options: ReadonlyMap<string, readonly Given[]>;
  readonly words: readonly string[];
}

/**
 * Parses the arguments after the command. parseArgs only splits them, because its own error messages offer no
 * cure.
 *
 * @param takers returns the commands that accept an option that this command does not accept
 */
export async function parseLine(
  accepted: Accepted,
  args: readonly string[],
  takers: (option: string) => Promise<readonly string[]>,
): Promise<GivenLine> {
  const table = accepted.options;
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
  const given = new Map<string, Given[]>();
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const option = Object.hasOwn(table, name) ? table[name] : undefined;
    if (option === undefined) throw await unknownOption(rawName, name, table, takers);
    const before = given.get(name) ?? [];
    if (before.length > 0 && !option.many) throw badOption(rawName, 'is given twice', 'give it once');
    given.set(name, [...before, { spelling: rawName, value: textOf(option, rawName, value, inlineValue) }]);
  }
  return { options: given, words: takeWords(accepted, words, given) };
}

/** Returns the values of the options in a table. */
export function readValues<Table extends OptionTable>(table: Table, { options }: GivenLine): ValuesOf<Table> {
  const values = Object.entries(table).map(([name, option]) => [
    name,
    option.read(options.get(name) ?? [], name),
  ]);
  // The only place where TypeScript cannot infer the type: each name has the value of its own option.
  return Object.fromEntries(values) as ValuesOf<Table>;
}

function textOf(
  option: Option<unknown>,
  spelling: string,
  value: string | undefined,
  inline: boolean | undefined,
): string {
  if (option.value === undefined) {
    if (inline) throw badOption(spelling, `takes no value, but got '${value}'`, `write ${spelling} alone`);
    return '';
  }
  if (value === undefined || value === '') {
    throw badOption(spelling, 'needs a value', `write ${spelling} ${option.value}`);
  }
  // An option whose value was forgotten would take the next option as its value. '-' is stdin or stdout, and
  // a number such as -1 is rejected as a number.
  if (!inline && value.startsWith('-') && value !== '-' && !option.number) {
    throw badOption(spelling, `needs a value before '${value}'`, `to pass it, write ${spelling}=${value}`);
  }
  return value;
}

/**
 * Returns the words of the command itself. One additional word is the value of the option that may be given
 * without its name.
 */
function takeWords(
  { options, words: own }: Accepted,
  words: readonly string[],
  given: Map<string, Given[]>,
): readonly string[] {
  const [name, alone] = Object.entries(options).find(([, { asWord }]) => asWord) ?? [];
  const isOwn = (word: string): boolean => own.some(({ pattern }) => pattern?.test(word));
  const at = words.findIndex((word) => !isOwn(word));
  const before = name === undefined ? undefined : given.get(name)?.[0];
  const takes = name !== undefined && before === undefined && at >= 0;
  if (takes) given.set(name, [{ spelling: `--${name}`, value: words[at] ?? '' }]);
  const rest = takes ? words.filter((_, index) => index !== at) : words;
  const extra = own.at(-1)?.many ? undefined : rest[own.length];
  if (extra === undefined) return rest;
  if (before !== undefined) throw notTogether(`${before.spelling} ${before.value}`, `the folder '${extra}'`);
  const cure = alone === undefined ? 'leave it out' : 'name one folder';
  throw usageError('ERR_TANDEM_BAD_ARGUMENT', {
    problem: `unexpected argument: '${extra}'`,
    cure: `${cure}, and quote a name that contains spaces`,
  });
}

async function unknownOption(
  spelling: string,
  name: string,
  table: OptionTable,
  takers: (option: string) => Promise<readonly string[]>,
): Promise<Error> {
  const commands = await takers(name);
  if (commands.length > 0) {
    return badOption(spelling, 'does not apply to this command', `it is for: ${commands.join(', ')}`);
  }
  const meant = nearest(name, Object.keys(table));
  const cure = meant === undefined ? '--help lists the options' : `did you mean --${meant}?`;
  return badOption(spelling, 'is not an option', cure);
}
