import { closeSync } from 'node:fs';
import type { CallOperation } from '@tandem/engine';
import { openToLock } from '@tandem/files';
import type { NativeAddon } from '@tandem/native';
import { tandemHost } from './host.ts';

/**
 * Takes an advisory lock on an open file until the descriptor is closed; the kernel releases it when the
 * process ends for any reason. False if another process holds it; null if the system has no such lock, or the
 * addon is not loaded (Node has no call for it).
 */
const lockFileOperation: CallOperation<number, boolean | null, NativeAddon> = {
  name: 'files.lock',
  native: (addon, fd) => addon.lockFile(fd),
  typescript: () => null,
  size: () => 0,
  breakEven: 0,
};

export function takeAdvisoryLock(fd: number): boolean | null {
  try {
    return tandemHost().call(lockFileOperation, fd);
  } catch {
    // The operation itself will report what is wrong with the engine; locks work without it.
    return null;
  }
}

/** Whether another process holds an advisory lock on a file; null if that is unknown. */
export function isHeldByOthers(path: string): boolean | null {
  let fd = -1;
  try {
    fd = openToLock(path);
    const taken = takeAdvisoryLock(fd);
    return taken === null ? null : !taken;
  } catch {
    return null;
  } finally {
    // Closing releases the lock that was taken.
    if (fd >= 0) closeSync(fd);
  }
}
