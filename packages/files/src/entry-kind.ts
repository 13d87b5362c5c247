import { type BigIntStats, type Dirent, lstatSync, type Stats, statSync } from 'node:fs';
import { toFsPath } from './raw-path.ts';

/** What a name in a folder stands for, links followed to their end. */
export type EntryKind =
  | 'file'
  | 'folder'
  /** A pipe, socket or device. */
  | 'special'
  | 'file-link'
  | 'folder-link'
  | 'special-link'
  | 'broken-link'
  /** It was listed, and nothing more can be learnt of it. */
  | 'gone';

/** The kind of an entry, from its type where that says enough: only a link costs a stat. */
export function kindOf(entry: Dirent | Stats, path: string): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? targetKind(path) : 'special';
}

/** The kind of a raw path whose type nobody told. */
export function lookedUpKind(path: string): EntryKind {
  try {
    return kindOf(lstatSync(toFsPath(path)), path);
  } catch {
    return 'gone';
  }
}

/** Whether what could not be looked at is not there; else it is only out of reach. */
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
    // Out of reach, not gone: opening it will say why.
    return leadsNowhere(error) ? 'broken-link' : 'file-link';
  }
  if (target.isFile()) return 'file-link';
  return target.isDirectory() ? 'folder-link' : 'special-link';
}
