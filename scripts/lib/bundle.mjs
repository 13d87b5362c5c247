// The command in a few files instead of a hundred: finding and reading each module costs more than running it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './processes.mjs';

const OUT = join(ROOT, 'packages', 'cli', 'bundle');

/** Writes packages/cli/bundle from the sources. Chunks have their hash in their name, so what is stale goes first. */
export async function bundleCommand() {
  const { build } = await import('esbuild');
  rmSync(OUT, { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['packages/cli/src/main.ts', 'packages/sidecar/src/sidecar-worker.ts'],
    outdir: OUT,
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
}
