import { TandemError } from '@tandem/engine';
import { errnoOf } from '@tandem/files';
import { shownPath } from '../shown-path.ts';

/** What the system says of an output, and what helps; else it is the folder that may not be written. */
const HINTS: Readonly<Record<string, string>> = {
  EISDIR: 'this is a folder: name a file in it',
  ENOTDIR: 'a part of its path is a file: name another place',
  EROFS: 'its file system is read-only: name another place',
  EFBIG: 'it has more bytes than a file may have here: look at ulimit -f',
  ENAMETOOLONG: 'its name is too long: name it otherwise',
};
const NO_SPACE = 'free some space and run the command again; what was there is as it was';

/**
 * What writeError makes of a change to the disk, in words for the file that was asked for; anything else as it is.
 * @param path raw, as it was asked for
 */
export function outputError(error: unknown, path: string): unknown {
  if (!TandemError.isTandemError(error)) return error;
  const { code, cause } = error;
  const shown = shownPath(path);
  if (code === 'ERR_TANDEM_NO_SPACE') return new TandemError(code, { path: shown, hint: NO_SPACE, cause });
  if (code !== 'ERR_TANDEM_UNWRITABLE' && code !== 'ERR_TANDEM_NOT_FOUND') return error;
  const hint = HINTS[errnoOf(cause)];
  return new TandemError('ERR_TANDEM_OUTPUT_UNWRITABLE', {
    path: shown,
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}
