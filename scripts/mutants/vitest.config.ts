import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * The tests of one package, named by scripts/mutants.mjs, on the TypeScript engine: what is changed here is TypeScript. Stryker's own runner for
 * Vitest uses threads, in which no addon is tried; forks get the mutant by the environment.
 */
export default defineConfig({
  root: fileURLToPath(new URL('../../', import.meta.url)),
  ssr: { resolve: { conditions: ['@tandem/source'] } },
  test: {
    pool: 'forks',
    isolate: false,
    include: [process.env['MUTANTS_TESTS'] ?? ''],
    env: { TANDEM_ENGINE: 'typescript' },
    testTimeout: 60_000,
    // A test that fails because the machine is busy tells nothing of a mutant.
    retry: 2,
  },
});
