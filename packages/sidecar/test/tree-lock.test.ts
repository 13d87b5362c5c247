import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FolderLocks, lockTree, newRun } from '@tandem/files';
import { JOB_STEPS } from '@tandem/job';
import { afterAll, describe, expect, test } from 'vitest';
import { lockText } from '../../files/src/locks/lock-file.ts';
import { temporaryFolder } from '../../files/test/store-files.ts';
import type { ConvertRow } from '../src/generated/reports.ts';
import { cleanup } from '../src/operations/cleanup.ts';
import { convert } from '../src/operations/convert.ts';
import { saveSidecarData } from '../src/operations/save.ts';
import { undo } from '../src/operations/undo.ts';
import { FACE, names, row, treeMaker } from './convert-fixture.ts';

/** Runs on folders above and below each other: spec/locks.md, "Trees" and "Folders". */

const base = temporaryFolder();
const rootWith = treeMaker();
const TREE = { 'a.json': FACE, 'sub/b.json': FACE, 'sub/deep/c.json': FACE, 'z/d.json': FACE };
const mounted: string[] = [];
afterAll(() => {
  for (const mount of mounted) execFileSync('umount', [mount]);
});

async function rowsOf(input: string, format: 'bin' | 'json', more = {}): Promise<ConvertRow[]> {
  const report = await convert({ input, format, layout: 'ndjson', ...more });
  const rows: ConvertRow[] = [];
  for await (const each of report.rows()) rows.push(each);
  return rows;
}

const LOCKED = { code: 'ERR_TANDEM_LOCKED' };

describe('a run in a tree whose root another run has locked', () => {
  test('is refused, also through a link', async () => {
    const root = rootWith(TREE);
    symlinkSync(join(root, 'sub'), join(base, 'linked'));
    const lock = lockTree(`${root}/`, { operation: 'convert' }, JOB_STEPS);
    for (const input of [`${root}/sub`, `${root}/sub/deep`, join(base, 'linked')]) {
      await expect(rowsOf(input, 'bin')).rejects.toMatchObject({ ...LOCKED, path: `${root}/.tandem-lock` });
      await expect(cleanup({ input })).rejects.toMatchObject(LOCKED);
      await expect(undo({ input })).rejects.toMatchObject(LOCKED);
    }
    lock.release();
    expect(names(root)).toEqual(Object.keys(TREE));
    expect((await rowsOf(join(base, 'linked'), 'bin')).map(({ status }) => status)).toEqual([
      'converted',
      'converted',
    ]);
  });
});

describe('a run above a folder that another run has locked', () => {
  test('leaves all below it, and names the holder of the lock', async () => {
    const root = rootWith({ ...TREE, 'sub/e.bin': 'broken' });
    const lock = lockTree(`${root}/sub/`, { operation: 'cleanup' }, JOB_STEPS);
    const rows = await rowsOf(root, 'bin');
    for (const name of ['a.json', 'd.json']) expect(row(rows, name).status).toBe('converted');
    for (const name of ['b.json', 'c.json']) {
      expect(row(rows, name)).toMatchObject({
        status: 'failed',
        error_code: 'ERR_TANDEM_LOCKED',
        error: expect.stringContaining(`pid ${process.pid} on`),
        hint: expect.stringContaining(`${root}/sub/.tandem-lock`),
        bytes_after: null,
      });
    }
    // Faults are reported all the same: the run would not change this file.
    expect(row(rows, 'e.bin').error_code).toBe('ERR_TANDEM_UNKNOWN_FORMAT');
    lock.release();
    expect((await rowsOf(root, 'bin')).filter(({ status }) => status === 'converted')).toHaveLength(2);
    expect(names(root)).toEqual(['a.bin', 'sub/b.bin', 'sub/deep/c.bin', 'sub/e.bin', 'z/d.bin']);
  });

  test('that has nothing to do there is not delayed', async () => {
    const root = rootWith(TREE);
    const lock = lockTree(`${root}/sub/`, { operation: 'convert' }, JOB_STEPS);
    const rows = await rowsOf(root, 'json');
    expect(rows.map(({ reason }) => reason)).toEqual(['already', 'already', 'already', 'already']);
    lock.release();
  });

  test('takes over the locks of a dead run, and removes them', async () => {
    const root = rootWith(TREE);
    const dead = { ...newRun(), started: 1, pid: 2 ** 22 + 1 };
    const id = dead.id.replace(`-${process.pid}-`, `-${dead.pid}-`);
    for (const folder of ['', 'sub/', 'z/'])
      writeFileSync(
        `${root}/${folder}.tandem-lock`,
        lockText({ ...dead, id }, { operation: 'convert', unfinished: 'bin' }),
      );
    expect((await rowsOf(root, 'bin')).every(({ status }) => status === 'converted')).toBe(true);
    expect(names(root)).toEqual(['a.bin', 'sub/b.bin', 'sub/deep/c.bin', 'z/d.bin']);
  });

  test.each([{ keep: true }, { operationType: 'yolov8' }])(
    'keeps the record of an interrupted convert: %j',
    async (more) => {
      const root = rootWith({ ...TREE, 'sub/y.json': '{"yolov8":{"a":[1]}}' });
      const dead = { ...newRun(), started: 1, pid: 2 ** 22 + 1 };
      const id = dead.id.replace(`-${process.pid}-`, `-${dead.pid}-`);
      const line = lockText({ ...dead, id }, { operation: 'convert', unfinished: 'bin' });
      for (const folder of ['', 'sub/']) writeFileSync(`${root}/${folder}.tandem-lock`, line);
      await rowsOf(root, 'bin', more);
      for (const folder of ['', 'sub/'])
        expect(readFileSync(`${root}/${folder}.tandem-lock`, 'utf8')).toBe(line);
      await rowsOf(root, 'bin');
      expect(names(root).filter((name) => name.includes('.tandem-'))).toEqual([]);
    },
  );
});

describe('a folder with two paths', () => {
  const mount = join(base, 'mount');
  mkdirSync(mount);

  test.skipIf(spawnSync('mount', ['--bind', base, mount]).status !== 0)('has one lock for both', async () => {
    mounted.push(mount);
    const root = rootWith(TREE);
    const other = join(base, 'other');
    mkdirSync(other);
    execFileSync('mount', ['--bind', `${root}/sub`, other]);
    mounted.unshift(other);
    const run = newRun();
    const lock = lockTree(`${root}/`, { operation: 'convert' }, JOB_STEPS, run);
    const folders = new FolderLocks({ root: `${root}/`, run, operation: 'convert', steps: JOB_STEPS });
    expect(folders.enter(`${root}/sub/deep/`)).toBe(null);
    // The root cannot be seen from there.
    const rows = await rowsOf(other, 'bin');
    expect(row(rows, 'b.json').status).toBe('converted');
    expect(row(rows, 'c.json').error_code).toBe('ERR_TANDEM_LOCKED');
    const saving = saveSidecarData(join(other, 'deep/c.jpg'), 'yolov8', 1, { timeout: 0 });
    await expect(saving).rejects.toMatchObject(LOCKED);
    folders.end(true);
    lock.release();
    expect(row(await rowsOf(other, 'bin'), 'c.json').status).toBe('converted');
  });
});
