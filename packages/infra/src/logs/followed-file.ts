import { closeSync, fstatSync, readSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openToRead, toFsPath } from '@tandem/files';
import { type ByteSource, CAUGHT_UP } from './byte-source.ts';

/** Polled, because watching a folder misses writes on network shares, and rotation replaces the file. */
const POLL_MS = 500;

/**
 * A file that is read as it grows. It ends when another file has its name (a rotation) or when it became shorter
 * (a truncation); `isReplaced` is then true, and the name is to be opened again.
 */
export class FollowedFile implements ByteSource {
  isReplaced = false;
  readonly #path: string;
  readonly #fd: number;
  readonly #ended = new AbortController();
  #position = 0;
  /** It was reported that everything there was read. */
  #isCaughtUp = false;

  /** @param path raw */
  constructor(path: string) {
    this.#path = path;
    this.#fd = openToRead(path);
  }

  /** Waits for bytes; CAUGHT_UP once before it waits, 0 at the end. */
  async read(into: Buffer, from: number): Promise<number> {
    while (!this.#ended.signal.aborted) {
      const count = this.#isTruncated() ? 0 : readSync(this.#fd, into, from, into.length - from, null);
      this.#position += count;
      if (count > 0) {
        this.#isCaughtUp = false;
        return count;
      }
      if (this.#isOtherFile() || this.#isTruncated()) {
        // What was written between the read and the rotation.
        const rest = this.#isTruncated() ? 0 : readSync(this.#fd, into, from, into.length - from, null);
        this.#position += rest;
        if (rest > 0) return rest;
        this.isReplaced = true;
        return 0;
      }
      if (!this.#isCaughtUp) {
        this.#isCaughtUp = true;
        return CAUGHT_UP;
      }
      await sleep(POLL_MS, undefined, { signal: this.#ended.signal }).catch(() => undefined);
    }
    return 0;
  }

  close(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    closeSync(this.#fd);
  }

  #isTruncated(): boolean {
    return fstatSync(this.#fd).size < this.#position;
  }

  /** False while nothing has the name: the new file is yet to be made. */
  #isOtherFile(): boolean {
    const named = statSync(toFsPath(this.#path), { throwIfNoEntry: false });
    const own = fstatSync(this.#fd);
    return named !== undefined && (named.ino !== own.ino || named.dev !== own.dev);
  }
}
