import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '@tandem/engine';
import { describe, expect, test } from 'vitest';
import { type Calibration, readCalibration } from '../src/calibration.ts';
import { writeCalibration } from '../src/write-calibration.ts';
import { temporaryFolder } from './counting.ts';

const folder = temporaryFolder();
const operations = { work: { breakEven: 64, measured: [] } };

/** A folder of its own, and the file that is to be in it. */
function place(name: string): { home: string; file: string } {
  const home = join(folder, name);
  mkdirSync(home);
  return { home, file: join(home, 'calibration.json') };
}

function refusal(file: string, before: Calibration): TandemError {
  try {
    writeCalibration(file, before, 'key', operations);
  } catch (error) {
    if (error instanceof TandemError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a calibration that is written', () => {
  test('is whole, is all that is there, and ends in a line', () => {
    const { home, file } = place('whole');
    for (const key of ['one', 'other']) writeCalibration(file, readCalibration(file), key, operations);
    const text = readFileSync(file, 'utf8');
    expect(JSON.parse(text)).toEqual({ version: 1, machines: { one: operations, other: operations } });
    expect(text).toMatch(/\n\}\n$/);
    expect(readdirSync(home)).toEqual(['calibration.json']);
  });

  test('and cannot be put in its place is removed, and the error says where and why', () => {
    const { home, file } = place('taken');
    const before = readCalibration(file);
    mkdirSync(join(file, 'a folder with something in it'), { recursive: true });
    const error = refusal(file, before);
    expect(error).toMatchObject({ code: 'ERR_TANDEM_OUTPUT_UNWRITABLE', path: file });
    expect(error.cause).toMatchObject({ syscall: 'rename' });
    expect(readdirSync(home)).toEqual(['calibration.json']);
  });

  test('is removed too where the broken file that was to be moved aside is gone', () => {
    const { home, file } = place('gone');
    const error = refusal(file, { info: { file, state: 'ignored', reason: 'broken' }, content: null });
    expect(error.cause).toMatchObject({ code: 'ENOENT' });
    expect(readdirSync(home)).toEqual([]);
  });

  test('cannot be where a file is on the way, and that is the cause', () => {
    const { home } = place('blocked');
    writeFileSync(join(home, 'tandem'), '');
    const file = join(home, 'tandem', 'calibration.json');
    const error = refusal(file, readCalibration(file));
    expect(error.path).toBe(file);
    expect(error.cause).toMatchObject({ syscall: 'mkdir' });
  });

  test.runIf(process.platform === 'linux')('leaves nothing open', () => {
    const { home, file } = place('open');
    writeCalibration(file, readCalibration(file), 'key', operations);
    const open = readdirSync('/proc/self/fd').map((descriptor) => {
      try {
        return readlinkSync(join('/proc/self/fd', descriptor));
      } catch {
        return '';
      }
    });
    expect(open.filter((path) => path.startsWith(home))).toEqual([]);
  });
});
