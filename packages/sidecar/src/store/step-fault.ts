import { type ErrorCode, errorHint, errorMessage } from '@tandem/engine';
import { type LockedParams, writeErrorCode } from '@tandem/files';

/** A failed change to the disk, as reported in a row. */
export interface StepFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
}

/**
 * Converts the error of a failed change to the disk for a row. Rethrows an error that does not come from the
 * system but from a bug.
 */
export function stepFault(error: unknown, hint: string | null = null): StepFault {
  const code = writeErrorCode(error);
  if (code === null) throw error;
  return { code, message: errorMessage(code), hint: hint ?? errorHint(code) ?? null };
}

/** The fault in the row of a file or folder that another process is at work on. */
export function lockedFault(params: LockedParams): StepFault {
  const code = 'ERR_TANDEM_LOCKED';
  return { code, message: errorMessage(code, params), hint: errorHint(code, params) ?? null };
}
