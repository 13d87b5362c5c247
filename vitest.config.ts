import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/lib/longest-first.mjs';
import { SCRATCH } from './scripts/lib/scratch-for-tests.mjs';

const generated = new URL('./packages/native/generated/', import.meta.url);
const addonBuilt = existsSync(generated) && readdirSync(generated).some((name) => name.endsWith('.node'));
const PRODUCT = ['packages/*/test/**/*.test.ts', 'conformance/**/*.test.ts'];
/** What runs no engine. These files run once; there is no engine `neither`, so a test that needs one fails. */
const WITHOUT_ENGINE = [
  'packages/{engine,json,job}/test/**/*.test.ts',
  'packages/files/test/{*,locks/folder-locks,locks/lock-races}.test.ts',
  'packages/cli/test/{color,completions,line-difference,option-flags,schema-revision,usage}.test.ts',
  'packages/schema/test/{config-*,definitions,explain,header,lexer-steps}.test.ts',
  'packages/schema/test/{order-by-need,read-needs,select-files,sql-*,tree-hash}.test.ts',
  'packages/sidecar/test/{convert-{groups,locks,resume},document,document-steps,enter-folder,error-codes}.test.ts',
  'packages/sidecar/test/{formats*,finish-interrupted,is-as-read,manifest}.test.ts',
  'packages/sidecar/test/{orphan-proof,ownership,splice,summary,write-new}.test.ts',
];
/** What is written once, in TypeScript, and uses an engine only on the way. These files do not run again on the addon. */
const WRITTEN_ONCE = [
  'packages/cli/test/{progress,sidecar-text}.test.ts',
  'packages/cli/test/schema-{annotations,kill,outputs}.test.ts',
  'packages/sidecar/test/crash-cleanup.test.ts',
];

// Tests compare what the command prints, so colors that the caller asks for must not reach it.
delete process.env['FORCE_COLOR'];

/** The same files run once per available engine; TANDEM_ENGINE tells a test which one it is on. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@tandem/source'] } },
  test: {
    // Tests that start the command start what is in the sources now.
    globalSetup: ['scripts/lib/bundle-for-tests.mjs', 'scripts/lib/scratch-for-tests.mjs'],
    // Much of the time goes into waiting for the disk and for children.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: [
      project('typescript', PRODUCT, WITHOUT_ENGINE),
      ...(addonBuilt ? [project('native', PRODUCT, [...WITHOUT_ENGINE, ...WRITTEN_ONCE])] : []),
      project('neither', WITHOUT_ENGINE),
      project('scripts', ['scripts/test/*.test.mjs']),
    ],
    coverage: { provider: 'v8' as const, include: ['packages/*/src/**/*.ts'], reporter: ['text-summary'] },
  },
});

function project(name: string, include: string[], exclude: string[] = []) {
  const env = { ...(name === 'scripts' ? {} : { TANDEM_ENGINE: name }), TMPDIR: SCRATCH };
  const pool = 'forks' as const;
  return {
    extends: true as const,
    test: { name, pool, isolate: false, testTimeout: 60_000, include, exclude, env },
  };
}
