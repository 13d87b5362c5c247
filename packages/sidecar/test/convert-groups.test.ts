import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '@tandem/engine';
import { JOB_STEPS, jobSteps } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import { ConvertSource } from '../src/convert/convert-source.ts';
import type { ConvertRow } from '../src/generated/reports.ts';
import { drain, FACE, meddling, names, PLAIN, requestFor, treeMaker } from './convert-fixture.ts';
import { stored } from './convert-trees.ts';

const rootWith = treeMaker();
/** About one folder with its two files per batch. */
const SMALL = { ...LIMITS, batchWeight: 3 };

function converted(folders: number): Record<string, string> {
  const bin = stored(FACE, 'bin');
  const names = Array.from({ length: folders }, (_, index) => `f${String(index).padStart(4, '0')}`);
  return Object.fromEntries(names.flatMap((name) => ['a', 'b'].map((stem) => [`${name}/${stem}.bin`, bin])));
}

/** The number of rows of a tree whose last folder gets a file when the first batch is handed out. */
async function rowsWithLateFile(root: string, source: ConvertSource): Promise<number> {
  let rows = 0;
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    if (rows === 0) writeFileSync(join(root, 'z/late.json'), FACE);
    rows += batch.items;
  }
  return rows;
}

describe('a tree without anything to convert', () => {
  test('is handed out before its end is reached', async () => {
    const root = rootWith({ ...converted(10), 'z/last.bin': stored(FACE, 'bin') });
    const sizes = { ...SMALL, convertGroupBatches: 3 };
    const source = new ConvertSource(requestFor(root, 'bin'), JOB_STEPS, null, sizes);
    expect(await rowsWithLateFile(root, source)).toBe(22);
  });

  test('is handed out after 64 batches by default', async () => {
    const handedOutEarly = async (folders: number): Promise<boolean> => {
      const root = rootWith({ ...converted(folders), 'z/last.bin': stored(FACE, 'bin') });
      const source = new ConvertSource(requestFor(root, 'bin'), JOB_STEPS, null, SMALL);
      return (await rowsWithLateFile(root, source)) === folders * 2 + 2;
    };
    expect(await handedOutEarly(126)).toBe(false);
    expect(await handedOutEarly(130)).toBe(true);
  });
});

test('the size of groups changes neither rows nor batches', async () => {
  const files = { ...converted(9), 'f0003/c.json': FACE, 'z/d.json': FACE, 'z/e.json': '{' };
  const told = [];
  for (const convertGroupBatches of [1, 2, 64]) {
    const root = rootWith(files);
    const source = new ConvertSource(requestFor(root, 'bin'), JOB_STEPS, null, {
      ...SMALL,
      convertGroupBatches,
    });
    const batches = [];
    for (let batch = await source.next(); batch !== null; batch = await source.next()) {
      const rows = Buffer.from(batch.rows).toString().replaceAll(root, '');
      batches.push([batch.cursor, batch.items, batch.totals, rows]);
    }
    told.push(batches);
  }
  expect(told[1]).toEqual(told[0]);
  expect(told[2]).toEqual(told[0]);
});

test('a run that ends in a defect leaves no staged file and no lock', async () => {
  const root = rootWith({ 'a.json': FACE, 'b.json': FACE, 'c.json': FACE });
  // When the rows of the first file are journaled, the next file is staged.
  const steps = jobSteps(({ what, path }) => {
    const isJournal = what === 'write' && path.includes('journal');
    if (isJournal && existsSync(`${root}/a.bin`)) throw new TypeError('a mistake');
  });
  const sizes = { ...LIMITS, batchWeight: 1, convertGroupFiles: 1, convertGroupBatches: 1 };
  const source = new ConvertSource(requestFor(root, 'bin'), steps, null, sizes);
  await expect(drain(source)).rejects.toThrow('a mistake');
  const left = names(root).filter((name) => !name.includes('journal'));
  expect(left).toEqual(['a.bin', 'a.json', 'b.json', 'c.json']);
});

test('the bytes that were read are counted in each batch', async () => {
  const root = rootWith({ 'a.json': FACE, 'b.json': '{', 'deep/c.json': FACE, 'deep/d.json': PLAIN });
  const source = new ConvertSource(requestFor(root, 'bin'), JOB_STEPS, null, SMALL);
  const bytes: number[] = [];
  for (let batch = await source.next(); batch !== null; batch = await source.next()) bytes.push(batch.bytes);
  expect(bytes.reduce((sum, count) => sum + count, 0)).toBe(2 * FACE.length + 1 + PLAIN.length);
  expect(bytes.every((count) => count >= 0)).toBe(true);
});

test('a cancelled run ends with the current batch, and the rest stays', async () => {
  const files = Array.from({ length: 40 }, (_, index) => [`f${String(index).padStart(2, '0')}/a.json`, FACE]);
  const root = rootWith(Object.fromEntries(files) as Record<string, string>);
  const sizes = { ...SMALL, convertGroupFiles: 4, convertGroupBatches: 2 };
  const source = new ConvertSource(requestFor(root, 'bin'), JOB_STEPS, null, sizes);
  const rows: ConvertRow[] = [];
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    const text = Buffer.from(batch.rows).toString().split('\n');
    rows.push(...text.map((row) => JSON.parse(row) as ConvertRow));
    source.cancel();
  }
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.length).toBeLessThan(20);
  const left = names(root).filter((name) => name.endsWith('.json'));
  expect(left).toEqual(Object.keys(Object.fromEntries(files)).slice(rows.length));
});

test('a folder that another program changes before it is locked is examined again', async () => {
  const root = rootWith({ 'deep/a.json': FACE, 'deep/b.json': FACE });
  const steps = meddling('link', 'deep/.tandem-lock', () => {
    writeFileSync(join(root, 'deep/a.bin'), stored(FACE, 'bin'), 'latin1');
  });
  const source = new ConvertSource(requestFor(root, 'bin'), steps, null, SMALL);
  const rows: ConvertRow[] = [];
  for (let batch = await source.next(); batch !== null; batch = await source.next()) {
    const text = Buffer.from(batch.rows).toString().split('\n');
    rows.push(...text.map((row) => JSON.parse(row) as ConvertRow));
  }
  expect(rows.map(({ status, resumed }) => [status, resumed])).toEqual([
    ['converted', true],
    ['converted', false],
  ]);
});
