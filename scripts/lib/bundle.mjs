// The command in a few files instead of a hundred: finding and reading each module costs more than running it.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './processes.mjs';

const OUT = join(ROOT, 'packages', 'cli', 'bundle');

/**
 * Writes packages/cli/bundle from the sources. Only what changed is written, and what is stale goes last: a command that runs
 * meanwhile keeps its files.
 */
export async function bundleCommand() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['packages/cli/src/main.ts', 'packages/sidecar/src/sidecar-worker.ts'],
    outdir: OUT,
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@tandem/source'],
    entryNames: '[name]',
    chunkNames: '[name]-[hash]',
    // piscina starts a file of its own; @tandem/native looks for the addon beside itself.
    external: ['piscina', '@tandem/native'],
    logLevel: 'error',
  });
  mkdirSync(OUT, { recursive: true });
  for (const { path, contents } of outputFiles) replace(path, contents);
  const kept = new Set(outputFiles.map(({ path }) => path));
  for (const name of readdirSync(OUT))
    if (!kept.has(join(OUT, name))) rmSync(join(OUT, name), { force: true });
}

function replace(path, contents) {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  const scratch = `${path}.${process.pid}.tmp`;
  writeFileSync(scratch, contents);
  renameSync(scratch, path);
}
