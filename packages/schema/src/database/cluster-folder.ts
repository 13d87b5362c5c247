import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeOwnedFolder, removeDeadFolders } from '@tandem/files';
import { type ServerUser, serverUser } from './server-user.ts';

const PREFIX = 'tandem-pg-';
/** The system limits the path of a socket to 104 bytes on macOS and 108 bytes on Linux. */
const LONGEST = 104 - '/tandem-pg-123456/.s.PGSQL.5432'.length - 1;

/**
 * The parent folder of clusters: the folder for temporary files, or /tmp if that path is too long for a
 * socket or not accessible to the server's user.
 */
function parentFolder(user: ServerUser | null): string {
  const folder = tmpdir();
  const fits = Buffer.byteLength(folder) <= LONGEST;
  return fits && (user === null || isOpen(folder)) ? folder : '/tmp';
}

/**
 * Whether every user may pass through the folder: root's own folder for temporary files may be closed to
 * others.
 */
function isOpen(folder: string): boolean {
  const above = dirname(folder);
  return (statSync(folder).mode & 0o001) !== 0 && (above === folder || isOpen(above));
}

/** Creates a folder for one cluster, which only its user may enter. */
export function makeClusterFolder(user: ServerUser | null): string {
  return makeOwnedFolder(parentFolder(user), PREFIX, user ?? undefined);
}

/** Stops and removes the clusters of runs that are certainly dead. */
export function removeDeadClusters(): void {
  const user = serverUser();
  removeDeadFolders(parentFolder(user), PREFIX, [process.getuid?.(), user?.uid], endServerOf);
}

/** The first lines of postmaster.pid are the process ID and the data folder. */
function endServerOf(folder: string): void {
  let lines: string[];
  try {
    lines = readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return;
  }
  const pid = Number(lines[0]);
  if (!(pid > 1) || lines[1] !== join(folder, 'data')) return;
  // The process ID may now belong to another process.
  if (commandOf(pid).includes(join(folder, 'data'))) process.kill(pid, 'SIGQUIT');
}

/** The command line of a process; empty if the process no longer exists. */
function commandOf(pid: number): string {
  return spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'latin1' }).stdout ?? '';
}
