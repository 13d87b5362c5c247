import {
  appendFileSync,
  lstatSync,
  renameSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAsRead } from '../src/store/is-as-read.ts';
import { type ReadFile, readWhole } from '../src/store/read-whole.ts';
import { folderMaker } from './save-fixture.ts';

const folderWith = folderMaker();
/** Whole seconds, which every file system keeps. */
const SECONDS = 1_500_000_000;

function readFile(): { path: string; file: ReadFile } {
  const path = join(folderWith({ 'a.json': '{"a":1}' }), 'a.json');
  utimesSync(path, SECONDS, SECONDS);
  return { path, file: readWhole(path, 100) };
}

describe('a file that was read', () => {
  it('is as it was read if nothing changed it', () => {
    const { path, file } = readFile();
    expect(isAsRead(path, file)).toBe(true);
  });

  it('is not when it is gone', () => {
    const { path, file } = readFile();
    unlinkSync(path);
    expect(isAsRead(path, file)).toBe(false);
  });

  it('is not when another file with its size and time has its name', () => {
    const { path, file } = readFile();
    writeFileSync(`${path}.new`, '{"b":2}');
    utimesSync(`${path}.new`, SECONDS, SECONDS);
    renameSync(`${path}.new`, path);
    expect(isAsRead(path, file)).toBe(false);
  });

  it.each([
    ['longer', (path: string) => appendFileSync(path, ' ')],
    ['shorter', (path: string) => truncateSync(path, 3)],
  ])('is not when it is %s, even with its old time', (_how, change) => {
    const { path, file } = readFile();
    change(path);
    utimesSync(path, SECONDS, SECONDS);
    expect(isAsRead(path, file)).toBe(false);
  });

  it('is not when only its time changed', () => {
    const { path, file } = readFile();
    const { ino } = lstatSync(path);
    utimesSync(path, SECONDS, SECONDS + 1);
    expect(lstatSync(path)).toMatchObject({ ino, size: file.bytes.length });
    expect(isAsRead(path, file)).toBe(false);
  });

  it('is not when the device differs and the inode number is the same', () => {
    const { path, file } = readFile();
    const { device, ...facts } = file.facts;
    expect(isAsRead(path, { ...file, facts: { ...facts, device: device + 1n } })).toBe(false);
  });
});
