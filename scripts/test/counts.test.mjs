import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cargoCounts, vitestCounts } from '../lib/counts.mjs';

const folder = mkdtempSync(join(tmpdir(), 'tandem-counts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function report(counts) {
  const path = join(folder, 'report.json');
  writeFileSync(path, JSON.stringify(counts));
  return path;
}

test('the counts of vitest are used', () => {
  expect(vitestCounts(report({ numPassedTests: 5, numFailedTests: 2 }), 1)).toEqual({ passed: 5, failed: 2 });
});

test('a failed run without a failed test counts as one failure', () => {
  expect(vitestCounts(report({ numPassedTests: 5, numFailedTests: 0 }), 1)).toEqual({ passed: 5, failed: 1 });
  expect(vitestCounts(join(folder, 'never-written.json'), 1)).toEqual({ passed: 0, failed: 1 });
});

const CARGO = `test result: ok. 7 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
running 3 tests
test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
`;

test('the results of the cargo test programs are added up', () => {
  expect(cargoCounts(CARGO, 101)).toEqual({ passed: 8, failed: 2 });
});

test('Rust that does not compile counts as one failure', () => {
  expect(cargoCounts('', 101)).toEqual({ passed: 0, failed: 1 });
});
