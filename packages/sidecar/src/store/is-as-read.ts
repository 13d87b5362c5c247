import { lstatSync } from 'node:fs';
import { toFsPath } from '@tandem/files';
import type { ReadFile } from './read-whole.ts';

/** Whether a path still names the file that was read, unchanged. */
export function isAsRead(path: string, { facts, bytes }: ReadFile): boolean {
  const now = lstatSync(toFsPath(path), { bigint: true, throwIfNoEntry: false });
  if (now === undefined) return false;
  const { dev, ino, size, mtimeNs } = now;
  const { device, inode, modifiedNs } = facts;
  return dev === device && ino === inode && size === BigInt(bytes.length) && mtimeNs === modifiedNs;
}
