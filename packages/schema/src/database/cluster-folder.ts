import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeOwnedFolder, removeDeadFolders } from '@tandem/files';
import { type ServerUser, serverUser } from './server-user.ts';

const PREFIX = 'tandem-pg-';
/** The system's limit for the path of a socket is 104 bytes on macOS and 108 on Linux. */
const LONGEST = 104 - '/tandem-pg-123456/.s.PGSQL.5432'.length - 1;

/** Where clusters go: the folder for temporary files, or /tmp where that is too deep for a socket or closed to the server's user. */
function parentFolder(user: ServerUser | null): string {
  const folder = tmpdir();
  const fits = Buffer.byteLength(folder) <= LONGEST;
  return fits && (user === null || isOpen(folder)) ? folder : '/tmp';
}

/** Whether everybody may pass through it: root's own folder for temporary files may be closed to others. */
function isOpen(folder: string): boolean {
  const above = dirname(folder);
  return (statSync(folder).mode & 0o001) !== 0 && (above === folder || isOpen(above));
}

/** A folder for one cluster, that only its user may enter. */
export function makeClusterFolder(user: ServerUser | null): string {
  return makeOwnedFolder(parentFolder(user), PREFIX, user ?? undefined);
}

/** Ends and removes the clusters of runs that are certainly gone. */
export function removeDeadClusters(): void {
  const user = serverUser();
  removeDeadFolders(parentFolder(user), PREFIX, [process.getuid?.(), user?.uid], endServerOf);
}

/** The first lines of postmaster.pid are its process and its data folder. */
function endServerOf(folder: string): void {
  let lines: string[];
  try {
    lines = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return;
  }
  const pid = Number(lines[0]);
  if (!(pid > 1) || lines[1] !== join(folder, 'data')) return;
  // The number may have gone to another process.
  if (commandOf(pid).includes(join(folder, 'data'))) process.kill(pid, 'SIGQUIT');
}

/** The command line of a process; empty where it is gone. */
function commandOf(pid: number): string {
  return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'latin1' }).stdout ?? '';
}
