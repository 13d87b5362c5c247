import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentLockPath, newRun, pause } from '@tandem/files';
import { JOB_STEPS } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import { acquireLock } from '../../files/src/locks/lock.ts';
import { lockText } from '../../files/src/locks/lock-file.ts';
import { type ChildEnd, runModule, temporaryFolder, treeOf } from '../../files/test/store-files.ts';
import type { ConvertRow } from '../src/generated/reports.ts';
import { convert, convertBySteps } from '../src/operations/convert.ts';
import { readData } from '../src/operations/read.ts';
import { createSidecar, saveSidecarData } from '../src/operations/save.ts';
import { FACE, meddling, row, treeMaker } from './convert-fixture.ts';
import { stored } from './convert-trees.ts';

/**
 * Convert at the same time as saves of the same sidecars: spec/sidecar/convert.md, "Saves". On the engine of
 * this test run.
 */

const rootWith = treeMaker();
const marks = temporaryFolder();
let marked = 0;
const LOCKED = expect.objectContaining({ code: 'ERR_TANDEM_LOCKED' });
/** A run of this host whose process is gone. */
const DEAD = { ...newRun(), started: 1, pid: 4_194_305 };
const DEAD_RUN = { ...DEAD, id: `${DEAD.host}-${DEAD.scope}-${DEAD.pid}-${DEAD.started}-r00000000` };

async function convertedTo(format: 'bin' | 'json' | 'rkyv', input: string, more = {}): Promise<ConvertRow[]> {
  const report = await convert({ input, format, layout: 'ndjson', ...more });
  const rows: ConvertRow[] = [];
  for await (const each of report.rows()) rows.push(each);
  return rows;
}

/** A lock file that has existed for longer than any save takes. */
function plantLock(sidecar: string, text = lockText(newRun(), { operation: 'save' })): string {
  const path = documentLockPath(sidecar);
  writeFileSync(path, text);
  utimesSync(path, 1e9, 1e9);
  return path;
}

/** Blocks this process until a child has made its mark. */
function waitFor(mark: string): void {
  for (let waited = 0; !existsSync(mark) && waited < 30_000; waited += 5) pause(5);
  expect(existsSync(mark)).toBe(true);
}

/** Saves in a process of its own, which makes its mark when it begins. */
const SAVES = `
  import { writeFileSync } from 'node:fs';
  const { saveSidecarData } = product;
  const [image, mark] = process.argv.slice(-2);
  writeFileSync(mark, '');
  await saveSidecarData(image, 'yolov8', { saved: 1 });`;

/** The same, but it makes its mark and pauses before it replaces the document. */
const SAVES_SLOWLY = `
  import { writeFileSync } from 'node:fs';
  const { save, jobSteps } = product;
  const [image, mark, ms] = process.argv.slice(-3);
  const steps = jobSteps(({ what }) => {
    if (what !== 'rename') return;
    writeFileSync(mark, '');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms));
  });
  await save(image, 'yolov8', { saved: 1 }, { onlyNew: false }, steps);`;

function newMark(): string {
  marked += 1;
  return join(marks, `mark-${marked}`);
}

