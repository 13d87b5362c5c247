import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * The start of a process as the system reports it, which distinguishes it from another process with the same
 * number: Linux field 22 of /proc/<pid>/stat (clock ticks since boot), elsewhere seconds since 1970 from
 * `ps`. Null for a process that is gone or is a zombie; 0 if it is alive and its start is unknown (Windows).
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
    // /proc may hide the processes of other users (hidepid), or may not exist.
    return isThere(pid) ? 0 : null;
  }
  // The second field is the program's name in parentheses, and may itself contain parentheses and spaces.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Z: it has ended, and its parent has not waited for it. X: it is ending.
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
    // EPERM: it exists and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
