import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runModule } from '../../files/test/store-files.ts';
import { openSidecar } from '../src/document.ts';
import { readData } from '../src/operations/read.ts';
import { saveSidecarData } from '../src/operations/save.ts';
import { as, folderMaker, scratchIn } from './save-fixture.ts';

const folderWith = folderMaker();

const ROUNDS = 1000;
/** A save syncs twice: 2,000 saves take two seconds here, and minutes where a sync takes 50 ms. */
const SLOW_DISK_MS = 600_000;

describe('two processes', () => {
  const SAVER = `
    const { saveSidecarData, openSidecar } = product;
    const [image, operation, path, rounds] = process.argv.slice(1);
    for (let round = 1; round <= Number(rounds); round++) {
      await saveSidecarData(image, operation, { round, note: operation.repeat(round % 7) });
      // What this process saved before must be there until it saves again.
      const seen = openSidecar(path).get(operation + '.round');
      if (seen !== round) throw new Error(operation + ': saved ' + round + ', found ' + seen);
    }`;

  it.each(['json', 'bin', 'rkyv'] as const)(
    'that save different operations into one %s lose none',
    async (format) => {
      const before = { first: 1, keep: [1.5, 'x'] };
      const folder = folderWith({ 'IMG.jpg': '', [`IMG.${format}`]: as(format, before) });
      const image = join(folder, 'IMG.jpg');
      const path = join(folder, `IMG.${format}`);
      const rounds = format === 'json' ? ROUNDS : Math.ceil(ROUNDS / 10);
      const ends = await Promise.all(
        ['face_detection', 'ball_detection'].map((operation) =>
          runModule(SAVER, [image, operation, path, String(rounds)]),
        ),
      );
      expect(ends.map(({ code, stderr }) => ({ code, stderr }))).toEqual([
        { code: 0, stderr: '' },
        { code: 0, stderr: '' },
      ]);
      expect(readData(image)).toMatchObject({
        ...before,
        face_detection: { round: rounds },
        ball_detection: { round: rounds },
      });
      expect(scratchIn(folder)).toEqual([]);
    },
    SLOW_DISK_MS,
  );
});

describe('a kill', () => {
  const KILLED = `
    const { save, jobSteps } = product;
    const [image, format, at] = process.argv.slice(1);
    let step = 0;
    const steps = jobSteps(() => {
      if (step++ === Number(at)) process.kill(process.pid, 'SIGKILL');
    });
    await save(image, 'face_detection', { round: 2 }, { onlyNew: false, format }, steps);`;

  it.each([
    ['an update', { 'IMG.json': '{"keep": [1.50], "face_detection": {"round": 1}}' }, 'json'],
    ['a new sidecar', {}, 'bin'],
  ] as const)(
    'at any step of %s loses nothing, and leaves nothing after the next save',
    async (_name, files, format) => {
      let steps = 0;
      for (let ended = false; !ended; steps++) {
        const folder = folderWith({ 'IMG.jpg': '', ...files });
        const image = join(folder, 'IMG.jpg');
        const { signal, code, stderr } = await runModule(KILLED, [image, format, String(steps)]);
        ended = signal === null;
        if (ended) expect([code, stderr]).toEqual([0, '']);
        // Whole, either old or new.
        const found = readData(image) as { face_detection: unknown } | null;
        expect(found === null ? [] : [{ round: 1 }, { round: 2 }]).toEqual(
          found === null ? [] : expect.arrayContaining([found.face_detection]),
        );

        await saveSidecarData(image, 'ball_detection', 3);
        await saveSidecarData(image, 'face_detection', { round: 4 });
        const after = {
          ...('IMG.json' in files ? { keep: [1.5] } : {}),
          face_detection: { round: 4 },
          ball_detection: 3,
        };
        expect(readData(image)).toMatchObject(after);
        expect(scratchIn(folder)).toEqual([]);
        expect(readdirSync(folder).length).toBe(2);
      }
      expect(steps).toBeGreaterThan(8);
    },
  );
});

describe('a kill at any moment', () => {
  const rounds = Number(process.env['TANDEM_SOAK'] ?? 6);
  const KILLED = `
    import { Worker } from 'node:worker_threads';
    const { saveSidecarData } = product;
    const [image, ms] = process.argv.slice(1);
    new Worker('setTimeout(() => process.kill(process.pid, "SIGKILL"), ' + ms + ')', { eval: true }).unref();
    for (let round = 1; ; round++) await saveSidecarData(image, 'face_detection', { round, same: round });`;

  it(`of a process that saves, ${rounds} times, leaves a whole sidecar`, async () => {
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.json': '{"keep":[1.50]}' });
    const image = join(folder, 'IMG.jpg');
    let last = 0;
    for (let round = 0; round < rounds; round++) {
      const { signal } = await runModule(KILLED, [image, String(20 + Math.random() * 100)]);
      expect(signal).toBe('SIGKILL');
      const { face_detection: found = { round: 0, same: 0 } } = readData(image) as {
        face_detection?: { round: number; same: number };
      };
      expect(found.same).toBe(found.round);
      last = Math.max(last, found.round);
      await saveSidecarData(image, 'ball_detection', round);
      expect(scratchIn(folder)).toEqual([]);
    }
    expect(last).toBeGreaterThan(0);
    expect(openSidecar(join(folder, 'IMG.json')).text('keep')).toBe('[1.50]');
  });
});
