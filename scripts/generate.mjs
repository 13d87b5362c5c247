#!/usr/bin/env node
// Carries the tables of spec/ over into both engines and the docs, the options of the command into its man page and docs, and what the
// addon exports into TypeScript. `--check` changes nothing and fails where a file is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandFiles } from './generate/commands.mjs';
import { detectionFiles } from './generate/detection.mjs';
import { errorFiles } from './generate/errors.mjs';
import { extensionFiles } from './generate/extensions.mjs';
import { foldFiles } from './generate/fold.mjs';
import { limitFiles } from './generate/limits.mjs';
import { nativeFiles } from './generate/native.mjs';
import { rustModules } from './generate/text.mjs';
import { installDependencies } from './lib/dependencies.mjs';

const ROOT = new URL('../', import.meta.url);

await installDependencies();

const files = {
  ...errorFiles(spec('error-codes.json')),
  ...limitFiles(spec('limits.json')),
  ...detectionFiles(spec('sidecar/detection.json')),
  ...extensionFiles(spec('sidecar/extensions.json')),
  ...foldFiles(spec('sidecar/case-folding.json')),
  'crates/tandem-common/src/generated/mod.rs': rustModules(['error_codes', 'limits']),
  'crates/tandem-sidecar/src/generated/mod.rs': rustModules(['detection', 'extensions', 'fold']),
  ...(await commandFiles()),
  ...(await nativeFiles()),
};
const stale = Object.keys(files).filter((path) => current(path) !== files[path]);

if (process.argv.includes('--check')) {
  for (const path of stale) {
    console.error(`${path} is stale: run npm run generate`);
  }
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const path of stale) {
    write(path);
  }
}

function spec(path) {
  return JSON.parse(readFileSync(new URL(`spec/${path}`, ROOT), 'utf8'));
}

function current(path) {
  try {
    return readFileSync(new URL(path, ROOT), 'utf8');
  } catch {
    return null;
  }
}

function write(path) {
  const target = fileURLToPath(new URL(path, ROOT));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, files[path]);
  console.log(`wrote ${path}`);
}
