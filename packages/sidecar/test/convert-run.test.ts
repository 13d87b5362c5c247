import { newRun, scratchName } from '@tandem/files';
import { jobSteps, tandemHost } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import { lockText } from '../../files/src/locks/lock-file.ts';
import { runModule, treeOf } from '../../files/test/store-files.ts';
import { type ConvertOptions, convert } from '../src/operations/convert.ts';
import { FACE, names, PLAIN, treeMaker } from './convert-fixture.ts';
import { converted, stored } from './convert-trees.ts';

const rootWith = treeMaker();

describe('a dry run', () => {
  test('writes nothing, and reports what the run then does', async () => {
    const files = {
      'a.json': FACE,
      'b.json': PLAIN,
      'c.json': '{',
      'd.bin': stored(FACE, 'bin'),
      'd.json': FACE,
      'e.bin': stored(PLAIN, 'bin'),
      'e.json': FACE,
      'f.bin': stored(FACE, 'legacy'),
      'g.JSON': FACE,
      'g.json': FACE,
      'sub/h.rkyv': stored(FACE, 'rkyv'),
    };
    for (const format of ['bin', 'json', 'rkyv'] as const) {
      for (const keep of [false, true]) {
        const root = rootWith(files);
        const before = treeOf(root);
        const steps = jobSteps(() => {
          throw new Error('a dry run writes nothing');
        });
        const dry = await converted({ input: root, format, keep, dryRun: true }, steps);
        expect(treeOf(root)).toEqual(before);
        const real = await converted({ input: root, format, keep });
        const wouldBe = dry.rows.map((one) => ({
          ...one,
          status: one.status === 'would_convert' ? 'converted' : one.status,
        }));
        expect(wouldBe).toEqual(real.rows);
        expect(dry.totals).toEqual(real.totals);
      }
    }
  });
});

