#!/usr/bin/env node
// Do the tests notice when the code is wrong? Makes many small changes to the code and runs the tests against
// each: minutes per file, a night for all.
// `npm run mutants -- packages/engine/src/come-to-rest.ts` mutates one file, `come-to-rest.ts:10-20` some of
// its lines; without arguments it mutates SOURCES, the code that must not be wrong. MUTANTS_TESTS names the
// tests to run, separated by spaces, instead of all tests of the package; MUTANTS_ENGINE=native runs them
// with the addon. scripts/mutants/survivors.md lists the mutants that survive.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findCargo, runCargo } from './lib/cargo.mjs';
import { capture, npmCommand, ROOT, run, say } from './lib/processes.mjs';

const HOME = join(ROOT, 'scripts', 'mutants');
const STRYKER = join(HOME, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
const SOURCES = [
  'packages/engine/src/**/*.ts',
  'packages/files/src/**/*.ts',
  'packages/job/src/**/*.ts',
  'packages/json/src/**/*.ts',
  'packages/sidecar/src/store/**/*.ts',
  'packages/sidecar/src/convert/**/*.ts',
  'crates/tandem-sidecar/src/convert/**/*.rs',
  'crates/tandem-sidecar/src/formats/**/*.rs',
  'crates/tandem-common/src/new_file/**/*.rs',
];

const given = process.argv.slice(2);
const wanted = given.length > 0 ? given : SOURCES;
const statuses = [];
for (const [folder, files] of byFolder(wanted.filter((file) => /\.ts(?::\d+-\d+)?$/.test(file)))) {
  statuses.push(await mutateTypeScript(folder, files));
}
for (const [folder, files] of byFolder(wanted.filter((file) => file.endsWith('.rs')))) {
  statuses.push(await mutateRust(folder, files));
}
if (statuses.length === 0) {
  say('mutants: name files of packages/ or crates/, or none for all');
}
process.exitCode = statuses.length === 0 || statuses.some((status) => status !== 0) ? 1 : 0;

/**
 * In place, because a copied package would import the packages of this checkout; Stryker restores the files,
 * also after Ctrl-C.
 */
async function mutateTypeScript(folder, files) {
  const { stdout } = await capture('git', ['status', '--porcelain', '--', folder]);
  if (stdout !== '') {
    say(`mutants: commit or stash what is changed in ${folder} first: files are changed in their place`);
    return 1;
  }
  if (!existsSync(STRYKER)) {
    const [npm, args, options] = npmCommand(['ci', '--ignore-scripts', '--prefer-offline']);
    const status = await run(npm, args, { ...options, cwd: HOME });
    if (status !== 0) {
      return status;
    }
  }
  const mutate = [...files, `!${folder}/src/generated/**`].join(',');
  const env = { MUTANTS_TESTS: `${folder}/test/**/*.test.ts`, ...process.env };
  const config = join(HOME, 'stryker.config.json');
  return run(process.execPath, [STRYKER, 'run', config, '--mutate', mutate], { env });
}

async function mutateRust(folder, files) {
  const cargo = findCargo();
  if (cargo === null || (await runCargo(cargo, ['mutants', '--version'])).status !== 0) {
    say(`mutants: ${folder} is left out: cargo install --locked cargo-mutants`);
    return 0;
  }
  const chosen = files.flatMap((file) => ['--file', file]);
  const tests = ['**/tests.rs', '**/tests/**', '**/instruments.rs'].flatMap((file) => ['--exclude', file]);
  const { status } = await runCargo(
    cargo,
    ['mutants', '--dir', folder, '--output', 'target', ...chosen, ...tests],
    {
      echo: true,
    },
  );
  return status;
}

/** Files by package or crate; Map.groupBy needs Node 21. */
function byFolder(files) {
  const folders = new Map();
  for (const file of files) {
    const folder = file.split('/').slice(0, 2).join('/');
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  return folders;
}
