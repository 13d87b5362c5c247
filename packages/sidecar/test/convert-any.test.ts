import { join } from 'node:path';
import { sameTokens, type Tape } from '@tandem/json';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryFolder, treeOf } from '../../files/test/store-files.ts';
import { names } from './convert-fixture.ts';
import { converted, makeTree, type Tree, tapeOf } from './convert-trees.ts';

const base = temporaryFolder();

const document = fc
  .tuple(fc.json({ stringUnit: 'binary', maxDepth: 4 }), fc.constantFrom('', ' ', '\n  '))
  .map(([json, space]) =>
    Buffer.from(`{"sidecar_info":{},"face_detection":${space}${json}${space}}`).toString('latin1'),
  );
const trees = fc
  .dictionary(fc.constantFrom('a', 'b', 'c-1', 's/a', 's/é', 's/t/x'), document, { maxKeys: 6 })
  .map(
    (files): Tree =>
      new Map(
        Object.entries(files).map(([stem, text]) => [`${Buffer.from(stem).toString('latin1')}.json`, text]),
      ),
  );

describe('any tree', () => {
  const root = join(base, 'any');
  const ordered = (tree: Tree): Tree => new Map([...tree].sort(([one], [other]) => (one < other ? -1 : 1)));

  test('comes back from bin byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        makeTree(root, tree);
        const there = await converted({ input: root, format: 'bin', durability: 'none' });
        expect(there.totals).toMatchObject({ converted: tree.size, failed: 0, respelled: 0 });
        expect(names(root).every((name) => name.endsWith('.bin'))).toBe(true);
        await converted({ input: root, format: 'json', durability: 'none' });
        expect(treeOf(root)).toEqual(ordered(tree));
      }),
      { numRuns: 40 },
    );
  });

  test('comes back from rkyv token for token', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        makeTree(root, tree);
        await converted({ input: root, format: 'rkyv', durability: 'none' });
        await converted({ input: root, format: 'json', durability: 'none' });
        const back = treeOf(root);
        expect([...back.keys()]).toEqual([...ordered(tree).keys()]);
        for (const [path, text] of tree) {
          expect(
            sameTokens(tapeOf(text, 'json') as Tape, tapeOf(back.get(path) as string, 'json') as Tape),
          ).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});
