import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runModule } from '../../files/test/store-files.ts';
import { quarantinedRuns } from '../src/operations/undo.ts';
import { cleaned, folderMaker, SIDECAR, scratchIn, snapshot, undone } from './cleanup-trees.ts';

const folderWith = folderMaker();
const FILES = { 'A.jpg': 'x', 'B.json': SIDECAR, 'sub/deep/C.jpg.json': SIDECAR, 'sub/D.json': SIDECAR };

describe('a kill at any step', () => {
  const KILLED = `
    import { writeFileSync } from 'node:fs';
    const [operation, folder, at, run, returning] = process.argv.slice(1);
    const work = product[operation + 'With'];
    const { jobSteps } = product;
    let step = 0;
    const steps = jobSteps(({ what, path }) => {
      if (step++ === Number(at)) process.kill(process.pid, 'SIGKILL');
      if (returning && what === 'rename' && path.endsWith(returning)) writeFileSync(path.replace('.json', '.jpg'), '');
    });
    const options = { input: folder, workers: 1, engine: 'typescript', ...(run ? { run } : {}) };
    for await (const _ of (await work(options, steps)).chunks());`;

  /** Kills the operation at each of its steps in turn, each time in a new tree. */
  async function killedEverywhere(
    operation: 'cleanup' | 'undo' | 'purge',
    check: (folder: string, before: Map<string, string>, ended: boolean) => Promise<void>,
    returning = '',
  ): Promise<number> {
    for (let at = 0; ; at++) {
      const folder = folderWith(FILES);
      const before = snapshot(folder);
      const run = operation === 'cleanup' ? '' : ((await cleaned(folder)).run ?? '');
      const { signal, code, stderr } = await runModule(KILLED, [
        operation,
        folder,
        String(at),
        operation === 'purge' ? run : '',
        returning,
      ]);
      const ended = signal === null;
      if (ended) expect([code, stderr]).toEqual([0, '']);
      await check(folder, before, ended);
      if (ended) return at;
    }
  }

  /** Every file of the tree is in its place or in the quarantine, whole. */
  function expectWhole(folder: string, before: Map<string, string>): void {
    const after = [...snapshot(folder)];
    for (const [path, bytes] of before) {
      expect(
        after.some(([at, there]) => there === bytes && (at === path || at.startsWith('.tandem-quarantine/'))),
      ).toBe(true);
    }
  }

  it('of a cleanup: the next undo restores everything', async () => {
    const steps = await killedEverywhere('cleanup', async (folder, before) => {
      expectWhole(folder, before);
      expect(await undone(folder)).toMatchObject({ failed: 0, left: {} });
      expect(snapshot(folder)).toEqual(before);
      expect(scratchIn(folder)).toEqual([]);
    });
    expect(steps).toBeGreaterThan(20);
  });

  it('of a cleanup: the next cleanup moves the rest, and both can be undone', async () => {
    await killedEverywhere('cleanup', async (folder, before) => {
      expect(await cleaned(folder)).toMatchObject({ failed: 0, left: {} });
      expectWhole(folder, before);
      expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toEqual([]);
      while (quarantinedRuns(folder).length > 0) await undone(folder);
      expect(snapshot(folder)).toEqual(before);
      expect(scratchIn(folder)).toEqual([]);
    });
  });

  it('of a cleanup while an image comes back: the next undo restores everything', async () => {
    const steps = await killedEverywhere(
      'cleanup',
      async (folder, before, ended) => {
        expectWhole(folder, before);
        if (ended) expect(readdirSync(join(folder, 'sub'))).toEqual(['D.jpg', 'D.json', 'deep']);
        expect(await undone(folder)).toMatchObject({ failed: 0, left: {} });
        for (const [path, text] of before) expect(snapshot(folder).get(path)).toBe(text);
        expect(scratchIn(folder)).toEqual([]);
      },
      'sub/D.json',
    );
    expect(steps).toBeGreaterThan(22);
  });

  it('of an undo: the next one restores everything', async () => {
    const steps = await killedEverywhere('undo', async (folder, before) => {
      expectWhole(folder, before);
      expect(await undone(folder)).toMatchObject({ failed: 0, left: {} });
      // If everything was restored, the next undo has no folder to enter: a dead lock may stay until the next
      // change in its folder.
      const files = [...snapshot(folder)].filter(([path]) => !path.endsWith('/.tandem-lock'));
      expect(new Map(files)).toEqual(before);
      await cleaned(folder);
      await undone(folder);
      expect(snapshot(folder)).toEqual(before);
      expect(scratchIn(folder)).toEqual([]);
    });
    expect(steps).toBeGreaterThan(15);
  });

  it('of a purge: the remaining files can be restored or purged', async () => {
    const steps = await killedEverywhere('purge', async (folder, before) => {
      const left = [...snapshot(folder).keys()].filter((path) => /\d{8}\.json$/.test(path)).length;
      const report = await undone(folder);
      expect(report).toMatchObject({ restored: left, failed: 0 });
      for (const [path, bytes] of snapshot(folder)) expect(before.get(path)).toBe(bytes);
      expect(scratchIn(folder)).toEqual([]);
    });
    expect(steps).toBeGreaterThan(8);
  });
});

describe('a kill at any moment', () => {
  const ROUNDS = Number(process.env['TANDEM_SOAK'] ?? 6);
  /** Another thread ends the process, wherever the first one is. */
  const AT_SOME_MOMENT = `
    import { Worker } from 'node:worker_threads';
    const [folder, operation, ms] = process.argv.slice(1);
    const work = product[operation];
    new Worker('setTimeout(() => process.kill(process.pid, "SIGKILL"), ' + ms + ')', { eval: true }).unref();
    const options = { input: folder, workers: 1, engine: 'typescript', maxShare: 100 };
    for await (const _ of (await work(options)).chunks());`;

  it(`of cleanups and undos, ${ROUNDS} times, loses nothing`, async () => {
    const orphans = Array.from({ length: 600 }, (_, i) => [`f${i % 7}/gone_${i}.json`, SIDECAR] as const);
    const folder = folderWith({ 'A.jpg': 'x', ...Object.fromEntries(orphans) });
    const before = snapshot(folder);
    for (let round = 0; round < ROUNDS; round++) {
      const operation = round % 3 === 2 ? 'undo' : 'cleanup';
      await runModule(AT_SOME_MOMENT, [folder, operation, String(20 + Math.random() * 60)]);
      const inPlace = [...snapshot(folder).keys()].filter((path) => /gone_\d+\.json$/.test(path)).length;
      const stored = [...snapshot(folder).keys()].filter((path) => /\d{8}\.json$/.test(path)).length;
      // A file that is being moved may have both names.
      expect(inPlace + stored - orphans.length === 0 || inPlace + stored - orphans.length === 1).toBe(true);
    }
    // The next run that moves a file out of a folder cleans up after a run that was killed before it did so.
    await cleaned(folder, { maxShare: 100 });
    while (quarantinedRuns(folder).length > 0) await undone(folder);
    expect(snapshot(folder)).toEqual(before);
    expect(scratchIn(folder)).toEqual([]);
  });
});
