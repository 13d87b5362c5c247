import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import { newRun } from '@tandem/files';
import { jobSteps } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import { lockText } from '../../files/src/locks/lock-file.ts';
import { runModule } from '../../files/test/store-files.ts';
import { readData } from '../src/operations/read.ts';
import { save, saveSidecarData } from '../src/operations/save.ts';
import { statistics } from '../src/operations/statistics.ts';
import { validate } from '../src/operations/validate.ts';
import { FACE, names, treeMaker } from './convert-fixture.ts';
import { converted, stored } from './convert-trees.ts';

/** What a killed convert leaves, and what completes it: spec/locks.md, "Folders"; save.md, step 4. */

const rootWith = treeMaker();
const gone = spawnSync(process.execPath, ['-e', '']).pid;
const DEAD = { ...newRun(), pid: gone, started: 1, id: newRun().id.replace(/-\d+-\d+-r/, `-${gone}-1-r`) };
const LEFT = lockText(DEAD, { operation: 'convert', unfinished: 'bin' });
const PAIR = { 'IMG.jpg': '', 'IMG.json': FACE, 'IMG.bin': stored(FACE, 'bin') };

describe('a save where a convert was interrupted', () => {
  test('completes the convert of its sidecar, and of no other', async () => {
    const root = rootWith({
      ...PAIR,
      '.tandem-lock': LEFT,
      'b.json': FACE,
      'b.bin': stored(FACE, 'bin'),
      'b.jpg': '',
    });
    await saveSidecarData(`${root}/IMG.jpg`, 'yolov8', { boxes: [] });
    expect(names(root)).toEqual(['.tandem-lock', 'IMG.bin', 'IMG.jpg', 'b.bin', 'b.jpg', 'b.json']);
    expect(readData(`${root}/IMG.jpg`)).toMatchObject({ face_detection: [1, 2], yolov8: { boxes: [] } });
    const { totals } = await converted({ input: root, format: 'bin' });
    expect(totals).toMatchObject({ converted: 1, failed: 0 });
    expect(names(root)).toEqual(['IMG.bin', 'IMG.jpg', 'b.bin', 'b.jpg']);
  });

  test('continues with the remaining file when the preferred one is removed', async () => {
    const root = rootWith({ ...PAIR, '.tandem-lock': LEFT.replace('"bin"', '"json"') });
    await saveSidecarData(`${root}/IMG.jpg`, 'yolov8', 1);
    expect(names(root)).toEqual(['.tandem-lock', 'IMG.jpg', 'IMG.json']);
    expect(JSON.parse(readFileSync(`${root}/IMG.json`, 'utf8'))).toMatchObject({
      face_detection: [1, 2],
      yolov8: 1,
    });
  });

  test.each([
    ['no convert was interrupted', {}],
    ['both were to be kept', { '.tandem-lock': LEFT.replace('"bin"', 'null') }],
    ['a convert was interrupted in another folder', { 'sub/.tandem-lock': LEFT }],
    ['their contents differ', { '.tandem-lock': LEFT, 'IMG.json': FACE.replace('2', '3') }],
    ['the target is broken', { '.tandem-lock': LEFT, 'IMG.bin': stored(FACE, 'bin').slice(0, -1) }],
    ['the source is broken', { '.tandem-lock': LEFT, 'IMG.json': FACE.slice(0, -1) }],
  ])('leaves both where %s', async (_when, more) => {
    const root = rootWith({ ...PAIR, ...more });
    const thrown = await saveSidecarData(`${root}/IMG.jpg`, 'yolov8', 1).catch((error: unknown) => error);
    expect(!(thrown instanceof Error) || thrown instanceof TandemError).toBe(true);
    expect(names(root)).toEqual(expect.arrayContaining(['IMG.bin', 'IMG.json']));
  });

  test('that is killed before any step leaves the document whole, and the next one completes it', async () => {
    for (let steps = 0, killed = true; killed; steps++) {
      const root = rootWith({ ...PAIR, '.tandem-lock': LEFT });
      const source = `
        const { save, jobSteps } = product;
        let left = Number(process.argv.at(-1));
        const steps = jobSteps(() => { if (left-- === 0) process.kill(process.pid, 'SIGKILL'); });
        await save(process.argv.at(-2), 'yolov8', 1, { onlyNew: false }, steps);`;
      killed = (await runModule(source, [`${root}/IMG.jpg`, String(steps)])).signal === 'SIGKILL';
      expect(readData(`${root}/IMG.jpg`)).toMatchObject({ face_detection: [1, 2] });
      await saveSidecarData(`${root}/IMG.jpg`, 'object_detection', 2);
      expect(names(root)).toEqual(['.tandem-lock', 'IMG.bin', 'IMG.jpg']);
      expect(readData(`${root}/IMG.jpg`)).toMatchObject({ face_detection: [1, 2], object_detection: 2 });
      if (!killed) expect(steps).toBeGreaterThan(8);
    }
  });

  test.each(['IMG.bin', 'IMG.json'])('removes nothing where %s changes in the meantime', async (name) => {
    const root = rootWith({ ...PAIR, '.tandem-lock': LEFT });
    const other = `${FACE.replace('2', '3')} `;
    let done = false;
    const steps = jobSteps(({ what }) => {
      if (what !== 'sync-folder' || done) return;
      done = true;
      writeFileSync(`${root}/${name}`, other);
    });
    await save(`${root}/IMG.jpg`, 'yolov8', 1, { onlyNew: false }, steps).catch(() => undefined);
    expect(names(root)).toEqual(expect.arrayContaining(['IMG.bin', 'IMG.json']));
  });

  test('syncs the target before it removes the source', async () => {
    const root = rootWith({ ...PAIR, '.tandem-lock': LEFT });
    const seen: string[] = [];
    const steps = jobSteps(({ what, path }) => {
      if (/IMG\.(json|bin)$/.test(path) || what === 'sync-folder')
        seen.push(`${what} ${path.replace(root, '')}`);
    });
    await save(`${root}/IMG.jpg`, 'yolov8', 1, { onlyNew: false }, steps);
    expect(seen.slice(0, 3)).toEqual(['sync /IMG.bin', 'sync-folder /', 'unlink /IMG.json']);
  });
});

