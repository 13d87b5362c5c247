import { createHash, randomBytes } from 'node:crypto';
import { isRunAlive, newRun } from '@tandem/files';
import type { ServerClient } from './server-client.ts';

const PREFIX = 'tandem_verify_';
const NAME = new RegExp(`^${PREFIX}([0-9a-f]{8})_(\\d+)_(\\d+)_[0-9a-f]{8}$`);

/**
 * A name that identifies the run that owns the database: `tandem_verify_<host>_<pid>_<start>_<random>`,
 * within PostgreSQL's 63 bytes.
 */
export function newDatabaseName(): string {
  const { host, pid, started } = newRun();
  return `${PREFIX}${hostTag(host)}_${pid}_${started}_${randomBytes(4).toString('hex')}`;
}

/** Whether a database was created by a run on this host that is certainly dead. */
export function isDead(name: string): boolean {
  const [, tag, pid, started] = NAME.exec(name) ?? [];
  const { host, scope } = newRun();
  if (tag !== hostTag(host)) return false;
  return !isRunAlive({ host, scope, pid: Number(pid), started: Number(started) });
}

/** Drops the databases that killed runs have left. A database that has a connection stays. */
export async function dropDeadDatabases(session: ServerClient): Promise<void> {
  const names = await session.texts(
    `SELECT datname::text FROM pg_catalog.pg_database WHERE starts_with(datname::text, '${PREFIX}')`,
  );
  for (const name of names.filter(isDead)) {
    // Another run may be dropping it at this moment, or it may belong to another user.
    await session.apply(`DROP DATABASE IF EXISTS ${name}`).catch(() => undefined);
  }
}

function hostTag(host: string): string {
  return createHash('sha256').update(host).digest('hex').slice(0, 8);
}
