// Installs node_modules from package-lock.json, if the lock has changed since the last time.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand, ROOT, run, say } from './processes.mjs';

const STAMP = join(ROOT, 'node_modules', '.tandem-lock');

export async function installDependencies() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (installed() === wanted) {
    return;
  }
  say('setup: npm ci');
  // dev: NODE_ENV=production would leave out the compiler and the tests. scripts: no package here needs one.
  const flags = ['--include=dev', '--ignore-scripts', '--prefer-offline'];
  const [command, args, options] = npmCommand(['ci', ...flags]);
  const status = await run(command, args, options);
  if (status !== 0) {
    throw new Error(`npm ci ended with status ${status}`);
  }
  writeFileSync(STAMP, wanted);
}

function installed() {
  try {
    return readFileSync(STAMP, 'utf8').trim();
  } catch {
    return null;
  }
}
