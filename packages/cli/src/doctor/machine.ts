import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { platformTriple } from '@tandem/native';
import type { Check } from './check.ts';

const NEEDED = '^20.19 || >=22.12';
const CARGO_SECONDS = 10;

/** Checks Node, the platform, cargo and the folders, which Tandem cannot change. */
export function machineChecks(env: NodeJS.ProcessEnv): Check[] {
  return [
    nodeCheck(process.versions.node),
    ...certificateCheck(env),
    platformCheck(),
    cargoCheck(env),
    ...folderChecks(),
  ];
}

/** Checks whether Tandem is tested on this version of Node. */
export function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  const text = `${version} (${process.execPath})`;
  if (fits) return { name: 'node', state: 'ok', text };
  return { name: 'node', state: 'problem', text: `${text} is not ${NEEDED}`, cure: `install Node ${NEEDED}` };
}

function certificateCheck(env: NodeJS.ProcessEnv): Check[] {
  const file = env['NODE_EXTRA_CA_CERTS'];
  // Later versions read the file when they first need it.
  if (!file || Number(process.versions.node.split('.')[0]) >= 22) return [];
  return [
    {
      name: 'start time',
      state: 'note',
      text: `NODE_EXTRA_CA_CERTS is set (${file}): Node 20 reads those certificates at every start, 35 ms and more`,
      cure: 'unset it for Tandem, which uses no network, or use Node 22',
    },
  ];
}

function platformCheck(): Check {
  const { platform, arch } = process;
  return { name: 'platform', state: 'ok', text: `${platform} ${arch}, addons are named ${platformTriple()}` };
}

/** Cargo is only needed to build the addon in a checkout, so Tandem works without it. */
function cargoCheck(env: NodeJS.ProcessEnv): Check {
  const name = process.platform === 'win32' ? 'cargo.exe' : 'cargo';
  const byRustup = join(env['CARGO_HOME'] || join(homedir(), '.cargo'), 'bin', name);
  for (const [command, where] of [
    [name, 'on PATH'],
    [byRustup, `in ${byRustup}, which is not on PATH`],
  ] as const) {
    if (command === byRustup && !existsSync(byRustup)) continue;
    const { status, stdout, stderr, error } = spawnSync(command, ['--version'], {
      encoding: 'utf8',
      timeout: CARGO_SECONDS * 1000,
      env,
    });
    if (status === 0) return { name: 'cargo', state: 'ok', text: `${stdout.trim()}, ${where}` };
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') continue;
    const details = [error?.message ?? '', ...(stderr ?? '').split('\n')].filter((line) => line !== '');
    return { name: 'cargo', state: 'note', text: `${where}, but it does not work`, details };
  }
  return {
    name: 'cargo',
    state: 'note',
    text: 'not found; it is only needed to build the native engine in a checkout',
    cure: "install it from https://rustup.rs and run 'npm run build'",
  };
}

function folderChecks(): Check[] {
  return [folderCheck('current folder', currentFolder()), folderCheck('temp folder', tmpdir())];
}

function folderCheck(name: string, folder: string | null): Check {
  if (folder === null) {
    return {
      name,
      state: 'note',
      text: 'it no longer exists, so relative paths cannot work',
      cure: 'cd to an existing folder',
    };
  }
  const lacking = [
    ['read', constants.R_OK],
    ['searched', constants.X_OK],
    ['written to', constants.W_OK],
  ].flatMap(([word, mode]) => (allowed(folder, mode as number) ? [] : [word as string]));
  if (lacking.length === 0) return { name, state: 'ok', text: `${folder}, readable and writable` };
  return {
    name,
    state: 'note',
    text: `${folder} cannot be ${lacking.join(', ')}`,
    cure: 'reports with --output, convert and cleanup need write permission in their folder',
  };
}

function currentFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

function allowed(folder: string, mode: number): boolean {
  try {
    accessSync(folder, mode);
    return true;
  } catch {
    return false;
  }
}
