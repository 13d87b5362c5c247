import { tandemHost } from '@tandem/job';
import type { NativeAddon } from '@tandem/native';
import { describe, expect, test } from 'vitest';
import { treeOf } from '../../files/test/store-files.ts';
import { convertOperation } from '../src/convert/convert-operation.ts';
import type { ConvertRow } from '../src/generated/reports.ts';
import { FACE, PLAIN, requestFor, treeMaker } from './convert-fixture.ts';
import { stored, type Tree } from './convert-trees.ts';
import { addon } from './scan-trees.ts';

/**
 * The addon fails at its k-th call, for every k, and the host falls back to TypeScript: rows and tree must
 * equal those of an undisturbed run.
 */
const FILES = {
  'a.json': FACE,
  'broken.json': '{',
  'b.json': FACE,
  'package.json': PLAIN,
  'deep/c.json': FACE,
  'deep/d.rkyv': stored(FACE, 'rkyv'),
  'deep/e.bin': stored(FACE, 'bin'),
  'deep/e.json': FACE,
  'deep/er/f.json': FACE,
  'deep/er/g.json': FACE,
};

interface Told {
  readonly rows: readonly ConvertRow[];
  readonly tree: Tree;
  readonly fallbacks: number;
}

/** Wraps the addon's calls for convert; `fails` says which ones throw, before or after their work. */
function failing(real: NativeAddon, fails: (call: number) => 'before' | 'after' | null): NativeAddon {
  let calls = 0;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    const when = fails(calls++);
    if (when === 'before') throw new Error('the addon fails');
    const done = await work();
    if (when === 'after') throw new Error('the addon fails');
    return done;
  };
  return {
    ...real,
    stageFiles: (request) => guarded(() => real.stageFiles(request)),
    syncSystem: (descriptor) => guarded(() => real.syncSystem(descriptor)),
  };
}

describe.skipIf(addon === null)('an addon that fails at any of its calls', () => {
  const rootWith = treeMaker();

  async function run(
    engine: 'auto' | 'typescript',
    more: object,
    fails: Parameters<typeof failing>[1] = () => null,
  ): Promise<Told> {
    const root = rootWith(FILES);
    const request = requestFor(root, 'bin', more);
    const operation = convertOperation();
    const stream = tandemHost().stream(
      {
        ...operation,
        native: (real: NativeAddon, ...rest) => operation.native(failing(real, fails), ...rest),
      },
      request,
      { engine, workers: 2 },
    );
    const rows: ConvertRow[] = [];
    for await (const batch of stream) {
      const text = Buffer.from(batch.rows).toString().replaceAll(root, '');
      rows.push(...text.split('\n').map((row) => JSON.parse(row) as ConvertRow));
    }
    const tree = [...treeOf(root)].filter(([path]) => !path.startsWith('.tandem-journal-'));
    return { rows, tree: new Map(tree), fallbacks: stream.fallbacks.length };
  }

  test.each([{}, { keep: true }, { volatile: true }])('does not change the outcome: %j', async (more) => {
    const wanted = await run('typescript', more);
    let count = 0;
    await run('auto', more, () => {
      count += 1;
      return null;
    });
    expect(count).toBeGreaterThan(0);
    for (let last = 0; last < count; last++) {
      for (const when of ['before', 'after'] as const) {
        const told = await run('auto', more, (call) => (call === last ? when : null));
        expect({ ...told, fallbacks: 0 }, `${when} call ${last}`).toEqual(wanted);
      }
    }
    // Without syncs of whole file systems, files are synced one by one, and no work is repeated.
    const told = await run('auto', more, (call) => (call === 0 ? 'after' : null));
    expect(told.fallbacks).toBe(1);
  });
});
