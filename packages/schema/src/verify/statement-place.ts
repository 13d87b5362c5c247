import { closeSync, readSync } from 'node:fs';
import { openToRead, rawPath } from '@tandem/files';
import { type SourceMap, sourceOf } from '../source-map/source-map.ts';

/** A position in a source file. */
export interface FilePlace {
  /** The path as shown to users. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in code points. */
  readonly column: number;
}

const LF = 10;

/**
 * The source position of a byte of the built text.
 * @returns null for a byte of the header or of a separator
 */
export function placeOfByte(text: Buffer, map: SourceMap, offset: number): FilePlace | null {
  let line = 1;
  let begin = 0;
  for (let at = text.indexOf(LF); at >= 0 && at < offset; at = text.indexOf(LF, at + 1)) {
    line++;
    begin = at + 1;
  }
  const source = sourceOf(map, line, characters(text.toString('utf8', begin, offset)) + 1);
  if (source === null) return null;
  // The byte order mark is a character of the file's first line, but not part of the built text.
  const mark = source.line === 1 && hasByteOrderMark(source.path) ? 1 : 0;
  return { path: source.path, line: source.line, column: source.column + mark };
}

/** The byte offset of the n-th character of a statement. PostgreSQL counts characters from 1. */
export function byteOfCharacter(statement: string, position: number): number {
  let units = 0;
  for (let seen = 1; seen < position && units < statement.length; seen++) {
    units += (statement.codePointAt(units) as number) > 0xffff ? 2 : 1;
  }
  return Buffer.byteLength(statement.slice(0, units));
}

function characters(text: string): number {
  return Array.from(text).length;
}

function hasByteOrderMark(path: string): boolean {
  try {
    const file = openToRead(rawPath(path));
    try {
      const bytes = Buffer.alloc(3);
      readSync(file, bytes);
      return bytes.equals(Buffer.from('\ufeff'));
    } finally {
      closeSync(file);
    }
  } catch {
    // It has disappeared since it was read.
    return false;
  }
}