describe('a report', () => {
  test('names the folders in which a convert was interrupted, but not those in which one is running', async () => {
    const root = rootWith({ ...PAIR, 'a/b/c.json': FACE, 'd/e.json': FACE, 'f/g.json': FACE });
    writeFileSync(`${root}/.tandem-lock`, LEFT);
    writeFileSync(`${root}/a/b/.tandem-lock`, LEFT.replace('"bin"', '"rkyv"'));
    writeFileSync(`${root}/d/.tandem-lock`, lockText(newRun(), { operation: 'convert', unfinished: 'bin' }));
    mkdirSync(Buffer.from(`${root}/d\xff`, 'latin1'));
    writeFileSync(Buffer.from(`${root}/d\xff/.tandem-lock`, 'latin1'), LEFT);
    writeFileSync(`${root}/f/.tandem-lock`, LEFT.replace('"bin"', 'null'));
    const told = (folder: string, format: string) => ({
      folder,
      format,
      message: `an earlier convert to ${format} was interrupted: some sidecars may exist in two formats`,
      hint: expect.stringContaining(`run convert to ${format} again`),
    });
    for (const report of [await validate({ input: `${root}/` }), await statistics({ input: root })]) {
      const { interrupted } = await report.collect();
      expect(interrupted).toEqual([
        told(root, 'bin'),
        told(`${root}/a/b`, 'rkyv'),
        told(`${root}/d\ufffd`, 'bin'),
      ]);
    }
    await converted({ input: root, format: 'bin' });
    const { interrupted } = await (await validate({ input: root })).collect();
    expect(interrupted).toEqual([]);
  });
});
