import { TandemError } from '@tandem/engine';
import type { ClientConfig } from 'pg';
import type { OpenOptions, ScratchDatabase } from './scratch-database.ts';
import { dropDeadDatabases, newDatabaseName } from './scratch-name.ts';
import { ServerClient } from './server-client.ts';
import { SqlFailure } from './sql-failure.ts';

/** Milliseconds that connecting, and the statements other than those of the schema, may take. */
const PATIENCE = 20_000;
/** Databases to connect to if the named one does not exist; nearly every server has them. */
const OTHERS = ['postgres', 'template1'];
const NO_SUCH_DATABASE = '3D000';
const NO_RIGHT = '42501';

/**
 * A new database on the server that a URL names. The named database is only connected to: the new one is
 * created and dropped from there.
 * @throws {TandemError} ERR_TANDEM_DATABASE_FAILED if the server refuses, or the database could not be
 *   dropped
 */
export async function openBeside(
  url: string,
  { signal }: Pick<OpenOptions, 'signal'>,
): Promise<ScratchDatabase> {
  const server = await serverOf(url);
  const name = newDatabaseName();
  // Not aborted midway: the server would then create the database unnoticed.
  await server.asked(async (session) => {
    await dropDeadDatabases(session);
    signal.throwIfAborted();
    await session.apply(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
  });
  let client: ServerClient | null = null;
  let closing: Promise<void> | null = null;
  const drop = async (): Promise<void> => {
    signal.removeEventListener('abort', onAbort);
    await client?.end();
    await server.asked((session) => dropDatabase(session, name));
  };
  const close = (): Promise<void> => {
    closing ??= drop();
    return closing;
  };
  // A failure is reported to the caller that awaits close().
  const onAbort = (): void => void close().catch(() => undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    client = await server.connect(name);
    const [version = ''] = await client.texts('SHOW server_version');
    return databaseOf(client, `PostgreSQL ${version} (the database ${name})`, close);
  } catch (error) {
    await close();
    throw TandemError.isTandemError(error) ? error : failed(error);
  }
}

function databaseOf(client: ServerClient, about: string, close: () => Promise<void>): ScratchDatabase {
  return {
    kind: 'url',
    about,
    apply: (sql) => client.apply(sql),
    copyIn: (sql, data) => client.copyIn(sql, data),
    texts: (sql) => client.texts(sql),
    close,
  };
}

interface Server {
  connect(database: string): Promise<ServerClient>;
  /** Runs work in a session of its own on the named database. */
  asked(work: (session: ServerClient) => Promise<void>): Promise<void>;
}

async function serverOf(url: string): Promise<Server> {
  const { parseIntoClientConfig } = await import('pg-connection-string');
  const config: ClientConfig = { connectionTimeoutMillis: PATIENCE, ...parseIntoClientConfig(url) };
  const connect = (database: string): Promise<ServerClient> => ServerClient.connect({ ...config, database });
  const asked = async (work: (session: ServerClient) => Promise<void>): Promise<void> => {
    let session: ServerClient | null = null;
    try {
      session = await connectAnywhere(config);
      await session.apply(`SET statement_timeout = ${PATIENCE}`);
      await work(session);
    } catch (error) {
      throw failed(error);
    } finally {
      await session?.end();
    }
  };
  return { connect, asked };
}

async function connectAnywhere(config: ClientConfig): Promise<ServerClient> {
  try {
    return await ServerClient.connect(config);
  } catch (error) {
    if ((error as { code?: unknown }).code !== NO_SUCH_DATABASE) throw error;
    for (const database of OTHERS) {
      const session = await ServerClient.connect({ ...config, database }).catch(() => null);
      if (session !== null) return session;
    }
    throw error;
  }
}

/** Ends the sessions of the database first: one of them may still be running an aborted statement. */
async function dropDatabase(session: ServerClient, name: string): Promise<void> {
  const [version = '0'] = await session.texts('SHOW server_version_num');
  if (Number(version) >= 130000) {
    await session.apply(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    return;
  }
  await session.apply(
    `SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = '${name}'`,
  );
  await session.apply(`DROP DATABASE IF EXISTS ${name}`);
}

function failed(cause: unknown): TandemError {
  const problem = cause instanceof Error ? cause.message || cause.name : String(cause);
  const hasNoRight = cause instanceof SqlFailure && cause.server.sqlstate === NO_RIGHT;
  const cure = hasNoRight ? 'its user needs the right to create databases: ALTER ROLE ... CREATEDB' : '';
  return new TandemError('ERR_TANDEM_DATABASE_FAILED', {
    params: { what: 'the server of the database URL', problem, cure },
    cause,
  });
}
