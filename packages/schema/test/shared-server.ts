import { afterAll, beforeAll } from 'vitest';
import { openCluster } from '../src/database/ephemeral-cluster.ts';
import type { ScratchDatabase } from '../src/database/scratch-database.ts';
import { findServerBinaries } from '../src/database/server-binaries.ts';
import { OPENING } from './databases-here.ts';

/** A server for all tests of a file. */
export interface SharedServer {
  /** A session in its database postgres. */
  readonly session: ScratchDatabase;
  /** The URL of one of its databases. */
  url(database?: string, user?: string): string;
}

/**
 * Starts the server before the tests of a block and ends it after them; it cannot be used outside of them.
 */
export function sharedServer(): SharedServer {
  let session: ScratchDatabase | null = null;
  let folder = '';
  beforeAll(async () => {
    const { signal } = new AbortController();
    session = await openCluster(findServerBinaries() ?? '', { signal });
    [folder = ''] = await session.texts('SHOW unix_socket_directories');
  }, OPENING);
  afterAll(() => session?.close());
  return {
    get session() {
      if (session === null) throw new Error('the server is not there yet');
      return session;
    },
    url: (database = 'postgres', user = 'postgres') =>
      `postgres://${user}@/${database}?host=${encodeURIComponent(folder)}`,
  };
}
