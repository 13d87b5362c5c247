import { closeSync, futimesSync, openSync, readFileSync, writeSync } from 'node:fs';
import { errnoOf } from '../entry-kind.ts';
import { toFsPath } from '../raw-path.ts';

/** The result of renewing: `lost` if the file has other content or is gone, `failed` for a system error, which may pass. */
export type Renewal = 'renewed' | 'lost' | 'failed';

/**
 * Sets the modification time of a file to the current time of its file system, if the file still has this text.
 * @param path raw
 */
export function renewFile(path: string, text: string): Renewal {
  let fd = -1;
  try {
    fd = openSync(toFsPath(path), 'r+');
    if (readFileSync(fd, 'utf8') !== text) return 'lost';
    touch(fd, text);
    return 'renewed';
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? 'lost' : 'failed';
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/** Writes the same bytes again, because only a write gets its time from the server of a network share. */
function touch(fd: number, text: string): void {
  try {
    writeSync(fd, text, 0);
  } catch {
    // A full disk that writes nothing in place.
    const now = new Date();
    futimesSync(fd, now, now);
  }
}
