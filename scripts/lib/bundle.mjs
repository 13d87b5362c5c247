// The command in a few files instead of a hundred, as CommonJS: to find and read each file, and to set up its
// loader of ES modules, takes Node longer than most commands run.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from './processes.mjs';

/** Entry points by the folder of their bundle. */
const BUNDLES = {
  'packages/cli/bundle': [
    'packages/cli/src/main.ts',
    'packages/sidecar/src/sidecar-worker.ts',
    'packages/schema/src/pglite-worker.ts',
  ],
  // Separate, because it looks for the addon beside itself.
  'packages/native/bundle': ['packages/native/src/index.ts'],
};
/** Made on demand: it takes a millisecond. */
const URL_OF_FILE =
  "const file = { get url() { return require('node:url').pathToFileURL(__filename).href; } };";

/**
 * Writes the bundles from the sources. Writes only changed files, and removes stale ones last: a command that
 * runs in the meantime keeps its files.
 */
export async function bundleCommand() {
  await Promise.all(Object.entries(BUNDLES).map(([folder, entries]) => bundle(folder, entries)));
}

/** @param below the folder of the bundle, relative to the checkout */
export async function bundle(below, entryPoints) {
  const folder = join(ROOT, below);
  const files = await Promise.all((await split(entryPoints, folder)).map(asCommonJs));
  mkdirSync(folder, { recursive: true });
  for (const { name, text } of files) replace(join(folder, name), text);
  const kept = new Set(files.map(({ name }) => name));
  for (const name of readdirSync(folder)) if (!kept.has(name)) rmSync(join(folder, name), { force: true });
}

/** ES modules, because only those can be split: a command loads no more than it needs. */
async function split(entryPoints, outdir) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints,
    outdir,
    write: false,
    bundle: true,
    splitting: true,
    // Inlines the constants of modules; CommonJS would make variables of them. The difference is 5 % of
    // validate in TypeScript.
    minifySyntax: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@tandem/source'],
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    outExtension: { '.js': '.cjs' },
    // piscina starts a file of its own, libpg-query reads one; @tandem/native is a separate bundle; pg tries
    // to load an optional package.
    external: ['piscina', 'libpg-query', '@tandem/native', 'pg', 'pg-copy-streams', 'pg-connection-string'],
    logLevel: 'error',
  });
  return outputFiles;
}

async function asCommonJs({ path, text }) {
  const { transform } = await import('esbuild');
  const usesUrl = text.includes('import.meta.url');
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // import() would set up the loader of ES modules after all.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'file.url' },
    banner: usesUrl ? URL_OF_FILE : '',
    logLevel: 'error',
  });
  return { name: basename(path), text: code };
}

function replace(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  const scratch = `${path}.${process.pid}.tmp`;
  writeFileSync(scratch, text);
  renameSync(scratch, path);
}
