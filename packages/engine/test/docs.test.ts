import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const [block] = /(?<=```ts\n).*?(?=```)/s.exec(readFileSync(join(root, 'docs/engine.md'), 'utf8')) ?? [];
if (block === undefined) throw new Error('docs/engine.md has no TypeScript sample');

// Below the repository, so that '@tandem/engine' is found as it is in a library that depends on it.
const cache = join(root, 'node_modules/.cache');
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, 'docs-engine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const source = join(folder, 'vowels.ts');
writeFileSync(source, block);

test('the library in docs/engine.md runs, without its addon and with it', async () => {
  const outfile = join(folder, 'vowels.mjs');
  const conditions = ['@tandem/source'];
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions,
    external: ['piscina'],
  });
  const addon = join(folder, 'addon.cjs');
  writeFileSync(addon, 'module.exports = { abiVersion: () => 1, vowels: () => 42 };');
  const use = join(folder, 'use.mjs');
  writeFileSync(
    use,
    `import { host, vowels } from ${JSON.stringify(pathToFileURL(outfile).href)};
     console.log(JSON.stringify([vowels('Tandem bike'), vowels('a'.repeat(200)), host.select().engine]));`,
  );
  const { TANDEM_ENGINE: _, ...env } = process.env;
  const run = (more: NodeJS.ProcessEnv): unknown =>
    JSON.parse(
      execFileSync(process.execPath, [use], {
        encoding: 'utf8',
        env: { ...env, XDG_CONFIG_HOME: folder, APPDATA: folder, ...more },
      }),
    );
  expect(run({})).toEqual([4, 200, 'typescript']);
  expect(run({ VOWELS_ADDON: addon })).toEqual([4, 42, 'native']);
  expect(run({ VOWELS_ADDON: addon, TANDEM_ENGINE: 'typescript' })).toEqual([4, 200, 'typescript']);
});

test('it is short', () => {
  const lines = block.trimEnd().split('\n').length;
  expect(lines).toBeGreaterThan(20);
  expect(lines).toBeLessThan(36);
});
