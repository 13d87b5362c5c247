import { existsSync, fstatSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LIMITS } from '@tandem/engine';
import { type FileStep, type FileSteps, runOfScratch, toFsPath } from '@tandem/files';
import { jobSteps } from '@tandem/job';
import type { NativeAddon } from '@tandem/native';
import { describe, expect, test } from 'vitest';
import { failingWith } from '../../files/test/failing-steps.ts';
import { ConvertSource } from '../src/convert/convert-source.ts';
import { NativeConvert } from '../src/convert/native-convert.ts';
import { Syncs, type Unsynced } from '../src/convert/syncs.ts';
import type { ConvertRequest } from '../src/engines/requests.ts';
import type { ConvertRow, ConvertTotals } from '../src/generated/reports.ts';
import { FACE, names, PLAIN, requestFor, treeMaker } from './convert-fixture.ts';
import { stored } from './convert-trees.ts';
import { addon, context, keptBatches } from './scan-trees.ts';

const rootWith = treeMaker();
const FILES = { 'a.json': FACE, 'b.json': FACE, 'deep/c.json': FACE };

/** Rows by their path below the root, and the bytes read from all files. */
async function converted(
  root: string,
  real: NativeAddon,
  steps: FileSteps = jobSteps(),
  more: Partial<ConvertRequest> = {},
): Promise<{ rows: Map<string, ConvertRow>; bytes: number; otherOperation: number }> {
  const request = requestFor(root, 'bin', more);
  const native = new NativeConvert(real, request, context(2));
  const batches = await keptBatches(new ConvertSource(request, steps, native));
  const texts = batches.flatMap(({ rows }) => Buffer.from(rows).toString().split('\n').filter(Boolean));
  const rows = texts.map((text) => JSON.parse(text) as ConvertRow);
  return {
    rows: new Map(rows.map((row) => [row.file_path.slice(root.length + 1), row])),
    bytes: batches.reduce((sum, batch) => sum + batch.bytes, 0),
    otherOperation: batches.reduce((sum, { totals }) => {
      const { passed_over: reasons } = JSON.parse(totals) as ConvertTotals;
      return sum + (reasons['other_operation'] ?? 0);
    }, 0),
  };
}

function counted(steps: readonly FileStep[], what: FileStep['what']): number {
  return steps.filter((step) => step.what === what && !step.path.endsWith('.tandem-lock')).length;
}

test('each file system is synced, through a folder on it', async () => {
  const synced: bigint[] = [];
  const stub = {
    syncSystem: async (descriptor: number) => void synced.push(fstatSync(descriptor, { bigint: true }).dev),
  };
  const syncs = new Syncs(jobSteps(), stub as unknown as NativeConvert);
  const folders = ['/proc/', `${rootWith({})}/`];
  const devices = folders.map((folder) => statSync(folder, { bigint: true }).dev);
  const file = (index: number): Unsynced => ({
    path: `${folders[index]}a`,
    folder: folders[index] as string,
    device: devices[index] as bigint,
    fail: (error) => {
      throw error;
    },
  });
  await syncs.bytes([file(0), file(1), file(0)]);
  syncs.end();
  expect(synced).toEqual(devices);
});

