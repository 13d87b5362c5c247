import { readFileSync } from 'node:fs';
import { TandemError } from '@tandem/engine';

/** The user that a server runs as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; the first of these users is the one that its packages create. */
const NAMES = ['postgres', 'nobody'];

/**
 * The user that a server must run as if Tandem runs as root; null if it can run as the current user.
 * @throws {TandemError} ERR_TANDEM_NO_DATABASE if Tandem runs as root and there is no other user
 */
export function serverUser(): ServerUser | null {
  if (process.getuid?.() !== 0) return null;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of NAMES) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new TandemError('ERR_TANDEM_NO_DATABASE', {
    params: {
      problem: 'a PostgreSQL server refuses to run as root, and there is no user postgres or nobody',
      cure: 'run it as another user, or set the option database to pglite',
    },
  });
}
