import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type ErrorCode, type ErrorParams, errorHint, errorMessage } from '@tandem/engine';
import { errnoOf } from './entry-kind.ts';
import type { Fault } from './fault.ts';
import { toFsPath } from './raw-path.ts';

/**
 * O_NONBLOCK, so that a pipe that has taken a file's name does not block forever. Regular files ignore it,
 * and Windows has neither.
 */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Nearly every sidecar fits. */
const BUFFER_BYTES = 64 * 1024;
/** A buffer that grew beyond this for one large file is freed. */
const KEPT_BYTES = 4 * 1024 * 1024;
/** Tapes count bytes in u32. */
const MOST_BYTES = 2 ** 32 - 1;

/** Why a file was not read. */
export interface ReadFault extends Fault {
  /** The parameters of the message. */
  readonly params: ErrorParams;
}

/** The result of fstat, exactly. */
export interface FileFacts {
  readonly device: bigint;
  readonly inode: bigint;
  /** Nanoseconds since 1970, negative before. */
  readonly modifiedNs: bigint;
  /** Of the last change of any kind; no program can set it back. */
  readonly changedNs: bigint;
}

/**
 * Reads one file after another into the same memory: `bytes[0, length)` until the next open(). It calls stat
 * only on request, because open, read and close take 2 us and a stat one more.
 */
export class FileReader {
  bytes: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  /** Bytes read. */
  length = 0;
  /** Bytes of the whole file; null if it was not opened or is not a file. */
  size: number | null = null;
  /** Bytes of all readable files; a file that is too large adds nothing, however far it was read. */
  total = 0;
  /** Bytes that the last file added to `total`. */
  #counted = 0;
  readonly #maxSize: number;
  readonly #isSteady: boolean;
  /** The last file with a steady check took more than one read. */
  #wasLarge = false;
  #fd = -1;

  /**
   * @param maxSize the largest size of a file that is read whole, bytes
   * @param steady whether a file that changes between two reads of it is ERR_TANDEM_CHANGED; for read()
   */
  constructor(maxSize: number, { steady = false }: { readonly steady?: boolean } = {}) {
    this.#maxSize = Math.min(maxSize, MOST_BYTES);
    this.#isSteady = steady;
  }

  /**
   * Opens and reads a whole file by its raw path; returns null or the fault. The file stays open until
   * close().
   */
  read(path: string): ReadFault | null {
    return this.#guarded(path, () => (this.#isSteady ? this.#readSteadily() : this.#readWhole()));
  }

  /**
   * Like read(), but at most `most` bytes; with `isLimited` a file that is too large to be read whole is a
   * fault here too.
   */
  readHead(path: string, most: number, isLimited = false): ReadFault | null {
    return this.#guarded(path, () => this.#readUpTo(most) ?? (isLimited ? this.#checkedSize() : null));
  }

  /** After readHead, reads the rest. */
  readRest(): ReadFault | null {
    try {
      return this.#count(this.#readWhole());
    } catch (error) {
      return this.#count(this.#systemFault(error));
    }
  }

