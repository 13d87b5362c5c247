import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const generated = new URL('./packages/native/generated/', import.meta.url);
const addonBuilt = existsSync(generated) && readdirSync(generated).some((name) => name.endsWith('.node'));
const PRODUCT = ['packages/*/test/**/*.test.ts', 'conformance/**/*.test.ts'];
const engines = addonBuilt ? ['typescript', 'native'] : ['typescript'];

// Tests compare what the command prints, so colors that the caller asks for must not reach it.
delete process.env['FORCE_COLOR'];

/** The same files run once per engine that is there; TANDEM_ENGINE tells a test which one it is on. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@tandem/source'] } },
  test: {
    // Tests that start the command start what is in the sources now.
    globalSetup: ['scripts/lib/bundle-for-tests.mjs'],
    // Vitest leaves one core idle by default; much of the time here goes into waiting for the disk and for children.
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
