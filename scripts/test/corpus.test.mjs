import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeCorpus } from '../../bench/corpus.mjs';

const folder = mkdtempSync(join(tmpdir(), 'tandem-corpus-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function filesOf(dir) {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return entries.map((entry) => join(entry.parentPath, entry.name)).sort();
}

function contentsOf(dir) {
  return filesOf(dir).map((path) => [path.slice(dir.length), readFileSync(path, 'latin1')]);
}

test('the same seed makes the same bytes, and another seed makes others', () => {
  const options = { images: 60, perFolder: 20, mix: 'all', broken: 0.3 };
  const truths = ['one', 'two'].map((name) => makeCorpus(join(folder, name), { ...options, seed: 5 }));
  makeCorpus(join(folder, 'other'), { ...options, seed: 6 });
  expect(truths[0]).toEqual(truths[1]);
  expect(contentsOf(join(folder, 'one'))).toEqual(contentsOf(join(folder, 'two')));
  expect(contentsOf(join(folder, 'one'))).not.toEqual(contentsOf(join(folder, 'other')));
});

test('the reported counts match the files', () => {
  const dir = join(folder, 'truth');
  const truth = makeCorpus(dir, { images: 400, perFolder: 50, broken: 0.2, uncovered: 0.1 });
  const sidecars = filesOf(dir).filter((path) => ['.json', '.bin'].includes(extname(path)));
  const invalid = sidecars.filter((path) => !isJson(readFileSync(path)));
  expect(truth.images).toBe(400 - truth.broken.orphan);
  expect(sidecars).toHaveLength(truth.sidecars);
  expect(truth.sidecars).toBe(truth.covered + truth.broken.orphan);
  expect(filesOf(dir)).toHaveLength(truth.images + truth.sidecars);
  expect(invalid).toHaveLength(truth.invalid);
  expect(sidecars.reduce((sum, path) => sum + readFileSync(path).length, 0)).toBe(truth.bytes);
});

test('it refuses a folder that is not empty', () => {
  const dir = join(folder, 'full');
  makeCorpus(dir, { images: 1 });
  expect(() => makeCorpus(dir, { images: 1 })).toThrow('is not empty');
});

function isJson(bytes) {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}
