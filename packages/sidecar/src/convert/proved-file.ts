import { hash } from 'node:crypto';
import type { FileReader } from '@tandem/files';
import type { Content } from './conversion.ts';
import { lstatOf } from './source-file.ts';

/** A file that was read back and held the expected bytes, with its facts at that time. */
export interface ProvedFile {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
  readonly changedNs: bigint;
  /** SHA-256 of its bytes. */
  readonly digest: string;
}

/** Reads a file back; null if its content is not the expected one. */
export function proveFile(reader: FileReader, path: string, { size, digest }: Content): ProvedFile | null {
  try {
    if (reader.read(path) !== null || reader.length !== size || digestOf(reader) !== digest) return null;
    const facts = reader.facts();
    if (facts === null) return null;
    const { device, inode, changedNs } = facts;
    return { device, inode, changedNs, size: BigInt(size), digest };
  } finally {
    reader.close();
  }
}

/**
 * Whether the file still exists with the same content: judged by its facts, and by its bytes if the facts
 * differ.
 */
export function isStillProved(reader: FileReader, path: string, proved: ProvedFile | null): boolean {
  if (proved === null) return false;
  const { device, inode, size, changedNs, digest } = proved;
  try {
    const now = lstatOf(path);
    if (now === null || !now.isFile() || now.size !== size) return false;
    if (now.dev === device && now.ino === inode && now.ctimeNs === changedNs) return true;
    return reader.read(path) === null && digestOf(reader) === digest;
  } catch {
    // A file that cannot be examined is not the one that was proved.
    return false;
  } finally {
    reader.close();
  }
}

function digestOf({ bytes, length }: FileReader): string {
  return hash('sha256', bytes.subarray(0, length));
}
