import { TandemError } from '@tandem/engine';

/** What the system says of an output, and what helps; else its folder is not there or may not be written. */
const HINTS: Readonly<Record<string, string>> = {
  EISDIR: 'this is a folder: name a file in it',
  ENOTDIR: 'a part of its path is a file, not a folder: choose another place',
  EROFS: 'its file system is read-only: choose another place',
  EFBIG: 'the file would be larger than allowed here: see ulimit -f',
  ENAMETOOLONG: 'its name is too long: choose a shorter one',
};
const NO_SPACE: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT']);

/** The place that a report was to go to cannot be written. */
export function unwritable(output: string, cause: unknown): TandemError {
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (NO_SPACE.has(code)) {
    const hint = 'free some space, or choose a place on another disk, and run the command again';
    return new TandemError('ERR_TANDEM_NO_SPACE', { path: output, cause, hint });
  }
  const hint = HINTS[code];
  return new TandemError('ERR_TANDEM_OUTPUT_UNWRITABLE', {
    path: output,
    cause,
    ...(hint === undefined ? {} : { hint }),
  });
}
