import { readFileSync } from 'node:fs';
import { TandemError } from '@tandem/engine';

/** Whom a server runs as. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; the first is the one that its packages make. */
const NAMES = ['postgres', 'nobody'];

/**
 * The user that a server has to run as where we are root; null where it can run as we do.
 * @throws {TandemError} ERR_TANDEM_NO_DATABASE where we are root and there is nobody else
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
      problem: 'a PostgreSQL server does not run as root, and there is no user postgres or nobody',
      cure: 'run it as another user, or set the option database to pglite',
    },
  });
}
