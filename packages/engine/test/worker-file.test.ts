import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { workerFile } from '@tandem/engine';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './counting.ts';

const folder = temporaryFolder();
const href = (...names: string[]): string => pathToFileURL(join(folder, ...names)).href;

describe('the file of a worker', () => {
  test('is beside the module in dist, and in dist for a module in src', () => {
    for (const name of ['src', 'dist']) mkdirSync(join(folder, 'package', name), { recursive: true });
    writeFileSync(join(folder, 'package', 'dist', 'x-worker.js'), '');
    const expected = href('package', 'dist', 'x-worker.js');
    expect(workerFile('x-worker', href('package', 'dist', 'index.js')).href).toBe(expected);
    expect(workerFile('x-worker', href('package', 'src', 'index.ts')).href).toBe(expected);
  });

  test('is beside a bundle, as .js, else as .cjs, else as .mjs', () => {
    mkdirSync(join(folder, 'out'));
    const found = (): string => workerFile('x-worker', href('out', 'program.mjs')).href;
    for (const extension of ['.js', '.cjs', '.mjs'])
      writeFileSync(join(folder, 'out', `x-worker${extension}`), '');
    for (const extension of ['.js', '.cjs', '.mjs']) {
      expect(found()).toBe(href('out', `x-worker${extension}`));
      rmSync(join(folder, 'out', `x-worker${extension}`));
    }
    expect(found()).toBe(href('dist', 'x-worker.js'));
  });
});
