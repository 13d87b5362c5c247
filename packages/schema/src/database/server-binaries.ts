import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Folders in which packages install each version into a folder of its own. */
const VERSIONED: readonly (readonly [folder: string, below: string])[] = [
  ['/usr/lib/postgresql', 'bin'],
  ['/usr/lib64/postgresql', 'bin'],
  ['/usr/pgsql', 'bin'],
  ['/opt/homebrew/opt', 'bin'],
  ['/usr/local/opt', 'bin'],
];
const PROGRAMS = ['initdb', 'postgres'];

/**
 * The folder with the programs of a PostgreSQL server, or null: the one on PATH, otherwise the one that
 * pg_config reports, otherwise the newest installed one.
 */
export function findServerBinaries(env: NodeJS.ProcessEnv = process.env): string | null {
  // Servers on Windows require restricted tokens instead of another user, which is not implemented here.
  if (process.platform === 'win32') return null;
  const onPath = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return onPath.find(isComplete) ?? firstComplete(candidates());
}

function firstComplete(folders: Iterable<string>): string | null {
  for (const folder of folders) if (isComplete(folder)) return folder;
  return null;
}

/** Generated lazily, because pg_config is a separate process. */
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
