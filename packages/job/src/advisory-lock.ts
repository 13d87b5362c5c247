import { closeSync } from 'node:fs';
import type { CallOperation } from '@tandem/engine';
import { openToLock } from '@tandem/files';
import type { NativeAddon } from '@tandem/native';
import { tandemHost } from './host.ts';

/**
 * Takes an advisory lock on an open file for as long as the descriptor is open; false where another has it, null where the system or
 * this engine has none: Node knows no call for it. The kernel lets go of it when the process ends, however that comes.
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
    // Whatever is wrong with the engine the operation itself will say; locks do without it.
    return null;
  }
}

/** Whether somebody else has an advisory lock on a file; null where nobody can say. */
export function isHeldByOthers(path: string): boolean | null {
  let fd = -1;
  try {
    fd = openToLock(path);
    const taken = takeAdvisoryLock(fd);
    return taken === null ? null : !taken;
  } catch {
    return null;
  } finally {
    // Closing lets go of what was taken.
    if (fd >= 0) closeSync(fd);
  }
}
