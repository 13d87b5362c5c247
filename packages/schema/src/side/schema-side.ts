import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '@tandem/engine';

/** One of two schemas that are compared. */
export type SchemaSide = ProjectSide | DatabaseSide;

/** Source files: a project's folder, or a revision of the repository that contains the project. */
export type ProjectSide = { readonly dir: string } | { readonly revision: string };

/** A database that is only read. */
export interface DatabaseSide {
  /** postgres://user@host/database */
  readonly url: string;
}

/** A file that `tandem schema hash --tree` has written. */
export interface TreeHashFile {
  readonly treeHash: string;
}

/**
 * Parses a side as written on a command line: a PostgreSQL URL, a folder that contains db/environments, a
 * file with a tree hash, or otherwise a revision. The prefixes `dir:` and `rev:` state explicitly which one
 * it is.
 */
export function readSide(word: string): SchemaSide | TreeHashFile {
  if (/^postgres(ql)?:\/\//.test(word)) return { url: word };
  const [, kind, name = ''] = /^(dir|rev):([\s\S]*)$/.exec(word) ?? [];
  if (kind !== undefined) return kind === 'dir' ? { dir: name } : { revision: name };
  if (existsSync(join(word, 'db', 'environments'))) return { dir: word };
  return isFile(word) ? { treeHash: word } : { revision: word };
}

/** The name of a side for display; for a URL, without the password. */
export function sideName(side: SchemaSide): string {
  if ('dir' in side) return side.dir;
  return 'revision' in side ? side.revision : databaseName(side.url);
}

function databaseName(url: string): string {
  try {
    const { protocol, username, host, pathname } = new URL(url);
    return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`;
  } catch {
    // A URL that Node rejects may be valid for PostgreSQL, for example with an empty host.
    return `${url.split('://')[0]}://${(url.split('?')[0] ?? '').replace(/^.*?:\/\/(.*@)?/, '')}`;
  }
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A side that is not suitable for the operation. */
export function badSide(problem: string, cure: string, cause?: unknown): TandemError {
  return new TandemError('ERR_TANDEM_BAD_ARGUMENT', { params: { problem, cure }, cause });
}
