import { closeSync } from 'node:fs';
import { openToLock } from '../open-file.ts';

/**
 * Takes an advisory lock on an open file until the descriptor is closed; the kernel releases it when the
 * process ends for any reason. False if another process holds it; null if the system has no such lock or
 * nothing here can take it: Node has no call for it.
 */
export type AdvisoryLock = (fd: number) => boolean | null;

/** Whether another process holds an advisory lock on a file; null if that is unknown. */
export function isHeldByOthers(path: string, advisoryLock: AdvisoryLock): boolean | null {
  let fd = -1;
  try {
    fd = openToLock(path);
    const taken = advisoryLock(fd);
    return taken === null ? null : !taken;
  } catch {
    return null;
  } finally {
    // Closing releases the lock that was taken.
    if (fd >= 0) closeSync(fd);
  }
}
