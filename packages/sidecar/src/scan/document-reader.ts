import { LIMITS } from '@tandem/engine';
import { type Fault, type FileFacts, FileReader, readFault } from '@tandem/files';
import type { StoredFormat } from '../formats/format.ts';
import { type Finding, type Inspection, Inspector, type Summary } from '../inspect.ts';
import { promisedBy } from '../walk/name-class.ts';
import type { EntryMark } from '../walk/walk-batch.ts';

export { promisedBy } from '../walk/name-class.ts';

/** What a scan needs to know of how documents are read. */
export interface ReadingOptions {
  /** Bytes. */
  readonly maxSize: number;
  readonly maxDepth: number;
  readonly lint: boolean;
}

/** A file as the walk found it. */
export interface FoundFile {
  /** Raw. */
  readonly path: string;
  readonly name: string;
  readonly mark: EntryMark;
}

/** One file, read and judged. Exactly one of `fault` and `summary` is null. */
export interface Reading {
  readonly fault: Fault | null;
  /** The fault is that it could not be read; else it was read and is not right. */
  readonly isUnreadable: boolean;
  /** Bytes; null where it was not opened, or is no file. */
  readonly size: number | null;
  readonly format: StoredFormat | null;
  readonly summary: Summary | null;
  readonly findings: readonly Finding[];
}

/** Reads sidecars and says what they are. Keeps its buffers from one file to the next: one for each thread. */
export class DocumentReader {
  readonly #files: FileReader;
  readonly #inspector: Inspector;

  constructor(options: ReadingOptions) {
    this.#files = new FileReader(options.maxSize);
    this.#inspector = new Inspector(options, options.lint);
  }

  /** Bytes read so far, for progress. */
  get bytesRead(): number {
    return this.#files.total;
  }

  /** Reads a whole file. It stays open for facts() until close(). */
  read({ path, name, mark }: FoundFile): Reading {
    const fault = faultOfMark(mark) ?? this.#files.read(path);
    if (fault !== null) return this.#unread(fault, mark);
    const { bytes, length } = this.#files;
    return this.#judged(this.#inspector.inspect(bytes, length, promisedBy(name)));
  }

  /** As read, but a sealed file is answered from its summary block, and is not read to its end for that. */
  readSummary({ path, name, mark }: FoundFile): Reading {
    const extension = promisedBy(name);
    const files = this.#files;
    const head = extension === 'bin' ? LIMITS.sniffBytes : null;
    let fault = faultOfMark(mark) ?? (head === null ? files.read(path) : files.readHead(path, head, true));
    if (fault !== null) return this.#unread(fault, mark);
    const size = files.size ?? 0;
    const told = this.#inspector.summaryOnly(files.bytes, files.length, size, extension);
    // A fault told from the head alone may only be that the head is short.
    if (told !== null && (told.fault === null || files.length === size)) return this.#judged(told);
    fault = files.readRest();
    if (fault !== null) return this.#unread(fault, mark);
    const { bytes, length } = files;
    const whole = this.#inspector.summaryOnly(bytes, length, length, extension);
    return this.#judged(whole ?? this.#inspector.inspect(bytes, length, extension));
  }

  /** The first bytes of a file, for telling its format; null or what is wrong. */
  readHead({ path, mark }: FoundFile): Fault | null {
    return faultOfMark(mark) ?? this.#files.readHead(path, LIMITS.sniffBytes);
  }

  /** The file that was last read. */
  get file(): Pick<FileReader, 'bytes' | 'length' | 'size'> {
    return this.#files;
  }

  /** The JSON text of the file that read() last found right; valid until the next one is read. */
  document(): Uint8Array {
    return this.#inspector.document(this.#files.bytes);
  }

  /** Of the file that is open; null where none could be opened. */
  facts(): FileFacts | null {
    return this.#files.facts();
  }

  close(): void {
    this.#files.close();
  }

  #judged({ fault, format, summary, findings }: Inspection): Reading {
    return { fault, isUnreadable: false, size: this.#files.size, format, summary, findings };
  }

  #unread(fault: Fault, mark: EntryMark): Reading {
    // A file over the limit was opened and judged by its size.
    const isUnreadable = fault.code !== 'ERR_TANDEM_TOO_LARGE';
    const size = faultOfMark(mark) === null ? this.#files.size : null;
    return { fault, isUnreadable, size, format: null, summary: null, findings: [] };
  }
}

function faultOfMark(mark: EntryMark): Fault | null {
  if (mark === 'b') return readFault('ERR_TANDEM_BROKEN_SYMLINK');
  return mark === 'o' ? readFault('ERR_TANDEM_NOT_A_FILE') : null;
}
