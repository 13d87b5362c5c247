import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vitest/config';
import { defineConfig } from 'vitest/config';

/**
 * The tests of one package, named by scripts/mutants.mjs, on the TypeScript engine unless MUTANTS_ENGINE says
 * otherwise: the mutants are TypeScript. A mutant is active in the process of the test, not in processes that
 * the test starts: code that runs only there is not tested.
 */
export default defineConfig({
  root: fileURLToPath(new URL('../../', import.meta.url)),
  ssr: { resolve: { conditions: ['@tandem/source'] } },
  plugins: [forks()],
  test: {
    isolate: false,
    include: (process.env['MUTANTS_TESTS'] ?? '').split(' '),
    env: { TANDEM_ENGINE: process.env['MUTANTS_ENGINE'] ?? 'typescript' },
    testTimeout: 60_000,
    // A test that fails because the machine is busy says nothing about a mutant.
    retry: 1,
  },
});

/** Stryker asks for threads, in which addons are not tried. */
function forks(): Plugin {
  return {
    name: 'forks',
    configureVitest({ project }) {
      project.config.pool = 'forks';
    },
  };
}
