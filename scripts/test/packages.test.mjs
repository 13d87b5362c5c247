// What users install: the packages as npm packs them, used from ES modules and from CommonJS, also with an
// older TypeScript.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCommonjsTypes } from '../lib/commonjs-types.mjs';
import { ROOT } from '../lib/processes.mjs';

const PACKAGES = ['engine', 'files', 'json', 'native', 'job', 'sidecar', 'schema', 'infra', 'cli'];
const folder = mkdtempSync(join(tmpdir(), 'tandem-packages-'));
const modules = join(folder, 'node_modules');

const USE = `
import { TandemError } from '@tandem/engine';
import { analyzeLogs } from '@tandem/infra';
import { SchemaBuilder } from '@tandem/schema';
import { SidecarManager } from '@tandem/sidecar';
import { validate } from '@tandem/sidecar/validate';
async function use(): Promise<string | null> {
  const { stoppedBy } = await validate({ input: '.' });
  return TandemError.isTandemError(stoppedBy) ? stoppedBy.code : null;
}
console.log(typeof use, typeof analyzeLogs, typeof SchemaBuilder, typeof new SidecarManager());
`;

beforeAll(() => {
  writeCommonjsTypes();
  mkdirSync(modules);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '@tandem' && !name.startsWith('.'))
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
  unpackAll();
  for (const name of ['use.mts', 'use.cts']) writeFileSync(join(folder, name), USE);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packages', () => {
  it.each(PACKAGES)('%s contains every file that its package.json names', (name) => {
    const home = join(modules, '@tandem', name);
    const { exports, bin = {} } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
    const missing = [...targets(exports), ...Object.values(bin)].filter(
      (path) => !existsSync(join(home, path)),
    );
    expect(missing).toEqual([]);
  });

  it('have types for TypeScript 5.4, in ES modules and in CommonJS', () => {
    const tsc = join(ROOT, 'node_modules', 'typescript-oldest', 'bin', 'tsc');
    const flags = [
      '--strict',
      '--target',
      'es2022',
      '--module',
      'node16',
      '--types',
      'node',
      '--outDir',
      'out',
    ];
    expect(output(process.execPath, [tsc, ...flags, 'use.mts', 'use.cts'])).toBe('');
    for (const file of ['use.mjs', 'use.cjs']) {
      expect(output(process.execPath, [join('out', file)])).toBe('function function function object\n');
    }
  }, 120_000);
});

function unpackAll() {
  const flags = ['--workspaces', '--json', '--ignore-scripts', '--pack-destination', folder];
  const packed = execFileSync('npm', ['pack', ...flags], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
  for (const { name, filename } of JSON.parse(packed)) {
    const home = join(modules, name);
    mkdirSync(home, { recursive: true });
    execFileSync('tar', ['-xzf', join(folder, filename), '-C', home, '--strip-components=1']);
  }
}

/** The files that `exports` names, except those for a checkout. */
function targets(exports) {
  if (typeof exports === 'string') return [exports];
  const named = Object.entries(exports).filter(([condition]) => condition !== '@tandem/source');
  return named.flatMap(([, target]) => targets(target));
}

/** The stdout of a command, or both of its outputs if it fails. */
function output(command, args) {
  try {
    return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return `${error.stdout}${error.stderr}`;
  }
}
