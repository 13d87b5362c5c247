import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Folders of packages that put each version into one of its own. */
const VERSIONED: readonly (readonly [folder: string, below: string])[] = [
  ['/usr/lib/postgresql', 'bin'],
  ['/usr/lib64/postgresql', 'bin'],
  ['/usr/pgsql', 'bin'],
  ['/opt/homebrew/opt', 'bin'],
  ['/usr/local/opt', 'bin'],
];
const PROGRAMS = ['initdb', 'postgres'];

/** The folder with the programs of a PostgreSQL server, or null: on PATH, else where pg_config says, else the newest of those installed. */
export function findServerBinaries(env: NodeJS.ProcessEnv = process.env): string | null {
  // Its servers need what this does not do: restricted tokens instead of another user.
  if (process.platform === 'win32') return null;
  const onPath = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return onPath.find(isComplete) ?? firstComplete(candidates());
}

function firstComplete(folders: Iterable<string>): string | null {
  for (const folder of folders) if (isComplete(folder)) return folder;
  return null;
}

/** One after another: pg_config is a process. */
function* candidates(): Generator<string> {
  const told = bindir();
  if (told !== null) yield told;
  for (const [folder, below] of VERSIONED) {
    for (const version of versionsIn(folder)) yield join(folder, version, below);
  }
}

function bindir(): string | null {
  try {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    return execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio }).trim();
  } catch {
    return null;
  }
}

/** `17`, `postgresql@17`; newest first. */
function versionsIn(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const versions = names.filter((name) => /^(postgresql@)?\d+(\.\d+)?$/.test(name));
  const number = (name: string): number => Number(name.replace('postgresql@', ''));
  return versions.sort((one, other) => number(other) - number(one));
}

function isComplete(folder: string): boolean {
  return PROGRAMS.every((program) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
