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
 * A built file on its way to its place. The header is told last, since it has the hash of the body. As long as the file that is there
 * has the same bytes nothing is written; from the first other byte on a new one is, which begins with what was the same. Every method
 * throws ERR_TANDEM_OUTPUT_UNWRITABLE or ERR_TANDEM_NO_SPACE, and discard() leaves nothing behind.
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
   * Makes the folders above it, and sweeps what killed builds have left in the one that it is in.
   * @param path raw and absolute; of a link the file is replaced that it leads to
   * @param headerBytes how long the header will be
   * @param volatile leave out the syncs
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

  /** SHA-256 of the body, in hex, when all of it is there. */
  bodySha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** Bytes with the header. */
  get length(): number {
    return this.#length;
  }

  /** Makes all of it durable beside its place, unless the file that is there has the same bytes. Only finish or discard may follow. */
  settle(header: Uint8Array): void {
    if (header.length !== this.#headerBytes) throw new Error('the header does not fit its room');
    if (this.#isSame(header, 0) && this.#existing?.endsAt(this.#length)) return;
    this.#guarded(() => {
      const file = this.#newFile();
      file.write(header, 0);
      file.settle();
    });
  }

  /** Puts the file in its place, or leaves what is there untouched where that has the same bytes. */
  finish(): 'written' | 'unchanged' {
    const file = this.#file;
    if (file === null) return 'unchanged';
    this.#guarded(() => file.commit());
    return 'written';
  }

  /** Takes back what was not finished. */
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

  /** The new file, with all of the body up to here. */
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
    // It had these bytes a moment ago; somebody else may have written into it since.
    if (copied.digest('hex') !== this.bodySha256()) {
      throw new TandemError('ERR_TANDEM_CHANGED', { path: shownPath(this.#path) });
    }
    return file;
  }
}
