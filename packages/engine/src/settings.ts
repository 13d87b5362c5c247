import { availableParallelism } from 'node:os';
import type { EnginePreference } from './selection.ts';
import { TandemError } from './tandem-error.ts';

// A timer of Node holds a signed 32-bit number of milliseconds: 24 days.
const LONGEST_TIMEOUT = 2_147_483;
const MOST_WORKERS = 1024;

/**
 * The preference of an option, else of TANDEM_ENGINE, else 'auto'. Throws ERR_TANDEM_BAD_OPTION on any other
 * word.
 */
export function enginePreference(
  option: EnginePreference | undefined,
  env: NodeJS.ProcessEnv,
): EnginePreference {
  const [name, value] =
    option === undefined ? ['TANDEM_ENGINE', env['TANDEM_ENGINE'] || 'auto'] : ['engine', option];
  if (value === 'auto' || value === 'native' || value === 'typescript') return value;
  throw badOption(name, 'engine', value, 'one of: auto, native, typescript');
}

/**
 * Threads of a run: the option, else TANDEM_WORKERS, else SPORTBALL_RUST_WORKERS, else as many as the machine
 * has for this process. Throws ERR_TANDEM_BAD_OPTION if the value is not a whole number from 1 to 1024.
 */
export function workerCount(option: number | undefined, env: NodeJS.ProcessEnv): number {
  const setting = read(option, 'workers', ['TANDEM_WORKERS', 'SPORTBALL_RUST_WORKERS'], env);
  if (setting === null) return availableParallelism();
  const count = Number(setting.value);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_WORKERS) return count;
  const cure = `use a whole number from 1 to ${MOST_WORKERS}`;
  throw badOption(setting.name, 'worker count', setting.value, cure);
}

/**
 * The time limit of a run, seconds: the option, else TANDEM_TIMEOUT, else SPORTBALL_RUST_TIMEOUT, else
 * undefined for no limit. Throws ERR_TANDEM_BAD_OPTION if the value is not a number above 0 and up to 2147483
 * (24 days).
 */
export function timeoutSeconds(option: number | undefined, env: NodeJS.ProcessEnv): number | undefined {
  const setting = read(option, 'timeout', ['TANDEM_TIMEOUT', 'SPORTBALL_RUST_TIMEOUT'], env);
  if (setting === null) return undefined;
  const seconds = Number(setting.value);
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT) return seconds;
  const cure = `use seconds, more than 0 and up to ${LONGEST_TIMEOUT}`;
  throw badOption(setting.name, 'time limit', setting.value, cure);
}

interface Setting {
  readonly name: string;
  readonly value: string;
}

function read(
  option: number | undefined,
  optionName: string,
  variables: readonly string[],
  env: NodeJS.ProcessEnv,
): Setting | null {
  if (option !== undefined) return { name: optionName, value: String(option) };
  for (const name of variables) {
    // Shells and CI files unset a variable by setting it to nothing.
    const value = env[name]?.trim();
    if (value) return { name, value };
  }
  return null;
}

function badOption(option: string, kind: string, value: string, cure: string): TandemError {
  return new TandemError('ERR_TANDEM_BAD_OPTION', {
    params: { option: `${option}:`, problem: `invalid ${kind}: '${value}'`, cure },
  });
}
