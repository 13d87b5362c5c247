import { readFileSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import { errnoOf, toFsPath } from '@tandem/files';
import { shownPath } from './shown-path.ts';

/**
 * The bytes of a file that was read a moment ago.
 * @param path raw
 * @throws {TandemError} ERR_TANDEM_CHANGED if it can no longer be read
 */
export function readAgain(path: string): Buffer {
  try {
    return readFileSync(toFsPath(path));
  } catch (cause) {
    if (errnoOf(cause) === '') throw cause;
    throw new TandemError('ERR_TANDEM_CHANGED', { path: shownPath(path), cause });
  }
}
