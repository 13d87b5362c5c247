#!/usr/bin/env node
// Runs all tests, once per available engine. The last line is always `N passed, N failed`. Arguments go to
// vitest (`npm test -- packages/engine`) and leave out the Rust tests. `npm test -- --native` alone runs what
// needs cargo: the tests on the native engine, and the Rust tests.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCargo } from './lib/cargo.mjs';
import { cargoCounts, vitestCounts } from './lib/counts.mjs';
import { nodeTool, say } from './lib/processes.mjs';
import { setup } from './setup.mjs';

const args = process.argv.slice(2);
const onlyNative = args.length === 1 && args[0] === '--native';
const chosen = onlyNative ? ['--project', 'native'] : args;
const withRust = onlyNative || args.length === 0;
const results = await testAll().catch((error) => {
  say(`test: ${error.message}`);
  return [{ passed: 0, failed: 1 }];
});
const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
console.log(`${passed} passed, ${failed} failed`);

async function testAll() {
  const { rust, compiled } = await setup();
  const results = [
    oneStep('tsc -b', compiled),
    oneStep('the Rust engine', rust.state !== 'broken'),
    await testTypeScript(),
  ];
  if (rust.state !== 'absent' && withRust) {
    results.push(await testRust(rust.cargo));
  }
  return results;
}

/** A step of the setup is not a test; it is counted only if it fails. */
function oneStep(name, succeeded) {
  if (!succeeded) {
    say(`test: ${name} does not compile, counted as one failure`);
  }
  return { passed: 0, failed: succeeded ? 0 : 1 };
}

async function testTypeScript() {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-test-'));
  const report = join(folder, 'vitest.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const status = await nodeTool('vitest/vitest.mjs', ['run', ...reporters, ...chosen], {
      stdio: 'inherit',
    });
    return vitestCounts(report, status);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Without tandem-node: it links against Node and has no tests of its own; conformance/ tests it from outside.
 */
async function testRust(cargo) {
  const args = ['test', '--workspace', '--exclude', 'tandem-node', '--no-fail-fast', '--locked'];
  const { status, stdout } = await runCargo(cargo, args, { echo: true });
  return cargoCounts(stdout, status);
}
