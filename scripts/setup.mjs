#!/usr/bin/env node
// From a fresh clone to a working checkout: dependencies, TypeScript and, if cargo is available, the addon.
// `--force` compiles all TypeScript again. TANDEM_WITHOUT_CARGO=1 acts as if there were no cargo.
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { installAddon, removeAddons } from './lib/addon.mjs';
import { bundleCommand } from './lib/bundle.mjs';
import { buildAddon, cargoIsHidden, findCargo } from './lib/cargo.mjs';
import { writeCommonjsTypes } from './lib/commonjs-types.mjs';
import { installDependencies } from './lib/dependencies.mjs';
import { linkOlderNames } from './lib/links.mjs';
import { nodeTool, say } from './lib/processes.mjs';

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const done = setup({ force: process.argv.includes('--force') });
  process.exitCode = await done.then(exitCode, (error) => {
    say(`setup: ${error.message}`);
    return 1;
  });
}

/**
 * Cargo takes longest and needs nothing from the other steps, so it starts first.
 * @returns {Promise<{rust: {state: 'built'|'absent'|'broken', cargo: string|null}, compiled: boolean}>}
 */
export async function setup({ force = false } = {}) {
  const [rust, compiled] = await Promise.all([prepareRust(), prepareTypeScript(force)]);
  linkOlderNames();
  return { rust, compiled };
}

function exitCode({ rust, compiled }) {
  return compiled && rust.state !== 'broken' ? 0 : 1;
}

async function prepareTypeScript(force) {
  await installDependencies();
  const status = await nodeTool('typescript/bin/tsc', force ? ['-b', '--force'] : ['-b']);
  if (status !== 0) return false;
  writeCommonjsTypes();
  await bundleCommand();
  return true;
}

async function prepareRust() {
  const cargo = findCargo();
  if (cargo === null) {
    return withoutRust(cargoIsHidden() ? 'TANDEM_WITHOUT_CARGO is set' : 'cargo not found');
  }
  const build = await buildAddon(cargo);
  if (build.state === 'built') {
    installAddon(build.library);
    return { state: 'built', cargo };
  }
  if (build.state === 'absent') {
    return withoutRust(`cargo cannot build here (${build.reason})`);
  }
  process.stderr.write(build.output);
  removeAddons();
  say('setup: the Rust engine does not compile, see above; the TypeScript engine does all the work');
  return { state: 'broken', cargo };
}

function withoutRust(reason) {
  const removed = removeAddons() ? '; the addon built earlier was removed' : '';
  say(`setup: ${reason}: the TypeScript engine does all the work${removed}`);
  return { state: 'absent', cargo: null };
}
