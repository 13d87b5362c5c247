#!/usr/bin/env node
// Generates from the tables of spec/ the files in both engines and the docs, from the options of the command
// its man page and docs, and from the addon's exports their TypeScript declaration. `--check` changes nothing
// and fails if a file is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandFiles } from './generate/commands.mjs';
import { detectionFiles } from './generate/detection.mjs';
import { errorFiles } from './generate/errors.mjs';
import { extensionFiles } from './generate/extensions.mjs';
import { foldFiles } from './generate/fold.mjs';
import { formatFiles, withFormats } from './generate/formats.mjs';
import { limitFiles } from './generate/limits.mjs';
import { nativeFiles } from './generate/native.mjs';
import { reportFiles } from './generate/reports.mjs';
import { rustModules } from './generate/text.mjs';
import { installDependencies } from './lib/dependencies.mjs';

const ROOT = new URL('../', import.meta.url);

await installDependencies();

const isCheck = process.argv.includes('--check');
const errorTables = Object.fromEntries(
  ['cli', 'engine', 'files', 'json', 'sidecar', 'schema', 'infra'].map((name) => [
    name,
    spec(`errors/${name}.json`),
  ]),
);
const formats = spec('sidecar/formats.json');
carry({
  ...errorFiles(errorTables),
  ...limitFiles(spec('limits.json')),
  ...detectionFiles(spec('sidecar/detection.json')),
  ...formatFiles(formats),
  ...extensionFiles(spec('sidecar/extensions.json'), Object.keys(formats.formats)),
  ...reportFiles(withFormats(spec('sidecar/reports.json'), formats)),
  ...foldFiles(spec('sidecar/case-folding.json')),
  'crates/tandem-common/src/generated/mod.rs': rustModules(['error_codes', 'limits']),
  'crates/tandem-json/src/generated/mod.rs': rustModules(['error_codes']),
  'crates/tandem-schema/src/generated/mod.rs': rustModules(['error_codes']),
  'crates/tandem-sidecar/src/generated/mod.rs': rustModules([
    'detection',
    'error_codes',
    'extensions',
    'fold',
    'formats',
    'rows',
  ]),
});
// After the tables, which the sources of the command and of the addon import.
carry({ ...(await commandFiles()), ...(await nativeFiles()) });

/** Writes the stale files, or names them and fails. */
function carry(files) {
  for (const [path, text] of Object.entries(files)) {
    if (current(path) === text) {
      continue;
    }
    if (isCheck) {
      console.error(`${path} is stale: run npm run generate`);
      process.exitCode = 1;
    } else {
      write(path, text);
    }
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

function write(path, text) {
  const target = fileURLToPath(new URL(path, ROOT));
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
  console.log(`wrote ${path}`);
}
