import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { moduleUrl } from '@tandem/engine';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from './counting.ts';

const require = createRequire(import.meta.url);
const folder = temporaryFolder();
const bundle = join(folder, 'program.cjs');
await build({
  entryPoints: [fileURLToPath(new URL('../src/module-url.ts', import.meta.url))],
  outfile: bundle,
  bundle: true,
  format: 'cjs',
  platform: 'node',
});

describe('the URL of a module', () => {
  test('is its import.meta.url', () => {
    expect(moduleUrl('file:///home/me/index.js')).toBe('file:///home/me/index.js');
  });

  test('is the file of its bundle, where that is CommonJS', () => {
    expect(require(bundle).moduleUrl(undefined)).toBe(pathToFileURL(bundle).href);
  });

  test('is a file in the working folder, where code is evaluated', () => {
    const module: { exports: { moduleUrl?: typeof moduleUrl } } = { exports: {} };
    new Function('module', 'require', readFileSync(bundle, 'utf8'))(module, require);
    const expected = pathToFileURL(join(process.cwd(), 'bundle.cjs')).href;
    expect(module.exports.moduleUrl?.(undefined)).toBe(expected);
  });
});