describe.skipIf(addon === null)('with the addon', () => {
  const real = addon as NativeAddon;

  test('whole file systems are synced, before targets get their names and before sources are removed', async () => {
    const root = rootWith(FILES);
    const log: string[] = [];
    const descriptors: number[] = [];
    const slow: NativeAddon = {
      ...real,
      syncSystem: async (descriptor) => {
        descriptors.push(descriptor);
        expect(fstatSync(descriptor).dev).toBe(statSync(root).dev);
        await sleep(20);
        await real.syncSystem(descriptor);
        log.push('synced');
      },
    };
    const isOurs = ({ path, to = '' }: FileStep): boolean => /\.(json|bin)$/.test(to || path);
    const all: FileStep[] = [];
    const steps = jobSteps((step) => {
      all.push(step);
      if (isOurs(step)) log.push(step.what);
    });
    const { rows } = await converted(root, slow, steps);
    expect([...rows.values()].map(({ status }) => status)).toEqual(Array(3).fill('converted'));
    const named = Array(3).fill('rename-new');
    expect(log).toEqual(['synced', ...named, 'synced', ...Array(3).fill('unlink')]);
    expect(counted(all, 'sync')).toBe(0);
    // One descriptor for the whole run.
    expect(new Set(descriptors).size).toBe(1);
  });

  test('files and folders are synced one by one where a file system cannot be synced as a whole', async () => {
    const root = rootWith(FILES);
    const steps: FileStep[] = [];
    const without: NativeAddon = { ...real, syncSystem: () => Promise.reject(new Error('no such call')) };
    const { rows } = await converted(
      root,
      without,
      jobSteps((step) => steps.push(step)),
    );
    expect([...rows.values()].map(({ status }) => status)).toEqual(Array(3).fill('converted'));
    expect([counted(steps, 'sync'), counted(steps, 'sync-folder')]).toEqual([3, 2]);
  });

  test('a file is linked to its name where no rename without replacement is available', async () => {
    for (const renameNew of [() => -1, () => 22]) {
      const root = rootWith(FILES);
      const steps: FileStep[] = [];
      const { rows } = await converted(
        root,
        { ...real, renameNew },
        jobSteps((step) => steps.push(step)),
      );
      expect([...rows.values()].map(({ status }) => status)).toEqual(Array(3).fill('converted'));
      expect(steps.filter(({ what, to = '' }) => what === 'link' && to.endsWith('.bin')).length).toBe(3);
      expect(names(root).filter((name) => !name.startsWith('.tandem-'))).toEqual([
        'a.bin',
        'b.bin',
        'deep/c.bin',
      ]);
    }
  });

  test('a refused name fails only its file', async () => {
    const root = rootWith(FILES);
    // EACCES for one of them.
    const renameNew: NativeAddon['renameNew'] = (from, to) =>
      String(to).endsWith('b.bin') ? 13 : real.renameNew(from, to);
    const { rows } = await converted(root, { ...real, renameNew });
    expect(rows.get('b.json')).toMatchObject({ status: 'failed', error_code: 'ERR_TANDEM_UNWRITABLE' });
    expect(rows.get('a.json')?.status).toBe('converted');
    expect(names(root).filter((name) => !name.startsWith('.tandem-'))).toEqual([
      'a.bin',
      'b.json',
      'deep/c.bin',
    ]);
  });

  test('a name that does not reach the disk is removed again, and its source stays', async () => {
    const root = rootWith(FILES);
    const without: NativeAddon = { ...real, syncSystem: () => Promise.reject(new Error('no such call')) };
    const steps = failingWith('EIO', ({ what, path }) => what === 'sync-folder' && path.includes('/deep'));
    const { rows } = await converted(root, without, steps);
    expect(rows.get('deep/c.json')).toMatchObject({ status: 'failed', error_code: 'ERR_TANDEM_UNWRITABLE' });
    expect(names(root).filter((name) => !name.startsWith('.tandem-'))).toEqual([
      'a.bin',
      'b.bin',
      'deep/c.json',
    ]);
  });

  test('each folder is locked at every change there, also where a group has files of several', async () => {
    const folders = ['a', 'b', 'c', 'd'];
    const root = rootWith(
      Object.fromEntries(
        folders.flatMap((folder) => ['1', '2', '3'].map((name) => [`${folder}/${name}.json`, FACE])),
      ),
    );
    const unlocked: FileStep[] = [];
    const steps = jobSteps((step) => {
      const { path, to = path } = step;
      const lock = join(root, path.slice(root.length + 1).replace(/[^/]*$/, '.tandem-lock'));
      if (/\.(json|bin)$/.test(to) && !existsSync(lock)) unlocked.push(step);
    });
    // A group is still being staged when the one before it is done.
    const slow: NativeAddon = {
      ...real,
      stageFiles: (staging) => sleep(30).then(() => real.stageFiles(staging)),
    };
    const request = requestFor(root, 'bin');
    const sizes = { ...LIMITS, batchWeight: 3, convertGroupFiles: 8, convertGroupBatches: 2 };
    await keptBatches(new ConvertSource(request, steps, new NativeConvert(slow, request, context(2)), sizes));
    expect(unlocked).toEqual([]);
    expect(names(root).filter((name) => name.endsWith('.bin'))).toHaveLength(12);
  });

  test('a folder whose first file stays is converted, and the bytes that were read are counted once', async () => {
    const root = rootWith({
      'deep/a.json': PLAIN,
      'deep/b.json': FACE,
      'deep/c.json': FACE,
      'other/a.json': PLAIN,
      'other/b.json': '{',
    });
    const calls: number[] = [];
    const watched: NativeAddon = {
      ...real,
      stageFiles: (request) => {
        const files = request.folders.map(({ names: list }) => list.toString().split('/').length);
        calls.push(files.reduce((sum, count) => sum + count, 0));
        return real.stageFiles(request);
      },
    };
    const { rows, bytes } = await converted(root, watched);
    expect([...rows].map(([path, { status }]) => [path, status])).toEqual([
      ['deep/a.json', 'skipped'],
      ['deep/b.json', 'converted'],
      ['deep/c.json', 'converted'],
      ['other/a.json', 'skipped'],
      ['other/b.json', 'failed'],
    ]);
    // The first file of each folder, then the others, then the files of the folder that is locked by then.
    expect(calls).toEqual([2, 3, 2]);
    expect(bytes).toBe(2 * PLAIN.length + 2 * FACE.length + 1);
  });

  test('a folder that another program changes before it is locked is examined again', async () => {
    const root = rootWith({ 'deep/a.json': FACE, 'deep/b.json': FACE, 'deep/c.json': FACE });
    for (const name of ['a', 'b', 'c']) utimesSync(join(root, `deep/${name}.json`), 1, 1);
    let done = false;
    const steps = jobSteps(({ what, path, to = '' }) => {
      if (done || what !== 'link' || !to.endsWith('deep/.tandem-lock')) return;
      done = path !== '';
      writeFileSync(join(root, 'deep/a.bin'), stored('{"face_detection":[9]}', 'bin'), 'latin1');
      writeFileSync(join(root, 'deep/b.bin'), stored(FACE, 'bin'), 'latin1');
    });
    const { rows } = await converted(root, real, steps);
    expect(done).toBe(true);
    expect(rows.get('deep/a.json')).toMatchObject({ error_code: 'ERR_TANDEM_TARGET_EXISTS' });
    expect(rows.get('deep/b.json')).toMatchObject({ status: 'converted', resumed: true });
    expect(rows.get('deep/c.json')).toMatchObject({ status: 'converted', resumed: false });
    // The source of the existing target is removed too.
    expect(names(root).filter((name) => !name.startsWith('.tandem-'))).toEqual([
      'deep/a.bin',
      'deep/a.json',
      'deep/b.bin',
      'deep/c.bin',
    ]);
  });

  test('files that the addon writes are steps, each with its own number, and names are bytes', async () => {
    const root = rootWith({ ...FILES, 'd\u00e9ep/\u00fc.json': FACE, 'd\u00e9ep/v.json': FACE });
    const before: string[] = [];
    const after: string[] = [];
    const steps = jobSteps(
      ({ what, path }) => what === 'stage' && before.push(path),
      ({ what, path }) =>
        what === 'stage' && after.push(path) && expect(existsSync(toFsPath(path))).toBe(true),
    );
    const { rows } = await converted(root, real, steps);
    expect([...rows.values()].map(({ status }) => status)).toEqual(Array(5).fill('converted'));
    expect(after).toEqual(before);
    expect(after).toHaveLength(5);
    const numbers = after.map((path) => Number(/-(\d+)$/.exec(path)?.[1]));
    expect(new Set(numbers).size).toBe(5);
    expect(Math.min(...numbers)).toBeGreaterThan(0);
    expect(names(root)).toContain('d\u00e9ep/\u00fc.bin');
  });

  test.each([1, 2])('an addon that fails in its call %i leaves none of its files', async (fatal) => {
    const root = rootWith({ ...FILES, 'deep/d.json': FACE });
    let calls = 0;
    const failing: NativeAddon = {
      ...real,
      stageFiles: async (request) => {
        const staged = await real.stageFiles(request);
        calls += 1;
        if (calls === fatal) throw new Error('the addon failed');
        return staged;
      },
    };
    await expect(converted(root, failing)).rejects.toThrow('the addon failed');
    const left = names(root).filter((name) => runOfScratch(name.slice(name.lastIndexOf('/') + 1)) !== null);
    expect(left).toEqual([]);
    expect(names(root)).toEqual(expect.arrayContaining([...Object.keys(FILES), 'deep/d.json']));
  });

  test('a dry run changes nothing and reports the same', async () => {
    const root = rootWith(FILES);
    const steps: FileStep[] = [];
    const watching = jobSteps((step) => steps.push(step));
    const { rows } = await converted(root, real, watching, { dryRun: true, journal: '' });
    expect([...rows.values()].map(({ status }) => status)).toEqual(Array(3).fill('would_convert'));
    expect([steps, names(root)]).toEqual([[], Object.keys(FILES)]);
  });

  test('documents of other operations are left out and counted', async () => {
    const root = rootWith({
      ...FILES,
      'deep/d.json': '{"object_detection":[1]}',
      'e.json': '{"object_detection":[1]}',
    });
    const { rows, otherOperation } = await converted(root, real, jobSteps(), {
      operation: 'face_detection',
    });
    expect([[...rows.keys()], otherOperation]).toEqual([Object.keys(FILES), 2]);
    const documents = names(root).filter((name) => !name.startsWith('.tandem-'));
    expect(documents).toEqual(['a.bin', 'b.bin', 'deep/c.bin', 'deep/d.json', 'e.json']);
  });
});
