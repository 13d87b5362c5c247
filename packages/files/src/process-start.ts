import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process was started, as its system says, for telling it from another that has got its number: Linux field 22 of
 * /proc/<pid>/stat (clock ticks since the system's start), elsewhere seconds since 1970 from `ps`.
 * Null for a process that is gone or dead and not yet buried; 0 where it lives and nobody says since when (Windows).
 */
export function processStart(pid: number): number | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (process.platform === 'linux') return startOnLinux(pid);
  if (!isThere(pid)) return null;
  return process.platform === 'win32' ? 0 : startByPs(pid);
}

function startOnLinux(pid: number): number | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    // /proc may hide the processes of others (hidepid), or not be there at all.
    return isThere(pid) ? 0 : null;
  }
  // The second field is the program's name in brackets, and may hold brackets and spaces itself.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Z: it has ended, and its parent has not asked yet. X: it is ending.
  if (state === 'Z' || state === 'X') return null;
  return Number(rest[18]);
}

function startByPs(pid: number): number {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { env, encoding: 'latin1' });
  const seconds = Date.parse(`${stdout ?? ''} UTC`) / 1000;
  return Number.isFinite(seconds) ? seconds : 0;
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
