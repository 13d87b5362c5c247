import { createHash, type Hash } from 'node:crypto';
import { TandemError } from '@tandem/engine';
import { AtomicFile, newRun, shownText } from '@tandem/files';
import { ExistingFile } from './existing-file.ts';

/**
 * A built file on its way to its place. The header is told last, since it has the hash of the body. As long as the file that is there
 * has the same bytes nothing is written; from the first other byte on a new one is, which begins with what was the same.
 */
export class SchemaFile {
  readonly #path: string;
  readonly #headerBytes: number;
  readonly #volatile: boolean;
  readonly #hash: Hash = createHash('sha256');
  #existing: ExistingFile | null;
  #file: AtomicFile | null = null;
  #length: number;

  /**
   * @param path raw
   * @param headerBytes how long the header will be
   * @param volatile leave out the syncs
   */
  constructor(path: string, headerBytes: number, volatile: boolean) {
    this.#path = path;
    this.#headerBytes = headerBytes;
    this.#volatile = volatile;
    this.#length = headerBytes;
    this.#existing = ExistingFile.open(path);
  }

  append(body: Uint8Array): void {
    if (!this.#isSame(body, this.#length)) this.#newFile().write(body, this.#length);
    this.#hash.update(body);
    this.#length += body.length;
  }

  /** SHA-256 of the body, in hex, when all of it is there. */
  bodySha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Bytes with the header. */
  get length(): number {
    return this.#length;
  }

  /** Puts the file in its place, or leaves what is there untouched where that has the same bytes. */
  finish(header: Uint8Array): 'written' | 'unchanged' {
    if (header.length !== this.#headerBytes) throw new Error('the header does not fit its room');
    if (this.#isSame(header, 0) && this.#existing?.endsAt(this.#length)) return 'unchanged';
    const file = this.#newFile();
    file.write(header, 0);
    file.commit();
    return 'written';
  }

  /** Takes back what was not finished. */
  discard(): void {
    this.#file?.discard();
    this.#existing?.close();
    this.#existing = null;
  }

  #isSame(bytes: Uint8Array, position: number): boolean {
    return this.#file === null && this.#existing !== null && this.#existing.has(bytes, position);
  }

  /** The new file, with all of the body up to here. */
  #newFile(): AtomicFile {
    if (this.#file !== null) return this.#file;
    const file = new AtomicFile(this.#path, { run: newRun().id, volatile: this.#volatile });
    this.#file = file;
    if (this.#existing === null || this.#length === this.#headerBytes) return file;
    const copied = createHash('sha256');
    let at = this.#headerBytes;
    for (const chunk of this.#existing.bytes(at, this.#length)) {
      copied.update(chunk);
      file.write(chunk, at);
      at += chunk.length;
    }
    // It had these bytes a moment ago; somebody else may have written into it since.
    if (copied.digest('hex') !== this.bodySha256()) {
      throw new TandemError('ERR_TANDEM_CHANGED', { path: shownText(this.#path) });
    }
    return file;
  }
}
