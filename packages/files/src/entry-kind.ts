import { type BigIntStats, type Dirent, lstatSync, type Stats, statSync } from 'node:fs';
import { toFsPath } from './raw-path.ts';

/** The kind of an entry in a folder, with links followed to their end. */
export type EntryKind =
  | 'file'
  | 'folder'
  /** A pipe, socket or device. */
  | 'special'
  | 'file-link'
  | 'folder-link'
  | 'special-link'
  | 'broken-link'
  /** It was listed, but its kind cannot be determined. */
  | 'gone';

/** The kind of an entry, from its directory type where that is enough: only a link costs a stat. */
export function kindOf(entry: Dirent | Stats, path: string): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? targetKind(path) : 'special';
}

/** The kind of a raw path of unknown type. */
export function lookedUpKind(path: string): EntryKind {
  try {
    return kindOf(lstatSync(toFsPath(path)), path);
  } catch {
    return 'gone';
  }
}

/** Whether the error means that the entry does not exist; else it is only inaccessible. */
export function leadsNowhere(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP';
}

/** The system's name of an error, or ''. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function targetKind(path: string): EntryKind {
  let target: Stats | BigIntStats;
  try {
    target = statSync(toFsPath(path));
  } catch (error) {
    // Inaccessible, not gone: opening it will give the reason.
    return leadsNowhere(error) ? 'broken-link' : 'file-link';
  }
  if (target.isFile()) return 'file-link';
  return target.isDirectory() ? 'folder-link' : 'special-link';
}
