import { availableParallelism } from 'node:os';
import type { EnginePreference } from './selection.ts';
import { TandemError } from './tandem-error.ts';

/** The environment variables of a library, for settings without an option; of several names the first that is set counts. */
export interface SettingVariables {
  readonly engine?: readonly string[];
  readonly workers?: readonly string[];
  readonly timeout?: readonly string[];
}

// A timer of Node holds a signed 32-bit number of milliseconds: 24 days.
const LONGEST_TIMEOUT = 2_147_483;
const MOST_WORKERS = 1024;

/** The settings of runs: an option, else an environment variable, else a default. */
export class Settings {
  readonly #variables: SettingVariables;
  readonly #env: NodeJS.ProcessEnv;

  constructor(variables: SettingVariables = {}, env: NodeJS.ProcessEnv = process.env) {
    this.#variables = variables;
    this.#env = env;
  }

  /** The engine, by default 'auto'. Throws ERR_TANDEM_BAD_OPTION on any other word. */
  engine(option: EnginePreference | undefined): EnginePreference {
    const { name, value } = this.#read('engine', option) ?? { name: 'engine', value: 'auto' };
    if (value === 'auto' || value === 'native' || value === 'typescript') return value;
    throw badOption(name, 'engine', value, 'one of: auto, native, typescript');
  }

  /**
   * Threads of a run, by default as many as the machine has for this process. Throws ERR_TANDEM_BAD_OPTION if the
   * value is not a whole number from 1 to 1024.
   */
  workers(option: number | undefined): number {
    const setting = this.#read('workers', option);
    if (setting === null) return availableParallelism();
    const count = Number(setting.value);
    if (Number.isInteger(count) && count >= 1 && count <= MOST_WORKERS) return count;
    const cure = `use a whole number from 1 to ${MOST_WORKERS}`;
    throw badOption(setting.name, 'worker count', setting.value, cure);
  }

  /**
   * The time limit of a run, seconds; undefined for no limit. Throws ERR_TANDEM_BAD_OPTION if the value is not a
   * number above 0 and up to 2147483 (24 days).
   */
  timeout(option: number | undefined): number | undefined {
    const setting = this.#read('timeout', option);
    if (setting === null) return undefined;
    const seconds = Number(setting.value);
    if (seconds > 0 && seconds <= LONGEST_TIMEOUT) return seconds;
    const cure = `use seconds, more than 0 and up to ${LONGEST_TIMEOUT}`;
    throw badOption(setting.name, 'time limit', setting.value, cure);
  }

  /** With the name under which it was set, for an error. */
  #read(
    setting: keyof SettingVariables,
    option: string | number | undefined,
  ): { readonly name: string; readonly value: string } | null {
    if (option !== undefined) return { name: setting, value: String(option) };
    for (const name of this.#variables[setting] ?? []) {
      // Shells and CI files unset a variable by setting it to nothing.
      const value = this.#env[name]?.trim();
      if (value) return { name, value };
    }
    return null;
  }
}

function badOption(option: string, kind: string, value: string, cure: string): TandemError {
  return new TandemError('ERR_TANDEM_BAD_OPTION', {
    params: { option: `${option}:`, problem: `invalid ${kind}: '${value}'`, cure },
  });
}
