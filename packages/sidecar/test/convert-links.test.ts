import { readlinkSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ConvertRow, ConvertTotals } from '../src/generated/reports.ts';
import { convert } from '../src/operations/convert.ts';
import { FACE, names, PLAIN, row, treeMaker } from './convert-fixture.ts';
import { stored } from './convert-trees.ts';

/** Links in a tree whose files are renamed: spec/sidecar/convert.md, "A link leads to it". */

const rootWith = treeMaker();

interface Told {
  readonly rows: readonly ConvertRow[];
  readonly totals: ConvertTotals;
}

/** On the engine of this vitest project. */
async function run(input: string, more: object = {}): Promise<Told> {
  const report = await convert({ input, format: 'bin', layout: 'ndjson', workers: 2, ...more });
  const rows: ConvertRow[] = [];
  for await (const one of report.rows()) rows.push(one);
  return { rows, totals: report.totals };
}

/** Makes links; the function that it returns checks that each still leads to a file. */
function linked(root: string, links: Readonly<Record<string, string>>): () => void {
  for (const [name, target] of Object.entries(links)) symlinkSync(target, `${root}/${name}`);
  return () => {
    for (const [name, target] of Object.entries(links)) {
      expect(readlinkSync(`${root}/${name}`), name).toBe(target);
      expect(statSync(`${root}/${name}`).isFile(), name).toBe(true);
    }
  };
}

describe('the target of a link keeps its name', () => {
  test.each([
    ['with a link beside it', 'b/x.json', 'a.json'],
    ['with a link before it in the walk', 'a/x.json', '../b/a.json'],
    ['with a link after it in the walk', 'c/x.json', '../b/a.json'],
    ['with a link in the folder above', 'x.json', 'b/a.json'],
    ['with a link whose name is not a sidecar’s', 'c/current', '../b/a.json'],
    ['with a link through a linked folder', 'c/x.json', 'to-b/a.json'],
    ['with a link through another link', 'a/x.json', '../c/first'],
    ['with an absolute link', 'c/x.json', ''],
  ])('%s', async (_where, name, target) => {
    const root = rootWith({ 'b/a.json': FACE, 'b/z.json': FACE, 'a/y.json': FACE, 'c/y.json': FACE });
    symlinkSync('../b', `${root}/c/to-b`);
    const first = linked(root, { 'c/first': '../b/z.json' });
    const second = linked(root, { [name]: target === '' ? `${root}/b/a.json` : target });
    const leadsToA = target !== '../c/first';
    const { rows, totals } = await run(root);
    for (const [file, is] of [
      ['b/a.json', leadsToA],
      ['b/z.json', true],
    ] as const) {
      const told = is ? { status: 'skipped', reason: 'linked', target_path: null } : { status: 'converted' };
      expect(row(rows, file)).toMatchObject({ ...told, bytes_before: FACE.length });
    }
    expect(totals).toMatchObject({ converted: leadsToA ? 2 : 3, failed: 0 });
    expect(totals.skipped).toMatchObject({ linked: leadsToA ? 2 : 1 });
    first();
    second();
  });

  test('also where the target of the conversion exists, and in a dry run', async () => {
    const root = rootWith({ 'a.json': FACE, 'a.bin': stored(FACE, 'bin') });
    const stillLeads = linked(root, { 'x.json': 'a.json' });
    for (const dryRun of [true, false]) {
      expect(row((await run(root, { dryRun })).rows, 'a.json').reason).toBe('linked');
      expect(names(root)).toEqual(['a.bin', 'a.json']);
    }
    stillLeads();
  });

  test('and is converted where the conversion keeps the name anyway', async () => {
    const root = rootWith({ 'a.json': FACE, 'b.bin': stored(FACE, 'legacy') });
    const stillLeads = linked(root, { 'x.json': 'a.json', 'y.bin': 'b.bin' });
    expect(row((await run(root)).rows, 'b.bin').status).toBe('converted');
    expect(row((await run(root, { keep: true })).rows, 'a.json').status).toBe('converted');
    expect(names(root)).toEqual(['a.bin', 'a.json', 'b.bin']);
    stillLeads();
  });

  test('but links that lead out of the tree, nowhere, to folders and in a circle protect no other file', async () => {
    const folder = rootWith({ 'out.json': FACE, 'tree/a.json': FACE, 'tree/plain.json': PLAIN });
    const root = `${folder}/tree`;
    for (const [name, target] of [
      ['out.json', '../out.json'],
      ['lost.json', 'nowhere'],
      ['round.json', 'round.json'],
      ['up', '..'],
    ] as const)
      symlinkSync(target, `${root}/${name}`);
    const { rows, totals } = await run(root);
    expect(row(rows, 'a.json').status).toBe('converted');
    expect(totals.skipped).toEqual({ not_a_sidecar: 1, link: 1 });
  });
});

test('the former target of a link is converted when the link is gone', async () => {
  const root = rootWith({ 'a.json': FACE });
  symlinkSync('a.json', `${root}/x`);
  expect((await run(root)).totals.converted).toBe(0);
  rmSync(`${root}/x`);
  expect((await run(root)).totals.converted).toBe(1);
});
