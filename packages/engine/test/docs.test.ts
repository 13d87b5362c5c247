import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const [vowels = '', many = ''] =
  readFileSync(join(root, 'docs/engine.md'), 'utf8').match(/(?<=```ts\n).*?(?=```)/gs) ?? [];

// Below the repository, so that '@tandem/engine' is found as in a library that depends on it.
const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'docs-engine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
writeFileSync(join(folder, 'vowels.ts'), vowels);
writeFileSync(join(folder, 'many.ts'), many);
const addon = join(folder, 'addon.cjs');
writeFileSync(addon, 'module.exports = { abiVersion: () => 1, vowels: () => 42 };');

beforeAll(async () => {
  await build({
    stdin: { contents: "export * from './vowels.js'; export * from './many.js';", resolveDir: folder },
    outfile: join(folder, 'library.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@tandem/source'],
    external: ['piscina'],
  });
});

/** The JSON output of a program that uses the library. */
function run(program: string, more: NodeJS.ProcessEnv = {}): unknown {
  const use = join(folder, 'use.mjs');
  writeFileSync(
    use,
    `import { host, vowels, manyVowels } from './library.mjs'; console.log(JSON.stringify(${program}));`,
  );
  const { TANDEM_ENGINE: _, ...env } = process.env;
  const told = execFileSync(process.execPath, [use], {
    encoding: 'utf8',
    env: { ...env, XDG_CONFIG_HOME: folder, APPDATA: folder, ...more },
  });
  return JSON.parse(told);
}

test('a call of the library in docs/engine.md runs without its addon and with it, as its own variables say', () => {
  const calls = "[vowels('Tandem bike'), vowels('a'.repeat(200)), host.select().engine]";
  expect(run(calls)).toEqual([4, 200, 'typescript']);
  expect(run(calls, { VOWELS_ADDON: addon })).toEqual([4, 42, 'native']);
  expect(run(calls, { VOWELS_ADDON: addon, VOWELS_ENGINE: 'typescript' })).toEqual([4, 200, 'typescript']);
  expect(run(calls, { VOWELS_ADDON: addon, TANDEM_ENGINE: 'typescript' })).toEqual([4, 42, 'native']);
});

test('a stream of that library gives batches, and its own error with its hint', () => {
  const stream = (texts: string) =>
    `await (async () => {
      const seen = [];
      try {
        for await (const { counts, cursor } of manyVowels(${texts})) seen.push([counts.length, counts[0], cursor]);
      } catch ({ code, message, hint }) { seen.push([code, message, hint]); }
      return seen;
    })()`;
  const whole = stream("Array(150).fill('aha')");
  expect(run(whole)).toEqual([
    [100, 2, '100'],
    [50, 2, '150'],
  ]);
  expect(run(whole, { VOWELS_ADDON: addon })).toEqual([
    [100, 42, '100'],
    [50, 42, '150'],
  ]);
  const failing = stream("[...Array(120).fill('aha'), 'hm']");
  expect(run(failing)).toEqual([
    [100, 2, '100'],
    ['ERR_VOWELS_NONE', 'text 121 has no vowel', 'leave it out'],
  ]);
});

test('its first part is short', () => {
  const lines = vowels.trimEnd().split('\n').length;
  expect(lines).toBeGreaterThan(20);
  expect(lines).toBeLessThan(36);
});
