import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Tape } from '../src/json/tape.ts';
import { converted, isWholeSomewhere, makeTree, stored, type Tree, tapeOf } from './convert-trees.ts';
import { runModule, temporaryFolder, treeOf } from './store-files.ts';

/**
 * A process that converts a tree and is killed before its k-th change to the disk, for every k there is. Nothing else tells what a
 * kill leaves: the changes are the real ones, and so is the end (SIGKILL).
 */
const KILLED = `
  const { convertBySteps } = await import(sidecar + '/operations/convert.js');
  const { FileSteps } = await import(sidecar + '/store/file-steps.js');
  const [input, format, last] = process.argv.slice(-3);
  let step = 0;
  const steps = new FileSteps(() => {
    if (step++ === Number(last)) process.kill(process.pid, 'SIGKILL');
  });
  const report = await convertBySteps({ input, format, engine: 'typescript' }, steps);
  for await (const chunk of report.chunks());
  process.stdout.write(String(step));`;

const base = temporaryFolder();
const CHILDREN = 4;

/** Documents whose spelling matters: white space, escapes, numbers that doubles lose, duplicate keys. */
const TEXTS: Readonly<Record<string, string>> = {
  a: '{\n  "sidecar_info": {"operation_type": "face_detection"},\n  "n": 1.0, "n": 12345678901234567890\n}\n',
  'deep/b': '{"yolov8":{"detections":[{"c":"\\u0041\\ud800"}],"tool":"t"}}',
  'deep/c': `{"face_detection":[${'0,'.repeat(2000)}1e999]}`,
};

interface Direction {
  readonly from: 'json' | 'bin' | 'rkyv';
  readonly to: 'json' | 'bin' | 'rkyv';
}
const DIRECTIONS: readonly Direction[] = [
  { from: 'json', to: 'bin' },
  { from: 'bin', to: 'json' },
  { from: 'json', to: 'rkyv' },
];

function treeFor({ from, to }: Direction): Tree {
  const tree = new Map(Object.entries(TEXTS).map(([stem, text]) => [`${stem}.${from}`, stored(text, from)]));
  // One that is its own target, and one that is no sidecar.
  if (to !== 'json') tree.set(`d.${to}`, stored(TEXTS['a'] as string, 'legacy'));
  tree.set('deep/e.json', '{"name":"a package"}');
  return tree;
}

function originals(tree: Tree): Map<string, { tape: Tape; text: string }> {
  const found = new Map<string, { tape: Tape; text: string }>();
  for (const [path, content] of tree) {
    const [stem, extension] = path.split('.') as [string, 'json' | 'bin' | 'rkyv'];
    const text = TEXTS[stem] ?? (stem === 'd' ? (TEXTS['a'] as string) : content);
    found.set(stem, { tape: tapeOf(content, extension) as Tape, text });
  }
  return found;
}

function expectNothingLost(tree: Tree, documents: ReturnType<typeof originals>): void {
  for (const [stem, { tape, text }] of documents) {
    expect(isWholeSomewhere(tree, stem, tape, text), `${stem} is whole in one form`).toBe(true);
  }
}

function leftOvers(tree: Tree): string[] {
  return [...tree.keys()].filter((path) => path.includes('.tandem-'));
}

describe.each(DIRECTIONS)('a convert from $from to $to', (direction) => {
  const { from, to } = direction;
  const tree = treeFor(direction);
  const documents = originals(tree);

  async function undisturbed(): Promise<Tree> {
    const root = join(base, `${from}-${to}-whole`);
    makeTree(root, tree);
    await converted({ input: root, format: to });
    return treeOf(root);
  }

  test('loses nothing by a kill before any of its steps, and the next run ends as one that was never killed', async () => {
    const wanted = await undisturbed();
    expect(leftOvers(wanted)).toEqual([]);
    let steps = Number.POSITIVE_INFINITY;
    let killed = 0;
    let next = 0;
    const worker = async (): Promise<void> => {
      while (next < steps) {
        const last = next++;
        const root = join(base, `${from}-${to}-${last}`);
        makeTree(root, tree);
        const end = await runModule(KILLED, [root, to, String(last)]);
        expect(end.stderr).toBe('');
        if (end.signal === 'SIGKILL') killed += 1;
        else steps = Math.min(steps, Number(end.stdout));
        expectNothingLost(treeOf(root), documents);
        const after = await converted({ input: root, format: to });
        expect(after.totals.failed).toBe(0);
        expect(treeOf(root)).toEqual(wanted);
      }
    };
    await Promise.all(Array.from({ length: CHILDREN }, worker));
    expect(killed).toBe(steps);
    expect(killed).toBeGreaterThan(30);
  });
});

test('random kills, one after another on one tree, lose nothing', async () => {
  const root = join(base, 'soak');
  mkdirSync(root);
  const tree = treeFor({ from: 'json', to: 'bin' });
  const documents = originals(tree);
  makeTree(root, tree);
  const formats = ['bin', 'json'] as const;
  for (let round = 0; round < 16; round++) {
    await runModule(KILLED, [root, formats[round % 2] as string, String(Math.floor(Math.random() * 60))]);
    expectNothingLost(treeOf(root), documents);
  }
  await converted({ input: root, format: 'bin' });
  await converted({ input: root, format: 'json' });
  const end = treeOf(root);
  expect(leftOvers(end)).toEqual([]);
  expectNothingLost(end, documents);
});
