import { TandemError } from '@tandem/engine';
import type { ClientConfig } from 'pg';
import { catalogueOf, type OwnedCatalogue, PRINTED_BY } from '../catalogue/catalogue.ts';
import { catalogueQuery } from '../catalogue/catalogue-query.ts';
import { ServerClient } from './server-client.ts';

/** Milliseconds that connecting may take, and waiting for a lock that another session holds. */
const PATIENCE = 20_000;

/** The contents of a database that is in use. */
export interface NamedDatabase {
  readonly held: OwnedCatalogue;
  /** The server and its version, for display. */
  readonly server: string;
}

/**
 * Reads the catalog of the database that a URL names, in a single read-only transaction.
 * @param name what errors call the database: a URL may contain a password
 * @throws {TandemError} ERR_TANDEM_DATABASE_FAILED
 */
export async function readNamed(url: string, name: string, signal: AbortSignal): Promise<NamedDatabase> {
  signal.throwIfAborted();
  let session: ServerClient | null = null;
  const onAbort = (): void => void session?.end();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    session = await ServerClient.connect({ connectionTimeoutMillis: PATIENCE, ...(await configOf(url)) });
    signal.throwIfAborted();
    // All settings are local to the transaction: behind a pooler the next transaction has another session.
    await session.apply('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    for (const setting of [...PRINTED_BY, `lock_timeout = ${PATIENCE}`]) {
      await session.apply(`SET LOCAL ${setting}`);
    }
    const held = catalogueOf(await session.texts(catalogueQuery()));
    const [version = ''] = await session.texts('SHOW server_version');
    await session.apply('ROLLBACK');
    return { held, server: `PostgreSQL ${version}` };
  } catch (cause) {
    signal.throwIfAborted();
    const problem = cause instanceof Error ? cause.message || cause.name : String(cause);
    const params = { what: `the database ${name}`, problem, cure: '' };
    throw new TandemError('ERR_TANDEM_DATABASE_FAILED', { params, cause });
  } finally {
    signal.removeEventListener('abort', onAbort);
    await session?.end();
  }
}

async function configOf(url: string): Promise<ClientConfig> {
  const { parseIntoClientConfig } = await import('pg-connection-string');
  try {
    return parseIntoClientConfig(url);
  } catch {
    // The parser's error contains the URL, and therefore possibly a password.
    throw new Error('not a PostgreSQL URL: postgres://user@host/database');
  }
}
