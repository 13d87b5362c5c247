import { type FileFacts, FileReader, shownText } from '@tandem/files';
import { promisedBy } from '../walk/name-class.ts';
import { faultError, type WholeFile } from './splice.ts';

/** A whole file, and its facts at the time it was read. */
export interface ReadFile extends WholeFile {
  readonly facts: FileFacts;
}

/**
 * Reads a whole file into memory of its own, with one spare byte behind it for the scanner.
 * @param raw its raw path
 * @param maxSize bytes; checked before reading
 * @throws {TandemError} ERR_TANDEM_NOT_FOUND, _UNREADABLE, _READ_FAILED, _NOT_A_FILE, _TOO_LARGE,
 * _OUT_OF_MEMORY
 */
export function readWhole(raw: string, maxSize: number): ReadFile {
  const path = shownText(raw);
  const reader = new FileReader(maxSize);
  try {
    const fault = reader.read(raw);
    if (fault !== null) throw faultError(fault, path);
    const facts = reader.facts();
    if (facts === null) throw new Error('a file that was just read is not open');
    const memory = Buffer.allocUnsafeSlow(reader.length + 1);
    reader.bytes.copy(memory, 0, 0, reader.length);
    const bytes = memory.subarray(0, reader.length);
    return { path, bytes, extension: promisedBy(raw), facts };
  } finally {
    reader.close();
  }
}
