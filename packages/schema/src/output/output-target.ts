import { accessSync, constants, lstatSync, type Stats, statSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import { leadsNowhere, outputError, realPath, toFsPath } from '@tandem/files';
import { shownPath } from '../shown-path.ts';

/**
 * The file that an output replaces: the output itself, or the target if it is a link. It need not exist. As
 * with reports, a file without write permission is not replaced, and neither is anything that is not a
 * regular file.
 * @param path raw and absolute
 * @throws {TandemError} ERR_TANDEM_OUTPUT_UNWRITABLE; ERR_TANDEM_BROKEN_SYMLINK
 */
export function outputTarget(path: string): string {
  try {
    const there = lstatSync(toFsPath(path), { throwIfNoEntry: false });
    if (there === undefined) return path;
    checkFile(there.isSymbolicLink() ? linked(path) : there, path);
    accessSync(toFsPath(path), constants.W_OK);
    return there.isSymbolicLink() ? realPath(path) : path;
  } catch (error) {
    throw outputError(error, shownPath(path));
  }
}

function linked(path: string): Stats {
  try {
    return statSync(toFsPath(path));
  } catch (cause) {
    if (!leadsNowhere(cause)) throw cause;
    throw new TandemError('ERR_TANDEM_BROKEN_SYMLINK', { path: shownPath(path), cause });
  }
}

function checkFile(stats: Stats, path: string): void {
  if (stats.isFile()) return;
  const hint = stats.isDirectory()
    ? 'this is a folder: name a file in it'
    : 'this is a pipe or a device: name a file';
  throw new TandemError('ERR_TANDEM_OUTPUT_UNWRITABLE', { path: shownPath(path), hint });
}
