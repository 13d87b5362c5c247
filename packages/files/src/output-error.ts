import { TandemError } from '@tandem/engine';
import { errnoOf } from './entry-kind.ts';
import { writeErrorCode } from './system-error.ts';

/** Hints for system errors; without one, the hint of the code names the folder and its permissions. */
const HINTS: Readonly<Record<string, string>> = {
  EISDIR: 'this is a folder: name a file in it',
  ENOTDIR: 'a part of its path is a file, not a folder: choose another path',
  EROFS: 'its file system is read-only: choose another path',
  EFBIG: 'the file would be larger than allowed here: see ulimit -f',
  ENAMETOOLONG: 'its name is too long: choose a shorter one',
};
const NO_SPACE =
  'free some space, or choose a path on another disk, and run the command again; the old file is unchanged';

/**
 * A failed write to an output that a user named: ERR_TANDEM_OUTPUT_UNWRITABLE or ERR_TANDEM_NO_SPACE, with
 * the system's error in `cause`. Any other error is returned unchanged.
 * @param error the system's, or what writeError made of it
 * @param path shown in the message
 */
export function outputError(error: unknown, path: string): unknown {
  const cause = isWriteError(error) ? error.cause : error;
  const code = writeErrorCode(cause);
  if (code === null) return error;
  if (code === 'ERR_TANDEM_NO_SPACE') return new TandemError(code, { path, cause, hint: NO_SPACE });
  const hint = HINTS[errnoOf(cause)];
  return new TandemError('ERR_TANDEM_OUTPUT_UNWRITABLE', {
    path,
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}

function isWriteError(error: unknown): error is TandemError {
  return TandemError.isTandemError(error) && writeErrorCode(error.cause) === error.code;
}
