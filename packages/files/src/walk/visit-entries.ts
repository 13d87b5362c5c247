import { type Dirent, readdirSync } from 'node:fs';
import { type EntryKind, kindOf, lookedUpKind } from '../entry-kind.ts';
import { toFsPath } from '../raw-path.ts';

/**
 * Calls `visit` with the raw name and the kind of each entry of a folder, in no particular order. Throws what
 * the system throws when it lists the folder.
 * @param path raw; a trailing slash counts towards the maximum path length and makes the system follow a link
 */
export function visitEntries(path: string, visit: (name: string, kind: EntryKind) => void): void {
  const entries = listEntries(toFsPath(path));
  const prefix = path.endsWith('/') ? path : `${path}/`;
  for (const entry of entries) {
    if (typeof entry === 'string') visit(entry, lookedUpKind(prefix + entry));
    // Nearly every entry is a file, and its type is then all that is needed.
    else visit(entry.name, entry.isFile() ? 'file' : kindOf(entry, prefix + entry.name));
  }
}

/**
 * Names as latin1 with their types: as fast as names alone (33 ms for 100,000), and half the time of names as
 * Buffers. On a file system that reports no types, Node looks each name up as UTF-8 text, which fails for raw
 * names; then only the names are read.
 */
function listEntries(folder: string | Buffer): readonly Dirent[] | readonly string[] {
  try {
    return readdirSync(folder, { encoding: 'latin1', withFileTypes: true });
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error && error.syscall === 'lstat')) throw error;
    return readdirSync(folder, 'latin1');
  }
}
