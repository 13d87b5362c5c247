import { LIMITS } from '@tandem/engine';
import { type Fault, type FileFacts, FileReader, readFault } from '@tandem/files';
import type { StoredFormat } from '../generated/formats.ts';
import { type Finding, type Inspection, Inspector, type Summary } from '../inspect.ts';
import { promisedBy } from '../walk/name-class.ts';
import type { EntryMark } from '../walk/walk-batch.ts';

export { promisedBy } from '../walk/name-class.ts';

/** The options for reading documents in a scan. */
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
  /** Whether the fault is that the file could not be read; otherwise the file was read and is invalid. */
  readonly isUnreadable: boolean;
  /** Bytes; null if it was not opened, or is not a file. */
  readonly size: number | null;
  readonly format: StoredFormat | null;
  readonly summary: Summary | null;
  readonly findings: readonly Finding[];
}

/**
 * Reads sidecars and judges them. Keeps its buffers from one file to the next: use one instance per thread.
 */
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

  /** Like read, but a sealed file is answered from its summary block without being read to its end. */
  readSummary({ path, name, mark }: FoundFile): Reading {
    const extension = promisedBy(name);
    const files = this.#files;
    const head = extension === 'bin' ? LIMITS.sniffBytes : null;
    let fault = faultOfMark(mark) ?? (head === null ? files.read(path) : files.readHead(path, head, true));
    if (fault !== null) return this.#unread(fault, mark);
    const size = files.size ?? 0;
    const told = this.#inspector.summaryOnly(files.bytes, files.length, size, extension);
    // A fault found in the head alone may only mean that the head is too short.
    if (told !== null && (told.fault === null || files.length === size)) return this.#judged(told);
    fault = files.readRest();
    if (fault !== null) return this.#unread(fault, mark);
    const { bytes, length } = files;
    const whole = this.#inspector.summaryOnly(bytes, length, length, extension);
    return this.#judged(whole ?? this.#inspector.inspect(bytes, length, extension));
  }

  /** Reads the first bytes of a file, from which its format can be determined; returns null or the fault. */
  readHead({ path, mark }: FoundFile): Fault | null {
    return faultOfMark(mark) ?? this.#files.readHead(path, LIMITS.sniffBytes);
  }

  /** The file that was last read. */
  get file(): Pick<FileReader, 'bytes' | 'length' | 'size'> {
    return this.#files;
  }

  /** The JSON text of the file that read() last found valid; valid until the next file is read. */
  document(): Uint8Array {
    return this.#inspector.document(this.#files.bytes);
  }

  /** The facts of the open file; null if no file could be opened. */
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
