import { TandemError } from '@tandem/engine';

/** The error for an option of a library call; the command prints the flag instead of the name. */
export function badOption(name: string, problem: string, cure: string): TandemError {
  const option = `the option ${name}`;
  return new TandemError('ERR_TANDEM_BAD_OPTION', { params: { option, problem, cure } });
}

/**
 * A whole number from 1 to `most`, or `unset` if it is not given.
 * @throws {TandemError} ERR_TANDEM_BAD_OPTION
 */
export function checkCount(
  name: string,
  value: number | undefined,
  unset: number,
  most: number = Number.POSITIVE_INFINITY,
): number {
  if (value === undefined) return unset;
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  const cure = `use a whole number from 1 ${Number.isFinite(most) ? `to ${most}` : 'up'}`;
  throw badOption(name, `is ${value}`, cure);
}

/**
 * Checks that flags are booleans: 'false' from a script would count as true.
 * @throws {TandemError} ERR_TANDEM_BAD_OPTION
 */
export function checkFlags<Options extends object>(
  options: Options,
  names: readonly (keyof Options)[],
): void {
  for (const name of names) {
    const value: unknown = options[name];
    if (value === undefined || typeof value === 'boolean') continue;
    throw badOption(String(name), `is ${String(value)}`, 'use true or false');
  }
}
