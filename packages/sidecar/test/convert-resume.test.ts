import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FileSteps, JournalReader, JournalWriter } from '@tandem/files';
import { JOB_STEPS, jobSteps } from '@tandem/job';
import type { RowBatch } from '@tandem/native';
import { describe, expect, test } from 'vitest';
import { temporaryFolder, treeOf } from '../../files/test/store-files.ts';
import { ConvertSource } from '../src/convert/convert-source.ts';
import type { GroupSizes } from '../src/convert/group-planner.ts';
import { madeWhereItGoesOn } from '../src/convert/replay.ts';
import type { ConvertRow } from '../src/generated/reports.ts';
import { requestFor } from './convert-fixture.ts';
import { makeTree, stored, type Tree } from './convert-trees.ts';

const base = temporaryFolder();
const SMALL: GroupSizes = {
  batchWeight: 2,
  convertGroupFiles: 4,
  convertGroupBatches: 64,
  convertGroupBytes: 1 << 20,
};
const TEXT = '{"face_detection":[1.0],\n"n":1}';

async function all(source: ConvertSource): Promise<RowBatch[]> {
  const batches: RowBatch[] = [];
  for (let batch = await source.next(); batch !== null; batch = await source.next()) batches.push(batch);
  return batches;
}

function rowsOf(batches: readonly RowBatch[]): string[] {
  return batches.flatMap(({ rows }) => (rows.length === 0 ? [] : Buffer.from(rows).toString().split('\n')));
}

function sums(batches: readonly RowBatch[]): Record<string, number> {
  const added: Record<string, number> = {};
  for (const { totals } of batches) {
    for (const [name, value] of Object.entries(JSON.parse(totals) as Record<string, unknown>)) {
      if (typeof value === 'number') added[name] = (added[name] ?? 0) + value;
    }
  }
  return added;
}

function withoutJournal(tree: Tree): Tree {
  return new Map([...tree].filter(([path]) => !path.startsWith('.tandem-journal-')));
}

/** An engine that fails before a step: every later step fails too, including those that would clean up. */
function failing(last: number): { steps: FileSteps; failed: () => boolean } {
  let step = 0;
  const steps = jobSteps(() => {
    if (step++ >= last) throw new Error('the engine failed');
  });
  return { steps, failed: () => step > last };
}

const TREE: Tree = new Map(
  ['a', 'b', 'c', 'sub/a', 'sub/b', 'sub/c', 'z/c\xff'].map((stem) => [`${stem}.bin`, stored(TEXT, 'bin')]),
);

