import { constants, openSync } from 'node:fs';
import { toFsPath } from './raw-path.ts';

/** Windows syncs only a file that is open for writing. */
const SYNC_FLAGS = process.platform === 'win32' ? constants.O_RDWR : constants.O_RDONLY;

/**
 * Opens a file for reading; the caller closes the descriptor. Throws the system's error.
 * @param path raw
 * @param flags added to O_RDONLY
 */
export function openToRead(path: string, flags = 0): number {
  return openSync(toFsPath(path), constants.O_RDONLY | flags);
}

/** Opens a file for an advisory lock, which some network file systems give only to who may write. */
export function openToLock(path: string): number {
  return openSync(toFsPath(path), 'r+');
}

/** Opens a file whose bytes are to be made durable; otherwise like openToRead. */
export function openToSync(path: string): number {
  return openSync(toFsPath(path), SYNC_FLAGS);
}