  /** Of the open file; null if there is none. */
  facts(): FileFacts | null {
    if (this.#fd < 0) return null;
    const { dev, ino, mtimeNs, ctimeNs } = fstatSync(this.#fd, { bigint: true });
    return { device: dev, inode: ino, modifiedNs: mtimeNs, changedNs: ctimeNs };
  }

  close(): void {
    if (this.#fd < 0) return;
    const fd = this.#fd;
    this.#fd = -1;
    closeSync(fd);
  }

  #guarded(path: string, read: () => ReadFault | null): ReadFault | null {
    this.length = 0;
    this.size = null;
    this.#counted = 0;
    if (this.bytes.length > KEPT_BYTES) this.bytes = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    try {
      this.#fd = openSync(toFsPath(path), OPEN_FLAGS);
      return this.#count(read());
    } catch (error) {
      return this.#count(this.#systemFault(error));
    }
  }

  #count(fault: ReadFault | null): ReadFault | null {
    const read = fault === null ? this.length : 0;
    this.total += read - this.#counted;
    this.#counted = read;
    return fault;
  }

  /**
   * Like #readWhole, but a file that is large, or takes more than one read, must be the same before and
   * after. A stat of every file would cost half as much as reading small ones; so reading starts again for an
   * unexpectedly large one.
   */
  #readSteadily(): ReadFault | null {
    if (!this.#wasLarge) {
      const room = BUFFER_BYTES - 1;
      const count = readSync(this.#fd, this.bytes, 0, room, null);
      if (count < room && (count === 0 || readSync(this.#fd, this.bytes, count, 1, null) === 0)) {
        this.length = count;
        return this.#ended();
      }
    }
    const before = fstatSync(this.#fd, { bigint: true });
    if (!before.isFile()) return notAFile();
    const fault = this.#readWhole(true);
    if (fault !== null) return fault;
    this.#wasLarge = this.length >= BUFFER_BYTES - 1;
    return isSame(before, fstatSync(this.#fd, { bigint: true })) ? null : readFault('ERR_TANDEM_CHANGED');
  }

  /** @param fromStart whatever the position of earlier reads; not for pipes and the like */
  #readWhole(fromStart = false): ReadFault | null {
    for (;;) {
      // One byte after the file stays free: the scanner reads it.
      const room = this.bytes.length - 1 - this.length;
      if (room === 0) {
        const fault = this.#grow();
        if (fault !== null) return fault;
        continue;
      }
      const count = readSync(this.#fd, this.bytes, this.length, room, fromStart ? this.length : null);
      this.length += count;
      // A short read does not prove the end on every file system; an empty read does, and costs 0.3 us.
      if (count === 0) return this.#ended();
    }
  }

  #ended(): ReadFault | null {
    // Something else may have taken the name since it was listed: a pipe without a writer reads as empty.
    if (this.length === 0 && !fstatSync(this.#fd).isFile()) return notAFile();
    this.size = this.length;
    return this.#checkedSize();
  }

  #readUpTo(most: number): ReadFault | null {
    while (this.length < most) {
      const count = readSync(this.#fd, this.bytes, this.length, most - this.length, null);
      if (count === 0) break;
      this.length += count;
    }
    if (this.length > 0 && this.length < most) {
      this.size = this.length;
      return null;
    }
    const stats = fstatSync(this.#fd);
    if (!stats.isFile()) return notAFile();
    this.size = Math.max(stats.size, this.length);
    return null;
  }

  /** Makes room for the whole file, or returns the fault. */
  #grow(): ReadFault | null {
    const stats = fstatSync(this.#fd);
    if (!stats.isFile()) return notAFile();
    const size = Math.max(stats.size, this.length);
    this.size = size;
    const fault = this.#checkedSize();
    if (fault !== null) return fault;
    // One byte to detect the end and one that stays free; a file that grows meanwhile adds at least a buffer.
    const wanted = Math.max(size + 2, this.bytes.length + BUFFER_BYTES);
    try {
      const larger = Buffer.allocUnsafeSlow(wanted);
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
      return null;
    } catch {
      return readFault('ERR_TANDEM_OUT_OF_MEMORY', { size });
    }
  }

  #checkedSize(): ReadFault | null {
    const { size } = this;
    if (size === null || size <= this.#maxSize) return null;
    return readFault('ERR_TANDEM_TOO_LARGE', { size, limit: this.#maxSize });
  }

  #systemFault(error: unknown): ReadFault {
    if (errnoOf(error) === 'ENOMEM') return readFault('ERR_TANDEM_OUT_OF_MEMORY', { size: this.size ?? 0 });
    this.size = null;
    return readFaultOf(error);
  }
}

/** Why a file could not be read, from the error of the system. Throws any other error. */
export function readFaultOf(error: unknown): ReadFault {
  const code = errnoOf(error);
  // An error that is not the system's is a defect in this code, and no row may hide it.
  if (code === '') throw error;
  return readFault(SYSTEM_CODES[code] ?? 'ERR_TANDEM_READ_FAILED');
}

/** The code for an error of the system. The system's message stays out of rows. */
const SYSTEM_CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'ERR_TANDEM_NOT_FOUND',
  // A path that contains a NUL; the system is not even called.
  ERR_INVALID_ARG_VALUE: 'ERR_TANDEM_NOT_FOUND',
  EACCES: 'ERR_TANDEM_UNREADABLE',
  EPERM: 'ERR_TANDEM_UNREADABLE',
  EISDIR: 'ERR_TANDEM_NOT_A_FILE',
  // A socket, or a device without a driver.
  ENXIO: 'ERR_TANDEM_NOT_A_FILE',
  // A pipe with a writer.
  EAGAIN: 'ERR_TANDEM_NOT_A_FILE',
};

/** A fault without a position in the file. */
export function readFault(code: ErrorCode, params: ErrorParams = {}): ReadFault {
  return {
    code,
    params,
    offset: null,
    line: null,
    column: null,
    message: errorMessage(code, params),
    hint: errorHint(code, params) ?? '',
  };
}

/** Whether no program wrote in between; no program can set back ctime, unlike mtime. */
function isSame(before: BigIntStats, after: BigIntStats): boolean {
  return before.size === after.size && before.mtimeNs === after.mtimeNs && before.ctimeNs === after.ctimeNs;
}

function notAFile(): ReadFault {
  return readFault('ERR_TANDEM_NOT_A_FILE');
}