function expectWhole({ code, stderr }: ChildEnd): void {
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

describe('a save', () => {
  test('that begins right before convert removes its source waits, and is in the target', async () => {
    const root = rootWith({ 'IMG.jpg': '', 'IMG.bin': stored(FACE, 'bin') });
    // If source and target both exist, a save prefers the source here.
    let child: Promise<ChildEnd> | null = null;
    const steps = meddling('unlink', '/IMG.bin', () => {
      const mark = newMark();
      child = runModule(SAVES, [join(root, 'IMG.jpg'), mark]);
      waitFor(mark);
      // Enough time for a save that does not wait.
      pause(500);
    });
    const report = await convertBySteps({ input: root, format: 'json', engine: 'typescript' }, steps);
    for await (const _ of report.chunks());
    expectWhole(await (child as unknown as Promise<ChildEnd>));
    expect(readData(join(root, 'IMG.jpg'))).toMatchObject({ face_detection: [1, 2], yolov8: { saved: 1 } });
    expect(readdirSync(root)).toEqual(['IMG.jpg', 'IMG.json']);
  });

  test('that runs when convert begins delays it, and is in the target', async () => {
    const root = rootWith({ 'IMG.jpg': '', 'IMG.json': FACE });
    const mark = newMark();
    const child = runModule(SAVES_SLOWLY, [join(root, 'IMG.jpg'), mark, '400']);
    while (!existsSync(mark)) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await convertedTo('bin', root)).toMatchObject([{ status: 'converted' }]);
    expectWhole(await child);
    expect(readData(join(root, 'IMG.jpg'))).toMatchObject({ face_detection: [1, 2], yolov8: { saved: 1 } });
    expect(readdirSync(root)).toEqual(['IMG.bin', 'IMG.jpg']);
  });

  test.each(['', '/deep/er'])(
    'waits for the lock of a tree, of its folder and of the folders above: %j',
    async (below) => {
      const root = rootWith({ 'deep/er/IMG.jpg': '', 'IMG.jpg': '', 'IMG.json': FACE });
      const folder = root + below;
      const before = treeOf(root);
      const tree = acquireLock(join(root, '.tandem-lock'), 'convert', JOB_STEPS);
      try {
        const saving = saveSidecarData(join(folder, 'IMG.jpg'), 'yolov8', 1, { timeout: 0.05 });
        await expect(saving).rejects.toThrow(LOCKED);
        await expect(saving).rejects.toThrow(/pid \d+ on /);
        const making = createSidecar(join(root, 'deep/er/IMG.jpg'), 'yolov8', 1, { timeout: 0 });
        await expect(making).rejects.toMatchObject({ path: join(root, '.tandem-lock') });
        const later = saveSidecarData(join(folder, 'IMG.jpg'), 'yolov8', 1);
        await new Promise((resolve) => setTimeout(resolve, 100));
        // While it waits, nothing is written, and it does not hold its own lock.
        expect([...treeOf(root).keys()].filter((path) => !before.has(path))).toEqual(['.tandem-lock']);
        tree.release();
        expect((await later).created).toBe(below !== '');
      } finally {
        tree.release();
      }
    },
  );

  test('ignores a dead lock of a tree, and a file that is not a lock, and leaves them', async () => {
    const root = rootWith({ 'a/b/IMG.jpg': '' });
    writeFileSync(join(root, '.tandem-lock'), lockText(DEAD_RUN, { operation: 'convert' }));
    writeFileSync(join(root, 'a/.tandem-lock'), 'hello\n');
    mkdirSync(join(root, 'a/b/.tandem-lock'));
    await saveSidecarData(join(root, 'a/b/IMG.jpg'), 'yolov8', 1, { timeout: 0 });
    expect([...treeOf(root).keys()]).toEqual([
      '.tandem-lock',
      'a/.tandem-lock',
      'a/b/IMG.jpg',
      'a/b/IMG.json',
    ]);
  });
});

