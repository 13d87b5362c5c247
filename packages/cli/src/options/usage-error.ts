import '../generated/error-codes.ts';
import { type ErrorCode, type ErrorParams, TandemError } from '@tandem/engine';

/** An error found before the run, most often a usage error. */
export function usageError(code: ErrorCode, params: ErrorParams, hint?: string): TandemError {
  return new TandemError(code, { params, ...(hint === undefined ? {} : { hint }) });
}

/** `{option} {problem} ({cure})`. */
export function badOption(option: string, problem: string, cure: string): TandemError {
  return usageError('ERR_TANDEM_BAD_OPTION', { option, problem, cure });
}

/** `--workers: invalid worker count: 'x' ({cure})`. */
export function badValue(option: string, kind: string, value: string, cure: string): TandemError {
  return badOption(`${option}:`, `invalid ${kind}: '${value}'`, cure);
}

/** Two options, or an option and an argument, that cannot be given together. */
export function notTogether(option: string, other: string): TandemError {
  return badOption(option, `cannot be combined with ${other}`, 'leave out one of them');
}
