import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CalibratedOperation, Calibration, CalibrationFile } from './calibration.ts';
import { TandemError } from './tandem-error.ts';

/**
 * Adds measurements to a calibration file: temp file, fsync, rename, fsync of the folder. Entries with other
 * keys stay; a file that could not be read is moved aside and not overwritten. Throws
 * ERR_TANDEM_OUTPUT_UNWRITABLE.
 *
 * @param before the file as it was read
 */
export function writeCalibration(
  file: string,
  before: Calibration,
  key: string,
  operations: Readonly<Record<string, CalibratedOperation>>,
): void {
  const machines = before.content?.machines ?? {};
  const merged = { ...machines, [key]: { ...machines[key], ...operations } };
  const content: CalibrationFile = { version: 1, machines: merged };
  // Not node:crypto's randomUUID(): loading it would cost every start 2 ms.
  const unique = `${process.pid}-${Date.now()}`;
  // Every scratch file of Tandem has this prefix.
  const temporary = join(dirname(file), `.tandem-calibration-${unique}`);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeDurably(temporary, `${JSON.stringify(content, null, 2)}\n`);
    if (before.info.state === 'ignored') renameSync(file, `${file}.broken-${unique}`);
    renameSync(temporary, file);
    syncFolder(dirname(file));
  } catch (cause) {
    removeQuietly(temporary);
    throw new TandemError('ERR_TANDEM_OUTPUT_UNWRITABLE', { path: file, cause });
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'wx');
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path);
  } catch {
    // The reason why it could not be written is the better error.
  }
}

function syncFolder(folder: string): void {
  // Windows cannot open a folder, and keeps names durable without it.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
