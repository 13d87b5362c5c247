import { fstatSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FileStep, FileSteps } from '@tandem/files';
import type { NativeAddon } from '@tandem/native';
import { describe, expect, test } from 'vitest';
import { ConvertSource } from '../src/convert/convert-source.ts';
import { NativeConvert } from '../src/convert/native-convert.ts';
import type { ConvertRow } from '../src/operations/convert.ts';
import { FACE, names, PLAIN, requestFor, treeMaker } from './convert-fixture.ts';
import { stored } from './convert-trees.ts';
import { addon, context, keptBatches } from './scan-trees.ts';

const rootWith = treeMaker();
const FILES = { 'a.json': FACE, 'b.json': FACE, 'deep/c.json': FACE };

/** Rows by their path below the root, and what is read of all files. */
async function converted(
  root: string,
  real: NativeAddon,
  steps: FileSteps = new FileSteps(),
): Promise<{ rows: Map<string, ConvertRow>; bytes: number }> {
  const request = requestFor(root, 'bin');
  const native = new NativeConvert(real, request, context(2));
  const batches = await keptBatches(new ConvertSource(request, steps, native));
  const texts = batches.flatMap(({ rows }) => Buffer.from(rows).toString().split('\n').filter(Boolean));
  const rows = texts.map((text) => JSON.parse(text) as ConvertRow);
  return {
    rows: new Map(rows.map((row) => [row.file_path.slice(root.length + 1), row])),
    bytes: batches.reduce((sum, batch) => sum + batch.bytes, 0),
  };
}

function counted(steps: readonly FileStep[], what: FileStep['what']): number {
  return steps.filter((step) => step.what === what && !step.path.endsWith('.tandem-lock')).length;
}

describe.skipIf(addon === null)('with the addon', () => {
  const real = addon as NativeAddon;

  test('whole file systems are synced, before names are given and before sources go', async () => {
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
    const steps = new FileSteps((step) => isOurs(step) && log.push(step.what));
    const { rows } = await converted(root, slow, steps);
    expect([...rows.values()].map(({ status }) => status)).toEqual(Array(3).fill('converted'));
    const named = Array(3).fill('rename-new');
    expect(log).toEqual(['synced', ...named, 'synced', ...Array(3).fill('unlink')]);
    // One for the run.
    expect(new Set(descriptors).size).toBe(1);
  });

  test('files and folders are synced one by one where a file system cannot be synced whole', async () => {
    const root = rootWith(FILES);
    const steps: FileStep[] = [];
    const without: NativeAddon = { ...real, syncSystem: () => Promise.reject(new Error('no such call')) };
    const { rows } = await converted(root, without, new FileSteps((step) => steps.push(step)));
    expect([...rows.values()].map(({ status }) => status)).toEqual(Array(3).fill('converted'));
    expect([counted(steps, 'sync'), counted(steps, 'sync-folder')]).toEqual([3, 2]);
  });

  test('a file is linked to its name where it cannot be renamed to one that nothing has', async () => {
    for (const renameNew of [() => -1, () => 22]) {
      const root = rootWith(FILES);
      const steps: FileStep[] = [];
      const { rows } = await converted(
        root,
        { ...real, renameNew },
        new FileSteps((step) => steps.push(step)),
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

  test('a name that is refused fails its file alone', async () => {
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

  test('a folder in which the first file stays is converted all the same, and what was read is counted once', async () => {
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
    // The first of each folder, then the others, then those of the folder that is ours by then.
    expect(calls).toEqual([2, 3, 2]);
    expect(bytes).toBe(2 * PLAIN.length + 2 * FACE.length + 1);
  });

  test('a folder that somebody changes until it is ours is looked at anew', async () => {
    const root = rootWith({ 'deep/a.json': FACE, 'deep/b.json': FACE, 'deep/c.json': FACE });
    for (const name of ['a', 'b', 'c']) utimesSync(join(root, `deep/${name}.json`), 1, 1);
    let done = false;
    const steps = new FileSteps(({ what, path, to = '' }) => {
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
  });
});
