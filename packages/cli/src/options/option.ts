import { badOption, badValue } from './usage-error.ts';

/** One occurrence of an option, as it was typed. */
export interface Given {
  /** `--workers` or `-w`. */
  readonly spelling: string;
  /** Empty for a flag. */
  readonly value: string;
}

/** The description of an option. The parser, help, completions, manual and docs are derived from it. */
export interface OptionFacts {
  readonly short?: string;
  /** The placeholder for the value in the help. An option without one is a flag. */
  readonly value?: string;
  readonly about: string;
  /** The default as shown in the help. The libraries apply it. */
  readonly default?: string;
  readonly required?: true;
  /** May be given more than once. */
  readonly many?: true;
  readonly choices?: readonly string[];
  /** The value is a path, which shells complete. */
  readonly path?: 'file' | 'folder';
  /** The value may be given without the name of the option. */
  readonly asWord?: true;
  /** The value may begin with a minus sign. */
  readonly number?: true;
}

/** One option of a command, and how its value is parsed. */
export interface Option<Value> extends OptionFacts {
  /** Returns the value of the option as it was typed. Throws ERR_TANDEM_BAD_OPTION. */
  read(given: readonly Given[], name: string): Value;
}

export type OptionTable = Readonly<Record<string, Option<unknown>>>;

/** The values of the options in a table. */
export type ValuesOf<Table extends OptionTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Option<infer Value> ? Value : never;
};

type Valued = OptionFacts & { readonly value: string };

export function flag(about: string): Option<boolean> {
  return { about, read: (given) => given.length > 0 };
}

export function text(facts: Valued): Option<string | undefined> {
  return { ...facts, read: ([given]) => given?.value };
}

export function file(facts: Valued): Option<string | undefined> {
  return text({ ...facts, path: 'file' });
}

export function folder(facts: Valued): Option<string | undefined> {
  return text({ ...facts, path: 'folder' });
}

export function list(facts: Valued): Option<readonly string[]> {
  return { ...facts, many: true, read: (given) => given.map(({ value }) => value) };
}

export function choice<const Word extends string>(
  choices: readonly Word[],
  facts: Valued,
): Option<Word | undefined> {
  return {
    ...facts,
    choices,
    read([given]) {
      const word = choices.find((each) => each === given?.value);
      if (given === undefined || word !== undefined) return word;
      throw badValue(given.spelling, 'value', given.value, `one of: ${choices.join(', ')}`);
    },
  };
}

/** A kind of number: which values are valid, and how an error message names it. */
export interface NumberKind {
  /** `worker count`, as in `invalid worker count`. */
  readonly name: string;
  readonly cure: string;
  /** Returns undefined if the text is not a valid number of this kind. */
  parse(text: string): number | undefined;
}

export function number(kind: NumberKind, facts: Valued): Option<number | undefined> {
  return {
    ...facts,
    number: true,
    read([given]) {
      if (given === undefined) return undefined;
      const value = kind.parse(given.value);
      if (value !== undefined) return value;
      throw badValue(given.spelling, kind.name, given.value, kind.cure);
    },
  };
}

export function required<Value>(option: Option<Value>): Option<NonNullable<Value>> {
  return {
    ...option,
    required: true,
    read(given, name) {
      const value = option.read(given, name);
      if (value !== undefined && value !== null && value !== false) return value;
      const spelled = `--${name} ${option.value ?? ''}`.trimEnd();
      throw badOption(
        `--${name}`,
        'is missing',
        option.asWord ? `name the folder after the command, or with ${spelled}` : howToAdd(option, spelled),
      );
    },
  };
}

function howToAdd({ choices }: OptionFacts, spelled: string): string {
  return choices === undefined ? `add ${spelled}` : `add ${spelled}, one of: ${choices.join(', ')}`;
}
