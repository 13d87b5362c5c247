import { createHash, type Hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AtomicFile, errnoOf, newRun, toFsPath } from '@tandem/files';

const COMPARE_BYTES = 1024 * 1024;

/**
 * A built file on its way to its place: the body is written behind room for the header, whose hash of the body is known only
 * afterwards.
 */
export class SchemaFile {
  readonly #file: AtomicFile;
  readonly #headerBytes: number;
  readonly #hash: Hash = createHash('sha256');
  #length: number;

  /**
   * @param path raw
   * @param headerBytes how long the header will be
   */
  constructor(path: string, headerBytes: number, n = 0) {
    this.#file = new AtomicFile(path, { run: newRun().id, n });
    this.#headerBytes = headerBytes;
    this.#length = headerBytes;
  }

  append(body: Uint8Array): void {
    this.#hash.update(body);
    this.#file.write(body, this.#length);
    this.#length += body.length;
  }

  /** SHA-256 of the body, in hex. Asked for once, when all of it is there. */
  bodySha256(): string {
    return this.#hash.digest('hex');
  }

  /** Bytes with the header. */
  get length(): number {
    return this.#length;
  }

  /** Puts the file in its place, or leaves what is there untouched where that has the same bytes. */
  finish(header: Uint8Array): 'written' | 'unchanged' {
    if (header.length !== this.#headerBytes) throw new Error('the header is longer than its room');
    this.#file.write(header, 0);
    if (haveSameBytes(this.#file.path, this.#file.scratch, this.#length)) {
      this.#file.discard();
      return 'unchanged';
    }
    this.#file.commit();
    return 'written';
  }

  /** Takes it back; does nothing after finish. */
  discard(): void {
    this.#file.discard();
  }
}

/** Whether the first file is there, is a regular one, and has the bytes of the second. */
function haveSameBytes(path: string, other: string, length: number): boolean {
  const fds: number[] = [];
  try {
    fds.push(openSync(toFsPath(path), 'r'), openSync(toFsPath(other), 'r'));
    const [one, two] = fds as [number, number];
    const stats = fstatSync(one);
    if (!stats.isFile() || stats.size !== length) return false;
    const left = Buffer.allocUnsafe(COMPARE_BYTES);
    const right = Buffer.allocUnsafe(COMPARE_BYTES);
    for (let at = 0; at < length; ) {
      const most = Math.min(COMPARE_BYTES, length - at);
      const read = readSync(one, left, 0, most, at);
      if (read === 0 || readSync(two, right, 0, read, at) !== read) return false;
      if (left.compare(right, 0, read, 0, read) !== 0) return false;
      at += read;
    }
    return true;
  } catch (error) {
    // What cannot be compared is replaced, which says what is wrong with it.
    if (errnoOf(error) === '') throw error;
    return false;
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}
