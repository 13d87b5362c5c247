import { lstatSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '@tandem/job';
import { expect } from 'vitest';
import { temporaryFolder, treeOf } from '../../files/test/store-files.ts';
import type {
  CleanupReport,
  CleanupRow,
  CleanupTotals,
  UndoReport,
  UndoRow,
  UndoTotals,
} from '../src/generated/reports.ts';
import { type CleanupOptions, cleanup } from '../src/operations/cleanup.ts';
import { undo } from '../src/operations/undo.ts';

/** A sidecar that names its operation but no image. */
export const SIDECAR = '{"sidecar_info":{"operation_type":"face_detection"},"face_detection":{"faces":[]}}';

export type { CleanupReport, UndoReport };

/** Returns a function that makes folders with files, in a folder of the test file. */
export function folderMaker(): (files: Readonly<Record<string, string | Buffer>>) => string {
  const base = temporaryFolder();
  let folders = 0;
  return (files) => {
    folders += 1;
    const folder = join(base, `folder-${folders}`);
    mkdirSync(folder);
    writeTree(folder, files);
    return folder;
  };
}

/** The error of a run, by the end of its code. */
export function error(code: string): Error {
  return expect.objectContaining({ code: `ERR_TANDEM_${code}` }) as Error;
}

/** The names of Tandem's own files in a folder. */
export function scratchIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('.tandem-'));
}

/** Makes files by raw name (latin1), each with its own time in the past. */
export function writeTree(folder: string, files: Readonly<Record<string, string | Buffer>>): void {
  let seconds = 1_600_000_000;
  for (const [name, content] of Object.entries(files)) {
    const path = Buffer.from(`${folder}/${name}`, 'latin1');
    mkdirSync(path.subarray(0, path.lastIndexOf('/')), { recursive: true });
    writeFileSync(path, content);
    utimesSync(path, seconds, seconds + 0.123456);
    seconds += 3600;
  }
}

/** Every file below a folder, with its bytes and its time. */
export function snapshot(folder: string): Map<string, string> {
  const tree = treeOf(folder);
  for (const [name, bytes] of tree) {
    const { mtimeNs } = lstatSync(Buffer.from(`${folder}/${name}`, 'latin1'), { bigint: true });
    tree.set(name, `${mtimeNs} ${bytes}`);
  }
  return tree;
}

export async function cleaned(
  input: string,
  options: Omit<CleanupOptions, 'input'> = {},
): Promise<CleanupReport> {
  return (await cleanup({ input, ...options })).collect();
}

export async function undone(input: string, run?: string): Promise<UndoReport> {
  return (await undo({ input, run })).collect();
}

/** Reads a report to its end and returns its totals. */
export async function totalsOf<T extends CleanupTotals | UndoTotals>(report: Report<T>): Promise<T> {
  for await (const _ of report.chunks());
  return report.totals;
}

/** Paths of rows with their status; where a file was left, with the reason. */
export function outcomes(folder: string, rows: readonly (CleanupRow | UndoRow)[]): Record<string, string> {
  const told = rows.map(({ sidecar_path, status, reason, error_code }) => {
    const name = sidecar_path.slice(join(folder, 'x').length - 1);
    return [
      name,
      status === 'left' ? (reason ?? '') : status === 'failed' ? (error_code ?? '') : status,
    ] as const;
  });
  return Object.fromEntries(told);
}
