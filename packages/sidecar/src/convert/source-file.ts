import { hash } from 'node:crypto';
import { type BigIntStats, lstatSync, readFileSync } from 'node:fs';
import { errnoOf, toFsPath } from '@tandem/files';

/** The facts of a source at the time it was read: it is removed or replaced only while they still hold. */
export interface SourceFile {
  readonly path: string;
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
  readonly modifiedNs: bigint;
  /** SHA-256 of its bytes if its times alone could not reveal a change; otherwise null. */
  readonly digest: string | null;
}

export type SourceState = 'same' | 'changed' | 'gone';

/**
 * A file that was written so shortly before it was read may be written again without a new time: the clocks
 * of file systems tick every few milliseconds, that of FAT every two seconds.
 */
const RACY_MS = 2000;
const NS_PER_MS = 1_000_000n;

/** The facts of the file that was opened for reading, from FileReader.facts(). */
interface ReadFacts {
  readonly device: bigint;
  readonly inode: bigint;
  readonly modifiedNs: bigint;
}

/**
 * The source as it was read; null if its name no longer refers to that file.
 * @param path raw
 * @param bytes all bytes of the file
 */
export function sourceFile(
  path: string,
  facts: ReadFacts,
  bytes: Uint8Array,
  readAtMs: number,
): SourceFile | null {
  const stats = lstatOf(path);
  if (stats === null || !stats.isFile()) return null;
  const { device, inode, modifiedNs } = facts;
  const isIt =
    stats.dev === device &&
    stats.ino === inode &&
    stats.mtimeNs === modifiedNs &&
    stats.size === BigInt(bytes.length);
  if (!isIt) return null;
  const racy = stats.mtimeNs / NS_PER_MS > BigInt(Math.floor(readAtMs)) - BigInt(RACY_MS);
  return {
    path,
    device,
    inode,
    size: stats.size,
    modifiedNs,
    digest: racy ? hash('sha256', bytes) : null,
  };
}

/** Whether the source is still the file that was read. */
export function stateOf(source: SourceFile): SourceState {
  let stats: BigIntStats | null;
  try {
    stats = lstatOf(source.path);
  } catch {
    // A file that cannot be examined is not the one that was read.
    return 'changed';
  }
  if (stats === null) return 'gone';
  const { device, inode, size, modifiedNs, digest } = source;
  if (stats.dev !== device || stats.ino !== inode || stats.size !== size || stats.mtimeNs !== modifiedNs)
    return 'changed';
  if (digest === null) return 'same';
  try {
    return hash('sha256', readFileSync(toFsPath(source.path))) === digest ? 'same' : 'changed';
  } catch {
    return 'changed';
  }
}

/** Null if no file has that name. Other errors are thrown. */
export function lstatOf(path: string): BigIntStats | null {
  try {
    return lstatSync(toFsPath(path), { bigint: true });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return null;
    throw error;
  }
}
