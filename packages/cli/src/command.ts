import type { EnginePreference } from '@tandem/engine';
import type { ExitCode } from './exit-codes.ts';
import type { PackageInfo, ProgramName } from './main.ts';

/** What was said on the command line, read. Every command takes some of these. */
export interface OptionValues {
  input?: string;
  output?: string;
  files?: string;
  workers?: number;
  engine?: EnginePreference;
  'operation-type'?: string;
  format?: string;
  ndjson?: boolean;
  summary?: boolean;
  lint?: boolean;
  data?: boolean;
  keep?: boolean;
  layout?: string;
  durability?: 'full' | 'none';
  'dry-run'?: boolean;
  'fail-on'?: string;
  /** Bytes. */
  'max-size'?: number;
  'max-depth'?: number;
  /** Percent. */
  'max-share'?: number;
  /** Seconds. */
  timeout?: number;
  verbose?: boolean;
  quiet?: boolean;
  json?: boolean;
  calibrate?: boolean;
  all?: boolean;
  env?: string;
  'project-dir'?: string;
  'schema-only'?: boolean;
  'source-map'?: boolean;
  'show-hash'?: boolean;
  tree?: boolean;
  parse?: boolean;
  split?: string;
  database?: 'auto' | 'pglite' | 'server';
  'database-url'?: string;
  dump?: boolean;
  twice?: boolean;
  verify?: boolean;
  ignore?: readonly string[];
  exclude?: readonly string[];
  infer?: boolean;
  write?: boolean;
}

export type OptionName = keyof OptionValues;

/** Reads a number; undefined where it is none that can be meant. */
export interface NumberReader {
  read(text: string): number | undefined;
  /** Follows the value in the error: `is no number of workers`. */
  readonly problem: string;
  readonly cure: string;
}

/** One option of one command: what parseArgs, the checks and the help need to know of it. */
export interface Option {
  readonly short?: string;
  /** Stands for its value in the help; an option without one is a switch. */
  readonly value?: string;
  readonly about: string;
  readonly required?: boolean;
  /** It may be said more than once; its value is a list. */
  readonly many?: boolean;
  /** The only words it takes. */
  readonly choices?: readonly string[];
  readonly number?: NumberReader;
}

export type OptionTable = Readonly<Partial<Record<OptionName, Option>>>;

/** What a command is given to work with. */
export interface Call {
  readonly program: ProgramName;
  readonly package: PackageInfo;
  /** The command as it is called, for messages: `tandem sidecar validate`. */
  readonly title: string;
  readonly values: OptionValues;
  /** The words that stand for themselves, where the command takes some. */
  readonly words: readonly string[];
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

/** One command: its options and examples, and what it calls. Files of commands import the library only in run(). */
export interface Command {
  readonly options: OptionTable;
  /** Words it takes beside its options. */
  readonly words?: readonly { readonly name: string; readonly about: string }[];
  /** More for its help, one paragraph. */
  readonly details?: string;
  /** Command lines without the program's name, and what each is for. */
  readonly examples: readonly (readonly [line: string, about: string])[];
  run(call: Call): Promise<ExitCode>;
}
