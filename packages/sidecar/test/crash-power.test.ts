import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileStep, FileSteps } from '@tandem/files';
import { describe, expect, test } from 'vitest';
import { type ConvertOptions, convert } from '../src/operations/convert.ts';
import { FACE, names, treeMaker } from './convert-fixture.ts';
import { converted, stored } from './convert-trees.ts';
import { PowerModel, type PowerStep } from './power-model.ts';
import { addon } from './scan-trees.ts';

const rootWith = treeMaker();
const FILES_TO = {
  bin: {
    'a.json': FACE,
    'b.bin': stored(FACE, 'legacy'),
    'deep/c.json': FACE,
    'deep/er/d.rkyv': stored(FACE, 'rkyv'),
    // What an interrupted run left: it may never have been synced.
    'deep/e.json': FACE,
    'deep/e.bin': stored(FACE, 'bin'),
  },
  rkyv: { 'a.json': FACE, 'b.rkyv': stored(FACE, 'legacy'), 'deep/c.bin': stored(FACE, 'bin') },
};
const FOUND = { bin: ['deep/e.bin'], rkyv: [] };

type Options = Omit<ConvertOptions, 'engine' | 'layout'>;

async function logged(options: Options): Promise<FileStep[]> {
  const log: FileStep[] = [];
  await converted(options, new FileSteps((step) => log.push(step)));
  return log;
}

/** A step as it begins, and as it is over: with several threads another one may come between. */
interface Logged extends PowerStep {
  readonly when: string;
}

/** The log that the native engine writes itself. */
async function loggedNatively(options: Options): Promise<Logged[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-log-'));
  const path = join(folder, 'steps');
  process.env['TANDEM_STEPS'] = `log:${path}`;
  try {
    const report = await convert({ ...options, engine: 'native', layout: 'ndjson' });
    for await (const _ of report.chunks());
    expect(report.totals.failed).toBe(0);
    return readFileSync(path, 'latin1').split('\n').slice(0, -1).map(asStep);
  } finally {
    delete process.env['TANDEM_STEPS'];
    rmSync(folder, { recursive: true });
  }
}

function asStep(line: string): Logged {
  const [when = '', what = '', path = '', to = ''] = line.split('\t');
  const word = what.replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase() as PowerStep['what'];
  return { when, what: word, path: word === 'sync-folder' ? `${path}/` : path, to };
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
  test.each(['bin', 'rkyv'] as const)('loses nothing on the way to %s', async (format) => {
    const root = rootWith(FILES_TO[format]);
    const model = new PowerModel(
      format,
      FOUND[format].map((name) => `${root}/${name}`),
    );
    for (const step of await logged({ input: root, format })) model.take(step);
    expect(model.removed.length).toBe(format === 'bin' ? 4 : 2);
    expectAllSafe(model, root, format);
  });

  test('is another matter without durability: then nothing is synced', async () => {
    const log = await logged({ input: rootWith(FILES_TO.bin), format: 'bin', durability: 'none' });
    expect(log.filter(({ what }) => what === 'sync' || what === 'sync-folder')).toEqual([]);
  });
});

describe.skipIf(addon === null)('a power failure at any moment of the native engine', () => {
  function held(log: readonly Logged[], model: PowerModel): void {
    for (const step of log) step.when === 'begun' ? model.begin(step) : model.end(step);
  }

  test.each(['bin', 'rkyv'] as const)('loses nothing on the way to %s', async (format) => {
    for (const workers of [1, 3]) {
      const root = rootWith(FILES_TO[format]);
      const model = new PowerModel(
        format,
        FOUND[format].map((name) => `${root}/${name}`),
      );
      held(await loggedNatively({ input: root, format, workers }), model);
      expect(model.removed.length).toBe(format === 'bin' ? 4 : 2);
      expectAllSafe(model, root, format);
    }
  });

  test('loses nothing while one group is staged and another is synced', async () => {
    // More than a group of 4,096 files.
    const files = Array.from({ length: 4700 }, (_, n) => [`d${n % 3}/${n}.json`, FACE]);
    const root = rootWith(Object.fromEntries(files) as Record<string, string>);
    const model = new PowerModel('bin');
    const log = await loggedNatively({ input: root, format: 'bin', workers: 2 });
    held(log, model);
    expect(model.removed.length).toBe(files.length);
    expectAllSafe(model, root, 'bin');
    const syncs = log.flatMap(({ what, when }, at) => (what === 'sync-system' ? [{ when, at }] : []));
    const isOverlapped = syncs.some(
      ({ when, at }, nth) => when === 'begun' && (syncs[nth + 1]?.at ?? at) > at + 1,
    );
    expect(isOverlapped, 'something was done during a sync, else this test shows nothing').toBe(true);
  });

  test('is another matter without durability: then nothing is synced', async () => {
    const root = rootWith(FILES_TO.bin);
    const log = await loggedNatively({ input: root, format: 'bin', durability: 'none' });
    expect(log.filter(({ what }) => what.startsWith('sync'))).toEqual([]);
  });
});
