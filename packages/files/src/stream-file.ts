import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { toFsPath } from './raw-path.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * The bytes of a file as a stream, for pipes, which may wait for their writer, and for what is decompressed on
 * the way.
 * @param path raw
 */
export function streamFile(path: string): Readable {
  return createReadStream(toFsPath(path), { highWaterMark: CHUNK_BYTES });
}
