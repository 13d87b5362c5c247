import type { ErrorCode, ErrorParams, TandemError } from '@tandem/engine';

/** An error found before the run, most often of usage. The engine package is loaded only for it: `--help` and its like do without. */
export async function usageError(code: ErrorCode, params: ErrorParams, hint?: string): Promise<TandemError> {
  const { TandemError } = await import('@tandem/engine');
  return new TandemError(code, { params, ...(hint === undefined ? {} : { hint }) });
}

/** `{option} {problem} ({cure})`. */
export function badOption(option: string, problem: string, cure: string): Promise<TandemError> {
  return usageError('ERR_TANDEM_BAD_OPTION', { option, problem, cure });
}
