import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convert } from '../src/operations/convert.ts';
import { converted, makeTree } from './convert-trees.ts';
import { lostOf, scratchOf, treeOfKinds } from './crash-trees.ts';
import { addon } from './scan-trees.ts';
import { runModule, temporaryFolder, treeOf } from './store-files.ts';

/**
 * The same kills as crash-convert.test.ts on the native engine, which ends its process itself before the step it is told: with one worker, so
 * that the steps come in one order, and with several, so that they do not.
 */
const KILLED = `
  const [input, format, last, workers, durability] = process.argv.slice(-5);
  process.env.TANDEM_STEPS = 'kill:' + last;
  const { convert } = await import(sidecar + '/operations/convert.js');
  const report = await convert({ input, format, engine: 'native', workers: Number(workers), durability });
  for await (const chunk of report.chunks());
  process.stdout.write('whole');`;

const base = temporaryFolder();
const CHILDREN = 4;

interface Kills {
  readonly from: 'json' | 'bin' | 'rkyv';
  readonly to: 'json' | 'bin' | 'rkyv';
  readonly workers: number;
  readonly durability: 'full' | 'none';
}
const KILLS: readonly Kills[] = [
  { from: 'json', to: 'bin', workers: 1, durability: 'full' },
  { from: 'bin', to: 'json', workers: 1, durability: 'none' },
  { from: 'json', to: 'rkyv', workers: 3, durability: 'full' },
];

/** How the tree is brought to its end after a kill: by either engine. */
async function finished(input: string, format: Kills['to'], engine: 'native' | 'typescript'): Promise<void> {
  if (engine === 'typescript') {
    expect((await converted({ input, format })).totals.failed).toBe(0);
    return;
  }
  const report = await convert({ input, format, engine });
  for await (const _ of report.chunks());
  expect(report.totals.failed).toBe(0);
}

describe.skipIf(addon === null).each(KILLS)(
  'the native engine, from $from to $to with $workers workers',
  (kills) => {
    const { from, to, workers, durability } = kills;
    const tree = treeOfKinds(from, to);

    test('loses nothing by a kill before any of its steps, and either engine ends as one that was never killed', async () => {
      const whole = join(base, `${from}-${to}-whole`);
      makeTree(whole, tree);
      await finished(whole, to, 'native');
      const wanted = treeOf(whole);
      expect(scratchOf(wanted)).toEqual([]);
      let steps = Number.POSITIVE_INFINITY;
      let killed = 0;
      let next = 0;
      const worker = async (): Promise<void> => {
        while (next < steps) {
          const last = next++;
          const root = join(base, `${from}-${to}-${last}`);
          makeTree(root, tree);
          const end = await runModule(KILLED, [root, to, String(last), String(workers), durability]);
          expect(end.stderr).toBe('');
          if (end.signal === 'SIGKILL') killed += 1;
          else {
            expect(end.stdout).toBe('whole');
            steps = Math.min(steps, last);
          }
          expect(lostOf(tree, treeOf(root))).toEqual([]);
          await finished(root, to, last % 2 === 0 ? 'native' : 'typescript');
          expect(treeOf(root)).toEqual(wanted);
        }
      };
      await Promise.all(Array.from({ length: CHILDREN }, worker));
      expect(killed).toBe(steps);
      expect(killed).toBeGreaterThan(10);
    });
  },
);
