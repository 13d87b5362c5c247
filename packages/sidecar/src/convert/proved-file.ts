import { hash } from 'node:crypto';
import type { FileReader } from '@tandem/files';
import { lstatOf } from './source-file.ts';

/** A file that was read back and held the bytes that it was to hold, as it was then. */
export interface ProvedFile {
  readonly device: bigint;
  readonly inode: bigint;
  readonly size: bigint;
  readonly changedNs: bigint;
  /** SHA-256 of its bytes. */
  readonly digest: string;
}

/** Reads a file back; null where it does not hold exactly these bytes. */
export function proveFile(reader: FileReader, path: string, bytes: Buffer): ProvedFile | null {
  try {
    if (reader.read(path) !== null || !bytes.equals(reader.bytes.subarray(0, reader.length))) return null;
    const facts = reader.facts();
    if (facts === null) return null;
    const { device, inode, changedNs } = facts;
    return { device, inode, changedNs, size: BigInt(bytes.length), digest: hash('sha256', bytes) };
  } finally {
    reader.close();
  }
}

/** Whether it is there still and holds the same: by what the system says of it, and where that is something else, by its bytes. */
export function isStillProved(reader: FileReader, path: string, proved: ProvedFile | null): boolean {
  if (proved === null) return false;
  const { device, inode, size, changedNs, digest } = proved;
  try {
    const now = lstatOf(path);
    if (now === null || !now.isFile() || now.size !== size) return false;
    if (now.dev === device && now.ino === inode && now.ctimeNs === changedNs) return true;
    return reader.read(path) === null && hash('sha256', reader.bytes.subarray(0, reader.length)) === digest;
  } catch {
    // What nobody can look at is not what was proved.
    return false;
  } finally {
    reader.close();
  }
}