describe('a run', () => {
  test('removes the scratch of dead runs, and nothing of live ones', async () => {
    const { host, scope, pid, started } = newRun();
    const dead = `${host}-${scope}-${pid}-${started + 1}-r00000000`;
    const alive = newRun().id;
    // Nothing here can tell whether this run is alive, but if it had staged files here it would also hold the
    // folder's lock.
    const elsewhere = `elsewhere-s0-${pid}-${started}-r00000000`;
    const root = rootWith({
      'a.json': FACE,
      [scratchName(dead, 1)]: 'x',
      [`sub/${scratchName(dead, 2)}`]: 'x',
      'sub/b.json': FACE,
      // The walk finds no sidecar there any more.
      [`empty/folder/${scratchName(dead, 3)}`]: 'x',
      [scratchName(alive, 1)]: 'x',
      [scratchName(elsewhere, 1)]: 'x',
      [`sub/${scratchName(elsewhere, 2)}`]: 'x',
      [`empty/folder/${scratchName(elsewhere, 3)}`]: 'x',
      // From a killed take-over, and from one in progress.
      [`sub/.tandem-lock-${dead}`]: lockText(
        { ...newRun(), pid, started: started + 1, id: dead },
        { operation: 'lock' },
      ),
      [`sub/.tandem-lock-${elsewhere}`]: lockText(newRun(), { operation: 'lock' }),
      [scratchName(elsewhere, 0)]: 'x',
      [`.tandem-journal-${dead}`]: '',
      [`.tandem-journal-${elsewhere}`]: '',
      '.tandem-lock-something.json': '',
    });
    await converted({ input: root, format: 'bin' });
    expect(names(root)).toEqual([
      scratchName(elsewhere, 0),
      '.tandem-lock-something.json',
      scratchName(alive, 1),
      'a.bin',
      `sub/.tandem-lock-${elsewhere}`,
      'sub/b.bin',
    ]);
  });

  test('holds the lock: another process gets ERR_TANDEM_LOCKED or finds nothing to convert', async () => {
    const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`f${index}.json`, FACE]));
    const root = rootWith(files);
    const source = `
      const { convert } = product;
      while (Date.now() < Number(process.argv.at(-1)));
      try {
        const report = await convert({ input: process.argv.at(-2), format: 'bin', engine: 'typescript' });
        const { converted } = await report.collect();
        process.stdout.write(String(converted));
      } catch (error) { process.stdout.write(error.code); }`;
    const at = String(Date.now() + 500);
    const ends = await Promise.all([0, 1, 2].map(() => runModule(source, [root, at])));
    const told = ends.map(({ stdout }) => stdout).sort();
    expect(told.filter((one) => one === '300')).toHaveLength(1);
    for (const one of told) expect(['0', '300', 'ERR_TANDEM_LOCKED']).toContain(one);
    expect(names(root).every((name) => name.endsWith('.bin'))).toBe(true);
  });

  test('that is left early finishes its current work, releases its lock, and leaves nothing behind', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 1200 }, (_, index) => [`d${index >> 8}/f${index}.json`, FACE]),
    );
    const root = rootWith(files);
    const report = await convert({ input: root, format: 'bin', engine: 'typescript', layout: 'ndjson' });
    for await (const _ of report.rows()) break;
    expect(names(root).some((name) => name.includes('.tandem-'))).toBe(false);
    expect(names(root)).toHaveLength(1200);
    await converted({ input: root, format: 'bin' });
  });

  test('that is aborted gives a whole report', async () => {
    const root = rootWith(
      Object.fromEntries(Array.from({ length: 1200 }, (_, index) => [`f${index}.json`, FACE])),
    );
    const controller = new AbortController();
    const { rows, stoppedBy } = await converted({
      input: root,
      format: 'bin',
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(stoppedBy).toBe('ERR_TANDEM_ABORTED');
    expect(names(root).filter((name) => name.endsWith('.bin'))).toHaveLength(rows.length);
    expect(names(root).some((name) => name.includes('.tandem-'))).toBe(false);
  });

  test('gives a report', async () => {
    const root = rootWith({ 'a.json': FACE, 'b.json': PLAIN });
    const report = await convert({ input: root, format: 'bin', engine: 'typescript' });
    expect(await report.collect()).toMatchObject({
      directory: root,
      format: 'bin',
      total_files: 2,
      converted: 1,
      skipped: 1,
      failed: 0,
      reasons: { not_a_sidecar: 1 },
      passed_over: {},
      bytes_before: FACE.length,
      respelled: 0,
      dry_run: false,
      complete: true,
    });
  });

  test.each([
    [{ format: 'xml' }, 'ERR_TANDEM_UNKNOWN_FORMAT_NAME'],
    [{ legacyLayout: true, format: 'json' }, 'ERR_TANDEM_BAD_OPTION'],
    [{ durability: 'some' }, 'ERR_TANDEM_BAD_OPTION'],
    [{ layout: 'csv' }, 'ERR_TANDEM_BAD_OPTION'],
    [{ keep: 'yes' }, 'ERR_TANDEM_BAD_OPTION'],
    [{ maxSize: 0 }, 'ERR_TANDEM_BAD_OPTION'],
    [{ maxDepth: 1.5 }, 'ERR_TANDEM_BAD_OPTION'],
    [{ workers: 0 }, 'ERR_TANDEM_BAD_OPTION'],
    [{ timeout: -1 }, 'ERR_TANDEM_BAD_OPTION'],
    [{ engine: 'fast' }, 'ERR_TANDEM_BAD_OPTION'],
    [{ operationType: 'nonsense' }, 'ERR_TANDEM_UNKNOWN_OPERATION'],
    [{ input: '/nowhere/at/all' }, 'ERR_TANDEM_INPUT_MISSING'],
    [{ input: undefined }, 'ERR_TANDEM_BAD_OPTION'],
  ])('refuses %j before any work', async (wrong, code) => {
    const root = rootWith({ 'a.json': FACE });
    const options = { input: root, format: 'bin', engine: 'typescript', ...wrong } as ConvertOptions;
    await expect(convert(options)).rejects.toMatchObject({ code });
    expect(names(root)).toEqual(['a.json']);
  });
});

describe('on the engine of this test run', () => {
  test('auto converts, with and without an addon', async () => {
    const root = rootWith({ 'a.json': FACE });
    const report = await convert({ input: root, format: 'bin', engine: 'auto' });
    expect(await report.collect()).toMatchObject({ converted: 1, failed: 0 });
    expect(names(root)).toEqual(['a.bin']);
    expect(tandemHost().performanceInfo().operations['sidecar.convert']).toBeDefined();
  });
});
