import { createHash, type Hash } from 'node:crypto';
import { TandemError } from '@tandem/engine';
import {
  AtomicFile,
  folderOf,
  makeFoldersAbove,
  newRun,
  outputError,
  removeFolders,
  sweepScratch,
} from '@tandem/files';
import { shownPath } from '../shown-path.ts';
import { ExistingFile } from './existing-file.ts';
import { outputTarget } from './output-target.ts';

/**
 * An output file while it is being built. The header is supplied last, because it contains the hash of the
 * body. While the bytes match the existing file, nothing is written; the first byte that differs starts a new
 * file, which begins with a copy of the matching part. Every method throws ERR_TANDEM_OUTPUT_UNWRITABLE or
 * ERR_TANDEM_NO_SPACE, and discard() leaves nothing behind.
 */
export class SchemaFile {
  readonly #path: string;
  readonly #target: string;
  readonly #headerBytes: number;
  readonly #volatile: boolean;
  readonly #hash: Hash = createHash('sha256');
  readonly #madeFolders: readonly string[];
  #existing: ExistingFile | null;
  #file: AtomicFile | null = null;
  #length: number;

  /**
   * Creates the folders above the file, and removes what killed builds have left in the folder that contains
   * it.
   * @param path raw and absolute; if it is a link, its target is replaced
   * @param headerBytes length of the header to come
   * @param volatile skip the syncs
   * @throws {TandemError} also ERR_TANDEM_BROKEN_SYMLINK
   */
  constructor(path: string, headerBytes: number, volatile: boolean) {
    this.#path = path;
    this.#madeFolders = this.#guarded(() => makeFoldersAbove(path));
    this.#target = this.#foundTarget();
    this.#headerBytes = headerBytes;
    this.#volatile = volatile;
    this.#length = headerBytes;
    sweepScratch(folderOf(this.#target));
    this.#existing = ExistingFile.open(this.#target);
  }

  append(body: Uint8Array): void {
    this.#guarded(() => {
      if (!this.#isSame(body, this.#length)) this.#newFile().write(body, this.#length);
    });
    this.#hash.update(body);
    this.#length += body.length;
  }

  /** SHA-256 of the body, in hex, once the body is complete. */
  bodySha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Length in bytes, including the header. */
  get length(): number {
    return this.#length;
  }

  /**
   * Makes the complete file durable under a temporary name in the same folder, unless the existing file has
   * the same bytes. Only finish or discard may follow.
   */
  settle(header: Uint8Array): void {
    if (header.length !== this.#headerBytes) throw new Error('the header does not fit its room');
    if (this.#isSame(header, 0) && this.#existing?.endsAt(this.#length)) return;
    this.#guarded(() => {
      const file = this.#newFile();
      file.write(header, 0);
      file.settle();
    });
  }

  /** Moves the file to its final name, or leaves the existing file untouched if it has the same bytes. */
  finish(): 'written' | 'unchanged' {
    const file = this.#file;
    if (file === null) return 'unchanged';
    this.#guarded(() => file.commit());
    return 'written';
  }

  /** Removes whatever was not finished. */
  discard(): void {
    this.#file?.discard();
    this.#existing?.close();
    this.#existing = null;
    removeFolders(this.#madeFolders);
  }

  #foundTarget(): string {
    try {
      return outputTarget(this.#path);
    } catch (error) {
      removeFolders(this.#madeFolders);
      throw error;
    }
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw outputError(error, shownPath(this.#path));
    }
  }

  #isSame(bytes: Uint8Array, position: number): boolean {
    return this.#file === null && this.#existing !== null && this.#existing.has(bytes, position);
  }

  /** The new file, with the complete body up to this point. */
  #newFile(): AtomicFile {
    if (this.#file !== null) return this.#file;
    const file = new AtomicFile(this.#target, { run: newRun().id, volatile: this.#volatile });
    this.#file = file;
    if (this.#existing === null || this.#length === this.#headerBytes) return file;
    const copied = createHash('sha256');
    let at = this.#headerBytes;
    for (const chunk of this.#existing.bytes(at, this.#length)) {
      copied.update(chunk);
      file.write(chunk, at);
      at += chunk.length;
    }
    // The file had these bytes a moment ago; another process may have written to it since.
    if (copied.digest('hex') !== this.bodySha256()) {
      throw new TandemError('ERR_TANDEM_CHANGED', { path: shownPath(this.#path) });
    }
    return file;
  }
}