describe('a convert', () => {
  test('leaves a sidecar whose save does not end, and names the holder of its lock', async () => {
    const root = rootWith({ 'a.json': FACE, 'b.json': FACE, 'c.json': FACE });
    const held = plantLock(join(root, 'b.json'));
    const elsewhere = lockText({ ...newRun(), id: 'elsewhere-s0-1-2-r00000000' }, { operation: 'save' });
    const shortly = Date.now() / 1000 - 30;
    utimesSync(plantLock(join(root, 'c.bin'), elsewhere), shortly, shortly);
    const rows = await convertedTo('bin', root);
    expect(row(rows, 'a.json').status).toBe('converted');
    expect(row(rows, 'b.json')).toMatchObject({
      status: 'failed',
      from: null,
      target_path: null,
      bytes_before: null,
      error_code: 'ERR_TANDEM_LOCKED',
      error: expect.stringMatching(`pid ${process.pid} on .* since 2001-09-09T01:46:40Z$`),
      hint: `wait for it, or stop it; if it has died, its lock ${held} is taken over`,
    });
    // The save is working on its target.
    expect(row(rows, 'c.json').error_code).toBe('ERR_TANDEM_LOCKED');
    expect(treeOf(root).get('b.json')).toBe(FACE);
  });

  test('ignores dead locks, files that are not locks, and the locks of other names', async () => {
    const root = rootWith({ 'a.json': FACE, 'b.json': FACE, 'c.json': FACE, 'd.json': FACE });
    plantLock(join(root, 'a.json'), lockText(DEAD_RUN, { operation: 'save' }));
    plantLock(join(root, 'b.json'), 'hello\n');
    plantLock(join(root, 'c.json'), '');
    plantLock(join(root, 'd.rkyv'));
    const rows = await convertedTo('bin', root);
    expect(rows.map(({ status }) => status)).toEqual(Array(4).fill('converted'));
  });

  test('does not check locks in a dry run', async () => {
    const root = rootWith({ 'a.json': FACE });
    plantLock(join(root, 'a.json'));
    expect(await convertedTo('bin', root, { dryRun: true })).toMatchObject([{ status: 'would_convert' }]);
  });

  test('finds the lock of a name that is too long for a lock’s name', async () => {
    const name = `${'x'.repeat(240)}.json`;
    const root = rootWith({ [name]: FACE });
    expect(plantLock(join(root, name))).toMatch(/\/\.tandem-lock-[0-9a-f]{64}$/);
    expect(await convertedTo('bin', root)).toMatchObject([{ error_code: 'ERR_TANDEM_LOCKED' }]);
    expect(readFileSync(join(root, name), 'utf8')).toBe(FACE);
  });
});

describe('converts back and forth', () => {
  /**
   * Each process saves each of its operations once into every sidecar, so no save can hide the loss of
   * another.
   */
  const OPERATIONS = [
    ['yolov8', 'ball_detection', 'quality_assessment'],
    ['face_detection', 'game_detection', 'object_detection'],
  ] as const;
  const IMAGES = 67;
  const SAVER = `
    const { saveSidecarData } = product;
    const [root, ...operations] = process.argv.slice(-4);
    for (const operation of operations) for (let n = 0; n < ${IMAGES}; n++)
      await saveSidecarData(root + '/IMG_' + n + '.jpg', operation, { saved: operation + n }, { timeout: 300 });`;

  test('lose none of the 201 saves of each of two processes', async () => {
    const files: Record<string, string> = {};
    for (let n = 0; n < IMAGES; n++) {
      files[`IMG_${n}.jpg`] = '';
      // The saves themselves make the other sidecars.
      if (n % 2 === 0) files[`IMG_${n}.json`] = '{"keep":[1.50]}';
    }
    const root = rootWith(files);
    let saving = OPERATIONS.length;
    const ends = OPERATIONS.map((operations) =>
      runModule(SAVER, [root, ...operations]).finally(() => {
        saving -= 1;
      }),
    );
    let converted = 0;
    for (let round = 0; saving > 0; round++) {
      const rows = await convertedTo(round % 2 === 0 ? 'bin' : 'json', root, { durability: 'none' });
      const failed = rows.filter(({ status }) => status === 'failed');
      expect(failed.filter(({ error_code }) => error_code !== 'ERR_TANDEM_LOCKED')).toEqual([]);
      converted += rows.filter(({ status }) => status === 'converted').length;
      // Saves wait for a whole run; some must get through between two runs.
      await new Promise((resolve) => setTimeout(resolve, 100 + 100 * Math.random()));
    }
    for (const end of await Promise.all(ends)) expectWhole(end);
    expect(converted).toBeGreaterThan(IMAGES);
    for (let n = 0; n < IMAGES; n++) {
      const saved = OPERATIONS.flat().map((operation) => [operation, { saved: `${operation}${n}` }]);
      const kept = n % 2 === 0 ? { keep: [1.5] } : {};
      expect(readData(join(root, `IMG_${n}.jpg`))).toMatchObject({ ...kept, ...Object.fromEntries(saved) });
    }
    expect(readdirSync(root).length).toBe(2 * IMAGES);
  }, 300_000);
});
