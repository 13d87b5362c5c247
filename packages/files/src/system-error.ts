import { type ErrorCode, TandemError } from '@tandem/engine';
import { errnoOf } from './entry-kind.ts';
import { shownText } from './shown-text.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'ERR_TANDEM_NO_SPACE',
  EDQUOT: 'ERR_TANDEM_NO_SPACE',
  ENOENT: 'ERR_TANDEM_NOT_FOUND',
  ENOTDIR: 'ERR_TANDEM_NOT_FOUND',
};

/**
 * The code for a failed change to the disk; null for an error that is not the system's but a defect in this
 * code.
 */
export function writeErrorCode(error: unknown): ErrorCode | null {
  const errno = errnoOf(error);
  if (!/^E[A-Z0-9]+$/.test(errno)) return null;
  return CODES[errno] ?? 'ERR_TANDEM_UNWRITABLE';
}

/**
 * A failed change to the disk as a TandemError with the system's message in `cause`; any other error
 * unchanged.
 */
export function writeError(error: unknown, path: string): unknown {
  const code = writeErrorCode(error);
  return code === null ? error : new TandemError(code, { path: shownText(path), cause: error });
}
