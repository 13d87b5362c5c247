import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { TandemError } from '@tandem/engine';
import { Cluster } from './cluster.ts';
import { removeDeadClusters } from './cluster-folder.ts';
import type { OpenOptions, ScratchDatabase } from './scratch-database.ts';
import { ServerClient } from './server-client.ts';

/** Milliseconds between two connection attempts, and the longest time that a server may take to start. */
const PAUSE = 15;
const LONGEST_START = 30_000;

/**
 * A database on a server that is created for it alone, which takes about half a second. If Tandem runs as
 * root, the server runs as an unprivileged user.
 * @param bin the folder with initdb and postgres
 * @throws {TandemError} ERR_TANDEM_DATABASE_FAILED if it does not start
 */
export async function openCluster(
  bin: string,
  { signal }: Pick<OpenOptions, 'signal'>,
): Promise<ScratchDatabase> {
  removeDeadClusters();
  const cluster = new Cluster(bin);
  let client: ServerClient | null = null;
  let closing: Promise<void> | null = null;
  const end = async (): Promise<void> => {
    signal.removeEventListener('abort', onAbort);
    await cluster.end();
    await client?.end();
  };
  const close = (): Promise<void> => {
    closing ??= end();
    return closing;
  };
  // A failure is reported to the caller that awaits close().
  const onAbort = (): void => void close().catch(() => undefined);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    signal.throwIfAborted();
    await cluster.init();
    signal.throwIfAborted();
    client = await started(cluster, signal);
    const [version = ''] = await client.texts('SHOW server_version');
    return databaseOf(client, `PostgreSQL ${version} (a server of its own)`, close);
  } catch (cause) {
    await close();
    throw failed(cause);
  }
}

async function started(cluster: Cluster, signal: AbortSignal): Promise<ServerClient> {
  const server = cluster.serve();
  let isGone = false;
  once(server, 'exit').then(
    () => {
      isGone = true;
    },
    () => {
      isGone = true;
    },
  );
  const until = performance.now() + LONGEST_START;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await ServerClient.connect({ host: cluster.folder, user: 'postgres', database: 'postgres' });
    } catch (cause) {
      if (isGone || performance.now() > until) {
        throw new Error(`the server did not start: ${cluster.lastWords()}`, { cause });
      }
    }
    await sleep(PAUSE);
  }
}

function databaseOf(client: ServerClient, about: string, close: () => Promise<void>): ScratchDatabase {
  return {
    kind: 'server',
    about,
    apply: (sql) => client.apply(sql),
    copyIn: (sql, data) => client.copyIn(sql, data),
    texts: (sql) => client.texts(sql),
    close,
  };
}

function failed(cause: unknown): unknown {
  if (TandemError.isTandemError(cause)) return cause;
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new TandemError('ERR_TANDEM_DATABASE_FAILED', {
    params: { what: 'no PostgreSQL server could be started', problem },
    cause,
  });
}
