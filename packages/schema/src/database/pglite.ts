import { Worker } from 'node:worker_threads';
import { TandemError } from '@tandem/engine';
import { pgliteWorkerFile } from '../pglite-worker-file.ts';
import type { PgliteReply, PgliteRequest, PgliteSetup } from './pglite-messages.ts';
import { contribModules, type PglitePlace } from './pglite-place.ts';
import type { OpenOptions, ScratchDatabase } from './scratch-database.ts';
import { SqlFailure } from './sql-failure.ts';

/**
 * PostgreSQL inside this process, in memory, with the extensions that come with PGlite. It takes two to three
 * seconds and 0.8 GB.
 * @throws {TandemError} ERR_TANDEM_DATABASE_FAILED if it does not start
 */
export async function openPglite(
  place: PglitePlace,
  { signal, extensions }: OpenOptions,
): Promise<ScratchDatabase> {
  const setup: PgliteSetup = { main: place.main, contrib: contribModules(place, extensions) };
  const thread = new PgliteThread(setup, signal);
  try {
    await thread.opened;
    const [version = ''] = await thread.ask({ kind: 'texts', sql: 'SHOW server_version' });
    return databaseOf(thread, `PostgreSQL ${version} (PGlite ${place.version})`);
  } catch (cause) {
    await thread.end();
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new TandemError('ERR_TANDEM_DATABASE_FAILED', {
      params: { what: 'PGlite did not start', problem },
      cause,
    });
  }
}

function databaseOf(thread: PgliteThread, about: string): ScratchDatabase {
  const apply = async (sql: string, data?: Uint8Array): Promise<void> => {
    await thread.ask({ kind: 'apply', sql, ...(data === undefined ? {} : { data }) });
  };
  return {
    kind: 'pglite',
    about,
    apply: (sql) => apply(sql),
    copyIn: apply,
    texts: async (sql) => [...(await thread.ask({ kind: 'texts', sql }))],
    close: () => thread.end(),
  };
}

interface Waiting {
  resolve(texts: readonly string[]): void;
  reject(error: Error): void;
}

/** The thread, which answers one request at a time. */
class PgliteThread {
  /** Settles when the database is open. */
  readonly opened: Promise<readonly string[]>;
  readonly #worker: Worker;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => void this.end();
  #waiting: Waiting | null = null;

  constructor(setup: PgliteSetup, signal: AbortSignal) {
    // Its output streams are captured, so that nothing it prints is mixed with the output of the command.
    this.#worker = new Worker(pgliteWorkerFile(), {
      workerData: setup,
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    this.#signal = signal;
    this.opened = this.#wait();
    this.#worker.on('message', (reply: PgliteReply) => this.#take(reply));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('PGlite has ended')));
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  ask(request: PgliteRequest): Promise<readonly string[]> {
    this.#worker.postMessage(request);
    return this.#wait();
  }

  async end(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort);
    await this.#worker.terminate();
  }

  #wait(): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      // A thread that has ended sends no more replies.
      if (this.#worker.threadId === -1) this.#fail(new Error('PGlite has ended'));
    });
  }

  #take(reply: PgliteReply): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if ('texts' in reply) waiting?.resolve(reply.texts);
    else waiting?.reject('server' in reply ? new SqlFailure(reply.server) : new Error(reply.broken));
  }

  #fail(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
