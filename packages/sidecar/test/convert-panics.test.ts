import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  type ConvertOptions,
  type ConvertRow,
  type ConvertTotals,
  convert,
} from '../src/operations/convert.ts';
import { FACE, PLAIN, treeMaker } from './convert-fixture.ts';
import { makeTree, stored } from './convert-trees.ts';
import { addon } from './scan-trees.ts';
import { temporaryFolder, treeOf } from './store-files.ts';

/**
 * The native engine panics at its k-th change to the disk, for every k there is, and TypeScript goes on: from the journal, or from the
 * tree as it was left. Rows, totals and tree are those of a run that was not disturbed.
 */

const TREE = new Map(
  Object.entries({
    'a.json': FACE,
    'broken.json': '{',
    'package.json': PLAIN,
    'deep/c.json': FACE,
    'deep/d.rkyv': stored(FACE, 'rkyv'),
    'deep/e.bin': stored(FACE, 'bin'),
    'deep/e.json': FACE,
    'deep/er/f.json': FACE,
  }),
);
/** Of two batches. */
const MANY = new Map(Array.from({ length: 560 }, (_, n) => [`d${n % 3}/${n}.json`, FACE]));

interface Told {
  readonly rows: readonly ConvertRow[];
  readonly totals: ConvertTotals;
  readonly fellBack: boolean;
  readonly tree: ReadonlyMap<string, string>;
}

async function run(
  input: string,
  tree: ReadonlyMap<string, string>,
  instrument: string,
  options: Partial<ConvertOptions> = {},
): Promise<Told> {
  makeTree(input, tree);
  if (instrument !== '') process.env['TANDEM_STEPS'] = instrument;
  try {
    const report = await convert({ input, format: 'bin', engine: 'auto', layout: 'ndjson', ...options });
    const rows: ConvertRow[] = [];
    for await (const row of report.rows<ConvertRow>()) rows.push(row);
    return { rows, totals: report.totals, fellBack: report.fallbacks.length > 0, tree: treeOf(input) };
  } finally {
    delete process.env['TANDEM_STEPS'];
  }
}

async function atEveryStep(
  instrument: string,
  tree: ReadonlyMap<string, string>,
  options: Partial<ConvertOptions>,
  compare: (told: Told, wanted: Told, step: number) => void,
): Promise<void> {
  const root = treeMaker()({});
  const wanted = await run(root, tree, '', { ...options, engine: 'typescript' });
  const log = `${temporaryFolder()}/steps`;
  await run(root, tree, `log:${log}`, options);
  const steps = readFileSync(log, 'latin1').match(/^begun/gm)?.length ?? 0;
  expect(steps).toBeGreaterThan(12);
  let fellBack = 0;
  for (let step = 0; step < steps; step++) {
    const told = await run(root, tree, `${instrument}:${step}`, options);
    compare(told, wanted, step);
    fellBack += told.fellBack ? 1 : 0;
  }
  // A sync that panics has synced nothing, and files are synced one by one then.
  expect(fellBack).toBeGreaterThanOrEqual(steps - 2);
}

/** What may differ where nothing can be taken back: a target that stays is found again, and is a file of its own for who looks anew. */
function asTaken(rows: readonly ConvertRow[]): ConvertRow[] {
  const taken = rows.filter(
    ({ file_path, reason }) => reason !== 'already' && !file_path.endsWith('/own.bin'),
  );
  return taken.map((row) => ({ ...row, resumed: false }));
}

describe.skipIf(addon === null)('a panic of the native engine at any of its steps', () => {
  test.each([
    { workers: 1 },
    { workers: 3 },
    { workers: 1, keep: true },
    { workers: 1, durability: 'none' },
  ] as const)('changes nothing: %j', async (options) => {
    await atEveryStep('panic', TREE, options, (told, wanted, step) => {
      expect(told.tree, `step ${step}`).toEqual(wanted.tree);
      expect(told.rows, `step ${step}`).toEqual(wanted.rows);
      expect(told.totals).toEqual(wanted.totals);
    });
  });

  test('and at all after it loses nothing', async () => {
    const tree = new Map([...TREE, ['own.bin', stored(FACE, 'legacy')]]);
    await atEveryStep('panic-from', tree, { workers: 1 }, (told, wanted, step) => {
      expect(told.tree, `step ${step}`).toEqual(wanted.tree);
      expect(asTaken(told.rows), `step ${step}`).toEqual(asTaken(wanted.rows));
      expect(told.totals.failed).toBe(wanted.totals.failed);
    });
  });

  test('in a tree of two batches changes nothing', async () => {
    const root = treeMaker()({});
    const wanted = await run(root, MANY, '', { engine: 'typescript', durability: 'none' });
    const [placed, removed] = [560 * 3, 560 * 4];
    // While it stages and places; between the lines of the journal; in the middle of the removals, and before the last of them.
    for (const step of [1000, placed + 2, placed + 100, removed + 2]) {
      const options = { workers: 2, durability: 'none' } as const;
      const told = await run(root, MANY, `panic:${step}`, options);
      expect(told.fellBack).toBe(true);
      expect(told.tree, `step ${step}`).toEqual(wanted.tree);
      expect(told.rows, `step ${step}`).toEqual(wanted.rows);
      expect(told.totals).toEqual(wanted.totals);
    }
  });
});
