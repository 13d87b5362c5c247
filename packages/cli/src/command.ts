import type { PackageInfo, ProgramName } from './main.ts';
import { COMMON, type CommonName, type CommonValues } from './options/common.ts';
import type { OptionTable, ValuesOf } from './options/option.ts';
import { type Accepted, type GivenLine, readValues, type Word } from './options/parse-line.ts';
import { notTogether } from './options/usage-error.ts';
import type { ExitCode } from './run/exit-codes.ts';

/** The context that every command receives. */
export interface Setting {
  readonly program: ProgramName;
  readonly package: PackageInfo;
  /** The command as it was called, for messages: `tandem sidecar validate`. */
  readonly title: string;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

/** One call of a command. */
export interface Call<Values> extends Setting {
  readonly values: Values;
  /** The arguments that are not options. */
  readonly words: readonly string[];
}

/** A command line without the name of the program, and its purpose. */
export type Example = readonly [line: string, about: string];

/**
 * The declaration of one command: its options, its examples, and what it calls. The file of a command imports
 * a library only in run().
 */
export interface Declaration<Table extends OptionTable, Without extends CommonName> {
  readonly options: Table;
  /** The options of every command that do not apply to this one. */
  readonly without?: readonly Without[];
  /** The arguments that it takes in addition to its options. */
  readonly words?: readonly Word[];
  /** Additional text for its help, one paragraph. */
  readonly details?: string;
  readonly examples: readonly Example[];
  run(call: Call<ValuesOf<Table> & Omit<CommonValues, Without>>): Promise<ExitCode>;
}

/** A parsed command line, ready to run. */
export interface Prepared {
  readonly common: CommonValues;
  run(setting: Setting): Promise<ExitCode>;
}

/** A command, independent of the types of its values. */
export interface Command extends Accepted {
  /** Its own options, without those of every command. */
  readonly own: OptionTable;
  readonly details: string | null;
  readonly examples: readonly Example[];
  /** Throws ERR_TANDEM_BAD_OPTION. */
  prepare(line: GivenLine): Prepared;
}

/** Creates a command from its declaration. The types of its values follow from its options. */
export function command<Table extends OptionTable, Without extends CommonName = never>(
  declaration: Declaration<Table, Without>,
): Command {
  const { options: own, without = [], words = [], details = null, examples } = declaration;
  const left: readonly string[] = without;
  const common = Object.entries(COMMON).filter(([name]) => !left.includes(name));
  return {
    own,
    options: { ...own, ...Object.fromEntries(common) },
    words,
    details,
    examples,
    prepare(line) {
      const common = readValues(COMMON, line);
      if (common.quiet && common.verbose) throw notTogether('--quiet', '--verbose');
      const values = { ...readValues(own, line), ...common };
      return {
        common,
        run: (setting) => declaration.run({ ...setting, values, words: line.words }),
      };
    },
  };
}
