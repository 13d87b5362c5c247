import { createHash } from 'node:crypto';
import { closeSync, readSync } from 'node:fs';
import { openToRead } from '@tandem/files';

/** The size and the digest of a file. */
export interface FileHash {
  /** Bytes. */
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
}

const CHUNK = Buffer.allocUnsafeSlow(1 << 20);

/** Reads a file to its end, whatever its size. Throws what the system throws. */
export function hashFile(path: string): FileHash {
  const fd = openToRead(path);
  try {
    const digest = createHash('sha256');
    let size = 0;
    for (;;) {
      const count = readSync(fd, CHUNK, 0, CHUNK.length, null);
      if (count === 0) return { size, sha256: digest.digest('hex') };
      digest.update(CHUNK.subarray(0, count));
      size += count;
    }
  } finally {
    closeSync(fd);
  }
}
