import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import { errnoOf, openToRead } from '@tandem/files';

const CHUNK_BYTES = 1024 * 1024;

/** The file that a build may leave as it is. It is read alongside the output that is being built. */
export class ExistingFile {
  readonly #fd: number;
  readonly #size: number;
  #chunk: Buffer = Buffer.alloc(0);

  private constructor(fd: number, size: number) {
    this.#fd = fd;
    this.#size = size;
  }

  /**
   * Null if there is no readable regular file; creating the new file then reports the problem, if there is
   * one.
   * @param path raw
   */
  static open(path: string): ExistingFile | null {
    let fd = -1;
    try {
      fd = openToRead(path, (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
      const stats = fstatSync(fd);
      if (stats.isFile()) return new ExistingFile(fd, stats.size);
    } catch (error) {
      if (errnoOf(error) === '') throw error;
    }
    if (fd >= 0) closeSync(fd);
    return null;
  }

  /** Whether the file has these bytes at this offset. */
  has(bytes: Uint8Array, position: number): boolean {
    if (position + bytes.length > this.#size) return false;
    return this.#read(position, bytes.length)?.equals(bytes) === true;
  }

  /** Whether the file is exactly this long. */
  endsAt(length: number): boolean {
    return this.#size === length;
  }

  /**
   * The bytes between two offsets, in chunks. Each chunk is valid until the next one; iteration stops early
   * at the end of the file.
   */
  *bytes(from: number, to: number): Generator<Buffer, void, undefined> {
    for (let at = from; at < to; ) {
      const chunk = this.#read(at, Math.min(CHUNK_BYTES, to - at));
      if (chunk === null) return;
      yield chunk;
      at += chunk.length;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Null if the file has fewer bytes at that offset. */
  #read(position: number, length: number): Buffer | null {
    if (this.#chunk.length < length) this.#chunk = Buffer.allocUnsafeSlow(Math.max(length, CHUNK_BYTES));
    for (let done = 0; done < length; ) {
      const count = readSync(this.#fd, this.#chunk, done, length - done, position + done);
      if (count === 0) return null;
      done += count;
    }
    return this.#chunk.subarray(0, length);
  }
}
