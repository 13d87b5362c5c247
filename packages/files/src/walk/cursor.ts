import { TandemError } from '@tandem/engine';
import { folderOf } from '../raw-path.ts';

/** Where a walk stopped (spec/sidecar/walk.md): the last candidate or folder that was done. */
export interface Position {
  /** Raw path relative to the root; '' or with a trailing slash. */
  readonly folder: string;
  /** Null when only the folder itself was done. */
  readonly candidate: string | null;
}

export function encodeCursor(folder: string, candidate: string | null): string {
  const path = candidate === null ? folder || '/' : folder + candidate;
  return encode(path);
}

/** @throws {TandemError} ERR_TANDEM_BAD_ARGUMENT for a cursor that no run has written */
export function decodeCursor(cursor: string): Position {
  const path = Buffer.from(cursor, 'base64').toString('latin1');
  if (path === '/') return { folder: '', candidate: null };
  const isRight = path !== '' && !path.startsWith('/') && !path.includes('//') && encode(path) === cursor;
  if (!isRight) throw badCursor();
  const folder = folderOf(path);
  return { folder, candidate: path === folder ? null : path.slice(folder.length) };
}

/**
 * The index at which a list continues.
 * @throws {TandemError} ERR_TANDEM_BAD_ARGUMENT for a cursor that no run over the list has written
 */
export function decodeListCursor(cursor: string, length: number): number {
  if (cursor === '') return 0;
  const next = Number(cursor);
  if (!/^(0|[1-9][0-9]*)$/.test(cursor) || next > length) throw badCursor();
  return next;
}

function encode(path: string): string {
  return Buffer.from(path, 'latin1').toString('base64');
}

function badCursor(): TandemError {
  const params = {
    problem: 'the cursor does not belong to this scan',
    cure: 'pass the cursor of a batch unchanged',
  };
  return new TandemError('ERR_TANDEM_BAD_ARGUMENT', { params });
}
