import { type ErrorCode, TandemError } from '@tandem/engine';
import { errnoOf } from './entry-kind.ts';
import { shownText } from './shown-text.ts';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'ERR_TANDEM_NO_SPACE',
  EDQUOT: 'ERR_TANDEM_NO_SPACE',
  ENOENT: 'ERR_TANDEM_NOT_FOUND',
  ENOTDIR: 'ERR_TANDEM_NOT_FOUND',
};

/** What a failed change to the disk is called; null for what is not the system's word but a mistake of ours. */
export function writeErrorCode(error: unknown): ErrorCode | null {
  const errno = errnoOf(error);
  if (!/^E[A-Z0-9]+$/.test(errno)) return null;
  return CODES[errno] ?? 'ERR_TANDEM_UNWRITABLE';
}

/** A failed change to the disk as an error of ours, its words in `cause`; what is not the system's word as it is. */
export function writeError(error: unknown, path: string): unknown {
  const code = writeErrorCode(error);
  return code === null ? error : new TandemError(code, { path: shownText(path), cause: error });
}
