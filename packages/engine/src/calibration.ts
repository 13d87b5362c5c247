import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { oneLine } from './words.ts';

/** The measurement of one operation. */
export interface CalibratedOperation {
  /** Bytes from which the native engine is faster; null for never. */
  readonly breakEven: number | null;
  /** The data behind it: milliseconds per call. */
  readonly measured: readonly {
    readonly size: number;
    readonly native: number;
    readonly typescript: number;
  }[];
}

/** The calibration file: addon, ABI and Node version -> operation -> measurement. */
export interface CalibrationFile {
  readonly version: 1;
  readonly machines: Readonly<Record<string, Readonly<Record<string, CalibratedOperation>>>>;
}

/** The calibration that a host uses, or why there is none. */
export interface CalibrationInfo {
  readonly file: string | null;
  readonly state: 'read' | 'absent' | 'ignored';
  /** Why it was ignored. */
  readonly reason?: string;
}

/** The calibration file as read; `content` is null if there is none to use. */
export interface Calibration {
  readonly info: CalibrationInfo;
  readonly content: CalibrationFile | null;
}

/**
 * `tandem/calibration.json` in the user's configuration folder: APPDATA on Windows, else XDG_CONFIG_HOME
 * (only if absolute, as its specification says), else ~/.config. Null if there is no such folder.
 */
export function calibrationPath(
  env: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
  home: () => string = homedir,
): string | null {
  const folder =
    platform === 'win32' ? env['APPDATA'] : (absolute(env['XDG_CONFIG_HOME']) ?? homeConfig(home));
  return folder ? join(folder, 'tandem', 'calibration.json') : null;
}

/** The key for measurements with this addon on this version of Node. */
export function calibrationKey(addon: string, abi: number): string {
  return `${addon} abi ${abi} node ${process.versions.node}`;
}

/** Reads a calibration file; never throws. */
export function readCalibration(file: string | null): Calibration {
  if (file === null) return { info: { file, state: 'absent' }, content: null };
  try {
    return { info: { file, state: 'read' }, content: check(JSON.parse(readFileSync(file, 'utf8'))) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return { info: { file, state: 'absent' }, content: null };
    return { info: { file, state: 'ignored', reason: oneLine(error) }, content: null };
  }
}

/** The content of a calibration file with measurements added; entries with other keys stay. */
export function mergedCalibration(
  before: Calibration,
  key: string,
  operations: Readonly<Record<string, CalibratedOperation>>,
): CalibrationFile {
  const machines = before.content?.machines ?? {};
  return { version: 1, machines: { ...machines, [key]: { ...machines[key], ...operations } } };
}

/** The measured break-even in bytes, `Infinity` for never, or undefined if it was not measured. */
export function calibratedBreakEven(
  calibration: Calibration,
  key: string,
  operation: string,
): number | undefined {
  const operations = own(calibration.content?.machines, key);
  const measured = own(operations, operation);
  return measured === undefined ? undefined : (measured.breakEven ?? Number.POSITIVE_INFINITY);
}

function own<Value>(record: Readonly<Record<string, Value>> | undefined, key: string): Value | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

function absolute(path: string | undefined): string | undefined {
  return path !== undefined && isAbsolute(path) ? path : undefined;
}

function homeConfig(home: () => string): string | null {
  try {
    return join(home(), '.config');
  } catch {
    // os.homedir() throws for a user without a home, as in some containers.
    return null;
  }
}

function check(value: unknown): CalibrationFile {
  if (!isRecord(value) || value['version'] !== 1) throw new Error('not a calibration file of version 1');
  const { machines } = value;
  if (!isRecord(machines)) throw new Error("'machines' is not an object");
  for (const [key, operations] of Object.entries(machines)) {
    if (!isRecord(operations)) throw new Error(`'${key}' is not an object`);
    for (const [name, operation] of Object.entries(operations)) {
      const breakEven = isRecord(operation) ? operation['breakEven'] : undefined;
      const valid = breakEven === null || (typeof breakEven === 'number' && breakEven >= 0);
      if (!valid) throw new Error(`the break-even of '${name}' is not a number of bytes`);
    }
  }
  return value as unknown as CalibrationFile;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
