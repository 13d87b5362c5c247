import type { FileStep } from '@tandem/files';
import { jobSteps } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import type { ConvertOptions } from '../src/operations/convert.ts';
import { FACE, names, treeMaker } from './convert-fixture.ts';
import { converted, stored } from './convert-trees.ts';
import { PowerModel } from './power-model.ts';
import { engineUnderTest } from './scan-trees.ts';

const rootWith = treeMaker();
const FILES_TO = {
  bin: {
    'a.json': FACE,
    'b.bin': stored(FACE, 'legacy'),
    'deep/c.json': FACE,
    'deep/er/d.rkyv': stored(FACE, 'rkyv'),
    // Left by an interrupted run; it may never have been synced.
    'deep/e.json': FACE,
    'deep/e.bin': stored(FACE, 'bin'),
  },
  rkyv: { 'a.json': FACE, 'b.rkyv': stored(FACE, 'legacy'), 'deep/c.bin': stored(FACE, 'bin') },
};
const FOUND = { bin: ['deep/e.bin'], rkyv: [] };

type Options = Omit<ConvertOptions, 'layout'>;

/** A step at its begin, and at its end if other steps are possible in between. */
interface Logged extends FileStep {
  readonly when: 'begun' | 'over' | 'at once';
}

const LASTING: readonly FileStep['what'][] = ['stage', 'sync-system'];

async function logged(options: Options): Promise<Logged[]> {
  const log: Logged[] = [];
  const begun = (step: FileStep): unknown =>
    log.push({ ...step, when: LASTING.includes(step.what) ? 'begun' : 'at once' });
  const { totals } = await converted(
    options,
    jobSteps(begun, (step) => log.push({ ...step, when: 'over' })),
  );
  expect(totals.failed).toBe(0);
  return log;
}

function play(log: readonly Logged[], model: PowerModel): void {
  for (const { when, ...step } of log) {
    if (when !== 'over') model.begin(step);
    if (when !== 'begun') model.end(step);
  }
}

function expectAllSafe(model: PowerModel, root: string, format: string): void {
  expect(names(root).every((name) => name.endsWith(`.${format}`))).toBe(true);
  expect(model.safe).toEqual(
    names(root)
      .map((name) => `${root}/${name}`)
      .sort(),
  );
}

describe('a power failure at any moment', () => {
  const engine = engineUnderTest;

  test.each(['bin', 'rkyv'] as const)('loses nothing on the way to %s', async (format) => {
    const root = rootWith(FILES_TO[format]);
    const model = new PowerModel(
      format,
      FOUND[format].map((name) => `${root}/${name}`),
    );
    play(await logged({ input: root, format, engine }), model);
    expect(model.removed.length).toBe(format === 'bin' ? 4 : 2);
    expectAllSafe(model, root, format);
  });

  test('is not guarded against without durability: nothing is synced', async () => {
    const log = await logged({ input: rootWith(FILES_TO.bin), format: 'bin', durability: 'none', engine });
    expect(log.filter(({ what }) => what.startsWith('sync'))).toEqual([]);
  });

  test.skipIf(engine === 'typescript')(
    'loses nothing while one group is staged and another is synced',
    async () => {
      // More than a group of 4,096 files.
      const files = Array.from({ length: 4700 }, (_, n) => [`d${n % 3}/${n}.json`, FACE]);
      const root = rootWith(Object.fromEntries(files) as Record<string, string>);
      const model = new PowerModel('bin');
      const log = await logged({ input: root, format: 'bin', workers: 2, engine });
      play(log, model);
      expect(model.removed.length).toBe(files.length);
      expectAllSafe(model, root, 'bin');
      const begun = log.findIndex(({ what }) => what === 'sync-system');
      const staged = log.findIndex(({ what, when }, at) => at > begun && what === 'stage' && when === 'over');
      expect(staged, 'files were staged when the sync began, else this test shows nothing').toBeGreaterThan(
        begun,
      );
    },
  );
});
