import { closeSync, constants, fstatSync, readSync } from 'node:fs';
import { errnoOf, openToRead } from '@tandem/files';

const CHUNK_BYTES = 1024 * 1024;

/** The file that a build may leave as it is, read along with what is built. */
export class ExistingFile {
  readonly #fd: number;
  readonly #size: number;
  #chunk: Buffer = Buffer.alloc(0);

  private constructor(fd: number, size: number) {
    this.#fd = fd;
    this.#size = size;
  }

  /**
   * Null where there is no regular file that can be read: then a new one says what is wrong, if anything is.
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

  /** Whether it has these bytes at this place. */
  has(bytes: Uint8Array, position: number): boolean {
    if (position + bytes.length > this.#size) return false;
    return this.#read(position, bytes.length)?.equals(bytes) === true;
  }

  /** Whether it ends there. */
  endsAt(length: number): boolean {
    return this.#size === length;
  }

  /** Its bytes from one place to another, in chunks that stand until the next one; ends early where the file does. */
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

  /** Null where it does not have as many bytes there. */
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
