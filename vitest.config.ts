import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const generated = new URL('./packages/native/generated/', import.meta.url);
const addonBuilt = existsSync(generated) && readdirSync(generated).some((name) => name.endsWith('.node'));
const PRODUCT = ['packages/*/test/**/*.test.ts', 'conformance/**/*.test.ts'];
const engines = addonBuilt ? ['typescript', 'native'] : ['typescript'];

// Tests compare the command's output, so a request for colors by the caller must not reach the command.
delete process.env['FORCE_COLOR'];

/** The same files run once per available engine; TANDEM_ENGINE says which one a test runs on. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@tandem/source'] } },
  test: {
    // Tests that start the command must run the current sources.
    globalSetup: ['scripts/lib/bundle-for-tests.mjs'],
    // By default Vitest leaves one core idle; here much of the time is spent waiting for the disk and for
    // child processes.
    maxWorkers: '100%',
    projects: [
      ...engines.map((engine) => project(engine, PRODUCT, { TANDEM_ENGINE: engine })),
      project('scripts', ['scripts/test/*.test.mjs'], {}),
    ],
    coverage: { provider: 'v8' as const, include: ['packages/*/src/**/*.ts'], reporter: ['text-summary'] },
  },
});

function project(name: string, include: string[], env: Record<string, string>) {
  return {
    extends: true as const,
    test: { name, pool: 'forks' as const, isolate: false, testTimeout: 60_000, include, env },
  };
}
