import { type ErrorCode, errorHint, errorMessage } from '@tandem/engine';
import { writeErrorCode } from '@tandem/files';
import type { LockedParams } from './folder-locks.ts';

/** A change to the disk that failed, as rows tell it. */
export interface StepFault {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
}

/** A failed change to the disk as a row tells it. Throws on what is not the system's word but a mistake of ours. */
export function stepFault(error: unknown, hint: string | null = null): StepFault {
  const code = writeErrorCode(error);
  if (code === null) throw error;
  return { code, message: errorMessage(code), hint: hint ?? errorHint(code) ?? null };
}

/** What a row says of a file or folder that another process is at work on. */
export function lockedFault(params: LockedParams): StepFault {
  const code = 'ERR_TANDEM_LOCKED';
  return { code, message: errorMessage(code, params), hint: errorHint(code, params) ?? null };
}