describe('an engine that resumes after another', () => {
  test.each([false, true])(
    'hands out every row once, whatever the other has done (keep: %s)',
    async (keep) => {
      const whole = join(base, `whole-${keep}`);
      makeTree(whole, TREE);
      const undisturbed = await all(
        new ConvertSource(requestFor(whole, 'json', { keep }), undefined, null, SMALL),
      );
      const wantedTree = withoutJournal(treeOf(whole));
      const shownUnder = (root: string, rows: readonly string[]): ConvertRow[] =>
        rows.map((row) => JSON.parse(row.replaceAll(root, '')) as ConvertRow);
      const wanted = shownUnder(whole, rowsOf(undisturbed)).map(({ file_path_bytes, ...row }) => row);

      let cases = 0;
      for (let last = 0, failed = true; failed; last++) {
        for (const lost of [0, 1, 2]) {
          const root = join(base, `failing-${keep}`);
          makeTree(root, TREE);
          const request = requestFor(root, 'json', { keep });
          const end = failing(last);
          const handedOut: RowBatch[] = [];
          const native = new ConvertSource(request, end.steps, null, SMALL);
          try {
            for (let batch = await native.next(); batch !== null; batch = await native.next())
              handedOut.push(batch);
          } catch (error) {
            expect((error as Error).message).toBe('the engine failed');
          }
          failed = end.failed();
          if (!failed) break;
          // Batches that the other engine had ready and did not hand out are in the journal.
          handedOut.splice(Math.max(0, handedOut.length - lost));
          const after = handedOut.at(-1)?.cursor ?? '';
          const rest = await all(new ConvertSource({ ...request, after }, undefined, null, SMALL));
          const rows = shownUnder(root, rowsOf([...handedOut, ...rest]));
          // A target that was placed but not journaled now counts as a file of its own.
          const told = rows
            .filter(({ from, reason }) => !(reason === 'already' && from === 'json'))
            .map(({ file_path_bytes, ...row }) => ({ ...row, resumed: false }));
          if (keep) {
            const paths = (some: readonly { file_path: string }[]): string[] =>
              some.map((row) => row.file_path);
            expect(paths(told)).toEqual(paths(wanted));
          } else {
            expect(told).toEqual(wanted);
            expect(sums([...handedOut, ...rest])).toMatchObject({ converted: TREE.size, failed: 0 });
          }
          expect(withoutJournal(treeOf(root))).toEqual(wantedTree);
          cases += 1;
        }
      }
      expect(cases).toBeGreaterThan(80);
    },
  );

  test('corrects a journaled row whose source has changed since', async () => {
    const root = join(base, 'amended');
    makeTree(root, TREE);
    const request = requestFor(root, 'json');
    await all(new ConvertSource(request, undefined, null, SMALL));
    // As if the other engine had failed after journaling and before removing, and another program wrote the
    // source in between.
    const changed = stored('{"face_detection":[2]}', 'bin');

    writeFileSync(`${root}/b.bin`, changed, 'latin1');
    writeFileSync(`${root}/c.bin`, stored(TEXT, 'bin'), 'latin1');
    const batches = await all(new ConvertSource(request, undefined, null, SMALL));
    const rows = rowsOf(batches).map((row) => JSON.parse(row) as ConvertRow);
    const row = (name: string): ConvertRow =>
      rows.find(({ file_path }) => file_path === `${root}/${name}`) as ConvertRow;
    expect(row('b.bin')).toMatchObject({ status: 'failed', error_code: 'ERR_TANDEM_TARGET_EXISTS' });
    expect(row('c.bin')).toMatchObject({ status: 'converted' });
    expect(sums(batches)).toMatchObject({ items: TREE.size, converted: TREE.size - 1, failed: 1 });
    const tree = treeOf(root);
    expect(tree.get('b.bin')).toBe(changed);
    expect(tree.has('c.bin')).toBe(false);
  });

  test('counts a corrected batch by its new rows', async () => {
    const root = join(base, 'counted');
    // White space, which an archive does not keep: all files are respelled.
    makeTree(root, new Map(['a', 'b', 'c', 'd'].map((stem) => [`${stem}.json`, TEXT])));
    const request = requestFor(root, 'rkyv');
    const sizes = { ...SMALL, batchWeight: 64 };
    await all(new ConvertSource(request, undefined, null, sizes));
    writeFileSync(`${root}/a.json`, '{"face_detection":[2.5]}');
    writeFileSync(`${root}/b.json`, '{"face_detection":');
    const batches = await all(new ConvertSource(request, undefined, null, sizes));
    const rows = rowsOf(batches).map((row) => JSON.parse(row) as ConvertRow);
    expect(rows.map(({ status }) => status)).toEqual(['failed', 'failed', 'converted', 'converted']);
    const done = rows.filter(({ status }) => status === 'converted');
    const sum = (key: 'bytes_before' | 'bytes_after'): number =>
      done.reduce((total, row) => total + (row[key] ?? 0), 0);
    expect(sums(batches)).toEqual({
      items: 4,
      converted: 2,
      failed: 2,
      invalid: 1,
      bytes_before: sum('bytes_before'),
      bytes_after: sum('bytes_after'),
      respelled: 2,
    });
    expect(sum('bytes_before')).toBe(2 * TEXT.length);
  });

  test('does nothing for finished rows: failed ones and, with keep, converted ones', async () => {
    const failed = join(base, 'failed');
    makeTree(failed, new Map([...TREE, ['b.json', '{"face_detection":[9]}']]));
    const request = requestFor(failed, 'json');
    await all(new ConvertSource(request, undefined, null, SMALL));
    rmSync(`${failed}/b.json`);
    const rows = rowsOf(await all(new ConvertSource(request, undefined, null, SMALL)));
    const again = rows.map((row) => JSON.parse(row) as ConvertRow);
    expect(again.find(({ file_path }) => file_path === `${failed}/b.bin`)).toMatchObject({
      status: 'failed',
    });
    expect([treeOf(failed).has('b.bin'), treeOf(failed).has('b.json')]).toEqual([true, false]);

    const kept = join(base, 'kept');
    makeTree(kept, TREE);
    const keeping = requestFor(kept, 'json', { keep: true });
    const before = rowsOf(await all(new ConvertSource(keeping, undefined, null, SMALL)));
    // The reported row stays, although the file would fail now.
    writeFileSync(`${kept}/b.json`, '{"face_detection":[9]}');
    expect(rowsOf(await all(new ConvertSource(keeping, undefined, null, SMALL)))).toEqual(before);
  });

  test('knows the targets that were made in the current folder, in all batches of it', () => {
    const root = '/photos';
    const request = requestFor(root, 'json');
    const path = join(base, 'made');
    const writer = new JournalWriter(path, JOB_STEPS);
    const batches = [
      ['early/a.bin', 'sub/a.bin'],
      ['sub/b.bin', 'sub/c.bin'],
      ['sub/d.bin', 'sub/e.bin'],
    ];
    for (const [batch, names] of batches.entries()) {
      const cursor = Buffer.from(names.at(-1) as string, 'latin1').toString('base64');
      const rows = names.map((name) => {
        const status = name.endsWith('d.bin') ? 'skipped' : 'converted';
        return JSON.stringify({ file_path: `${root}/${name}`, status });
      });
      writer.write({ batch, cursor, totals: '{}', bytes: 0, rows });
    }
    writer.close();
    const reader = new JournalReader(path);
    const made = madeWhereItGoesOn(request, reader, Buffer.from('sub/e.bin').toString('base64'));
    expect([made.folder, [...made.names].sort()]).toEqual(['sub/', ['a.json', 'b.json', 'c.json', 'e.json']]);
  });
});
