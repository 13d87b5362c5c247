import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runModule, temporaryFolder, treeOf } from '../../files/test/store-files.ts';
import { converted, makeTree, type Tree } from './convert-trees.ts';
import { lostOf, scratchOf, treeOfKinds } from './crash-trees.ts';
import { engineUnderTest } from './scan-trees.ts';

/**
 * A process that converts a tree and is killed before its k-th change to the disk, for every k. The changes
 * are real, and so is the kill (SIGKILL): nothing else shows what a kill leaves.
 */
const KILLED = `
  const { convertBySteps, jobSteps } = product;
  const [input, format, engine, durability, last] = process.argv.slice(-5);
  let step = 0;
  const steps = jobSteps(() => {
    if (step++ === Number(last)) process.kill(process.pid, 'SIGKILL');
  });
  const report = await convertBySteps({ input, format, engine, durability }, steps);
  for await (const chunk of report.chunks());
  process.stdout.write(String(step));`;

const base = temporaryFolder();
const CHILDREN = 4;

interface Run {
  readonly from: 'json' | 'bin' | 'rkyv';
  readonly to: 'json' | 'bin' | 'rkyv';
  readonly durability: 'full' | 'none';
}
const RUNS: readonly Run[] = [
  { from: 'json', to: 'bin', durability: 'full' },
  { from: 'bin', to: 'json', durability: 'none' },
  { from: 'json', to: 'rkyv', durability: 'full' },
];

describe.each(RUNS)('a convert from $from to $to', ({ from, to, durability }) => {
  const tree = treeOfKinds(from, to);

  async function undisturbed(): Promise<Tree> {
    const root = join(base, `${from}-${to}-whole`);
    makeTree(root, tree);
    await converted({ input: root, format: to });
    return treeOf(root);
  }

  test('loses nothing by a kill before any of its steps, and the next run ends like an undisturbed one', async () => {
    const wanted = await undisturbed();
    expect(scratchOf(wanted)).toEqual([]);
    let steps = Number.POSITIVE_INFINITY;
    let killed = 0;
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < steps) {
        const last = next++;
        const root = join(base, `${from}-${to}-${last}`);
        makeTree(root, tree);
        const end = await runModule(KILLED, [root, to, engineUnderTest, durability, String(last)]);
        expect(end.stderr).toBe('');
        if (end.signal === 'SIGKILL') killed += 1;
        else steps = Math.min(steps, Number(end.stdout));
        expect(lostOf(tree, treeOf(root))).toEqual([]);
        const engine = last % 2 === 0 ? engineUnderTest : 'typescript';
        const after = await converted({ input: root, format: to, engine });
        expect(after.totals.failed).toBe(0);
        expect(treeOf(root)).toEqual(wanted);
      }
    };
    await Promise.all(Array.from({ length: CHILDREN }, worker));
    expect(killed).toBe(steps);
    expect(killed).toBeGreaterThan(20);
  });
});

test('random kills, one after another on one tree, lose nothing', async () => {
  const root = join(base, 'soak');
  mkdirSync(root);
  const tree = treeOfKinds('json', 'bin');
  makeTree(root, tree);
  const formats = ['bin', 'json'] as const;
  for (let round = 0; round < 16; round++) {
    await runModule(KILLED, [
      root,
      formats[round % 2] as string,
      engineUnderTest,
      'full',
      String(Math.floor(Math.random() * 60)),
    ]);
    expect(lostOf(tree, treeOf(root))).toEqual([]);
  }
  await converted({ input: root, format: 'bin' });
  await converted({ input: root, format: 'json' });
  const end = treeOf(root);
  expect(scratchOf(end)).toEqual([]);
  expect(lostOf(tree, end)).toEqual([]);
});
