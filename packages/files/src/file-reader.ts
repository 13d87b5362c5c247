import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { type ErrorCode, type ErrorParams, errorHint, errorMessage } from '@tandem/engine';
import { errnoOf } from './entry-kind.ts';
import type { Fault } from './fault.ts';
import { toFsPath } from './raw-path.ts';

/**
 * O_NONBLOCK, so that a pipe that has taken a file's name does not hold us for ever; regular files do not mind it, and
 * Windows has neither.
 */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Nearly every sidecar fits. */
const BUFFER_BYTES = 64 * 1024;
/** A buffer that one large file has blown up is given back beyond this. */
const KEPT_BYTES = 4 * 1024 * 1024;
/** Tapes count bytes in u32. */
const MOST_BYTES = 2 ** 32 - 1;

/** Why a file was not read. */
export interface ReadFault extends Fault {
  /** What fills the message. */
  readonly params: ErrorParams;
}

/** What fstat tells, exactly. */
export interface FileFacts {
  readonly device: bigint;
  readonly inode: bigint;
  /** Nanoseconds since 1970, negative before. */
  readonly modifiedNs: bigint;
  /** Of the last change of any kind, which nobody can set back. */
  readonly changedNs: bigint;
}

/**
 * Reads one file after another into the same memory: `bytes[0, length)` until the next open(). No stat where nobody asks
 * for one, because open, read and close take 2 us and a stat one more.
 */
export class FileReader {
  bytes: Buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  /** Bytes that were read. */
  length = 0;
  /** Bytes of the whole file; null where it was not opened, or is no file. */
  size: number | null = null;
  /** Bytes of all files that could be read; one that is too large counts nothing, however far it was read to see that. */
  total = 0;
  /** Of the last file, in `total`. */
  #counted = 0;
  readonly #maxSize: number;
  readonly #isSteady: boolean;
  /** The last file that was to be steady took more than one read. */
  #wasLarge = false;
  #fd = -1;

  /**
   * @param maxSize bytes that a file read whole may have
   * @param steady whether a file that changes between two reads of it is ERR_TANDEM_CHANGED; for read()
   */
  constructor(maxSize: number, { steady = false }: { readonly steady?: boolean } = {}) {
    this.#maxSize = Math.min(maxSize, MOST_BYTES);
    this.#isSteady = steady;
  }

  /** Opens and reads a whole file by its raw path; gives null or what is wrong. It stays open until close(). */
  read(path: string): ReadFault | null {
    return this.#guarded(path, () => (this.#isSteady ? this.#readSteadily() : this.#readWhole()));
  }

  /** As read, but at most `most` bytes; with `isLimited` a file that is too large to be read whole is a fault here too. */
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

  /** Of the file that is open; null where none is. */
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
   * As #readWhole; what is large, or takes more than one read, has to be the same before and after it is read. To look at all files would
   * cost half of reading small ones; so a large one that was not expected is begun again.
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

  /** @param fromStart wherever what was read before has ended; not for pipes and the like */
  #readWhole(fromStart = false): ReadFault | null {
    for (;;) {
      // One byte stays free behind the file: the scanner looks at it.
      const room = this.bytes.length - 1 - this.length;
      if (room === 0) {
        const fault = this.#grow();
        if (fault !== null) return fault;
        continue;
      }
      const count = readSync(this.#fd, this.bytes, this.length, room, fromStart ? this.length : null);
      this.length += count;
      // A short read does not prove the end on every file system; a read of nothing does, and costs 0.3 us.
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

  /** Makes room for the whole file, or says that there is none. */
  #grow(): ReadFault | null {
    const stats = fstatSync(this.#fd);
    if (!stats.isFile()) return notAFile();
    const size = Math.max(stats.size, this.length);
    this.size = size;
    const fault = this.#checkedSize();
    if (fault !== null) return fault;
    // One byte to see the end by and one to stay free; a file that grows meanwhile at least adds a buffer.
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
    const code = errnoOf(error);
    // What is not the system's word is a mistake of ours, and no row may hide it.
    if (code === '') throw error;
    if (code === 'ENOMEM') return readFault('ERR_TANDEM_OUT_OF_MEMORY', { size: this.size ?? 0 });
    this.size = null;
    return readFault(SYSTEM_CODES[code] ?? 'ERR_TANDEM_READ_FAILED');
  }
}

/** What the system says, as a code of ours. Its words stay out of rows. */
const SYSTEM_CODES: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'ERR_TANDEM_NOT_FOUND',
  // A path with a NUL in it, which the system is not even asked for.
  ERR_INVALID_ARG_VALUE: 'ERR_TANDEM_NOT_FOUND',
  EACCES: 'ERR_TANDEM_UNREADABLE',
  EPERM: 'ERR_TANDEM_UNREADABLE',
  EISDIR: 'ERR_TANDEM_NOT_A_FILE',
  // A socket, or a device without a driver.
  ENXIO: 'ERR_TANDEM_NOT_A_FILE',
  // A pipe with a writer.
  EAGAIN: 'ERR_TANDEM_NOT_A_FILE',
};

/** A fault that lies at no place within the file. */
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

/** Whether nobody wrote in between; ctime, unlike mtime, can be set back by nobody. */
function isSame(before: BigIntStats, after: BigIntStats): boolean {
  return before.size === after.size && before.mtimeNs === after.mtimeNs && before.ctimeNs === after.ctimeNs;
}

function notAFile(): ReadFault {
  return readFault('ERR_TANDEM_NOT_A_FILE');
}
