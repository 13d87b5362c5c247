import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { isErrorCode } from './error-table.ts';
import { TandemError } from './tandem-error.ts';
import { oneLine } from './words.ts';

/** Options of a task. */
export interface PoolRunOptions {
  /** The export of the worker file to call with the task; default: 'run'. */
  readonly name?: string;
  /** Objects that are transferred to the worker instead of copied. */
  readonly transferList?: readonly (ArrayBuffer | MessagePort)[];
  /** The most threads for this file; default: as many as the machine has. */
  readonly maxThreads?: number;
  /** Ends the worker if the task is running, and removes the task from the queue if not. */
  readonly signal?: AbortSignal;
}

/** Workers stay warm this long, because starting one costs 25 ms; they do not keep the process alive. */
const IDLE_MS = 10_000;

/** How long close() waits for tasks. */
const CLOSE_MS = 30_000;

/**
 * Without this flag, piscina's worker require()s an ES module, and a worker that ends while it still loads
 * one aborts the whole process in Node 20 (`Assertion failed: facade->InstantiateModule`). Later versions may
 * not have the flag.
 */
const NO_REQUIRE_OF_MODULES = '--no-experimental-require-module';

/** A pool and the tasks that wait for it. */
interface Pool {
  readonly threads: Piscina;
  /** Rejects a task that no thread will ever take. */
  readonly refusals: Set<(error: unknown) => void>;
}

/** Worker threads, kept warm per worker file. A thread starts only when there is a task for it. */
export class WorkerPools {
  readonly #pools = new Map<string, Promise<Pool>>();
  readonly #tasks = new Set<Promise<unknown>>();

  /**
   * Runs a task in a worker thread and returns its result, by structured clone: a view is copied with the
   * whole buffer under it (`move()` of piscina avoids the copy, for 5 ms more at the start of each thread). A
   * task costs 0.1 ms or more in a warm worker, so pass batches, never single items. A TandemError thrown
   * there arrives as one with its code and message. Throws ERR_TANDEM_NO_WORKERS if no thread can be started,
   * as in a bundle that has no file for them: the task has not begun, or its progress is unknown.
   */
  async run<Result>(file: URL | string, task: unknown, options: PoolRunOptions = {}): Promise<Result> {
    const filename = typeof file === 'string' ? file : fileURLToPath(file);
    const running = this.#run(filename, task, options);
    this.#tasks.add(running);
    try {
      return (await running) as Result;
    } catch (error) {
      throw fromWorker(error);
    } finally {
      this.#tasks.delete(running);
    }
  }

  /** Lets submitted tasks finish, for 30 s at most, and ends the threads. The pools can be used again. */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    // Not piscina's close(): it rejects a task whose thread is still starting.
    let timer: NodeJS.Timeout | undefined;
    const patienceOver = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([Promise.allSettled(this.#tasks), patienceOver]);
    clearTimeout(timer);
    const opened = await Promise.allSettled(pools);
    await Promise.all(opened.map((pool) => pool.status === 'fulfilled' && pool.value.threads.destroy()));
  }

  async #run(filename: string, task: unknown, options: PoolRunOptions): Promise<unknown> {
    const { name = 'run', transferList, maxThreads = availableParallelism(), signal } = options;
    if (!existsSync(filename)) throw noWorkers(new Error(`${filename} does not exist`));
    // A pool's size is fixed, so another size needs another pool; the threads of the unused one end when
    // idle.
    const key = `${maxThreads} ${filename}`;
    const opened = this.#pools.get(key) ?? createPool(maxThreads);
    this.#pools.set(key, opened);
    const pool = await opened;
    const { threads, refusals } = pool;
    let refuse: (error: unknown) => void = () => undefined;
    try {
      return await new Promise((resolve, reject) => {
        refuse = reject;
        refusals.add(refuse);
        const how = {
          filename,
          name,
          ...(transferList === undefined ? {} : { transferList: [...transferList] }),
          ...(signal === undefined ? {} : { signal }),
        };
        begun(threads, task, how).then(resolve, reject);
      });
    } catch (error) {
      if (!(error instanceof NoStart)) {
        startForThoseBehind(pool, filename);
        throw error;
      }
      // The next run tries again, with a pool that has no abandoned tasks.
      if (this.#pools.get(key) === opened) this.#pools.delete(key);
      throw noWorkers(error.cause);
    } finally {
      refusals.delete(refuse);
    }
  }
}

async function createPool(maxThreads: number): Promise<Pool> {
  try {
    // Imported only here: piscina takes 21 ms to import, and most runs need no worker.
    const { Piscina } = await import('piscina');
    const started = new Set<number>();
    const threads = new Piscina(threadOptions(maxThreads, started));
    threads.on('workerCreate', (thread: { id: number }) => started.add(thread.id));
    threads.on('workerDestroy', (thread: { id: number }) => started.delete(thread.id));
    return watched(threads);
  } catch (error) {
    throw noWorkers(error);
  }
}

function threadOptions(
  maxThreads: number,
  started: ReadonlySet<number>,
): ConstructorParameters<typeof Piscina>[0] {
  const flags = process.allowedNodeEnvironmentFlags.has(NO_REQUIRE_OF_MODULES) ? [NO_REQUIRE_OF_MODULES] : [];
  // Each task names the file, not the pool: a file that cannot be loaded then fails its task, not the pool.
  return {
    minThreads: 0,
    maxThreads,
    idleTimeout: IDLE_MS,
    execArgv: flags,
    // Piscina by itself gives tasks to threads that are still starting, and rejects them with whatever error
    // ends such a thread.
    loadBalancer: (_task, threads) =>
      threads.find(({ id, currentUsage }) => started.has(id) && currentUsage === 0) ?? null,
  };
}

function watched(threads: Piscina): Pool {
  const pool: Pool = { threads, refusals: new Set() };
  // A thread that dies during a task rejects that task, and this event reports the others; without a listener
  // it would end the process as well.
  threads.on('error', (error) => {
    // The last thread died as it started, and piscina would let the tasks wait forever.
    if (threads.threads.length === 0) refuseAll(pool, new NoStart('', { cause: error }));
  });
  return pool;
}

/** A task's thread could not be started; the cause says why. */
class NoStart extends Error {}

/**
 * An error that piscina throws synchronously, instead of rejecting its promise, means that it could not start
 * a thread.
 */
function begun(threads: Piscina, task: unknown, how: Parameters<Piscina['run']>[1]): Promise<unknown> {
  try {
    return threads.run(task, how);
  } catch (cause) {
    throw new NoStart('', { cause });
  }
}

/**
 * Piscina starts no new thread when one ends with its task, so the tasks queued after the last thread would
 * wait forever. It does start one for a new task, so this adds a task and cancels it at once.
 */
function startForThoseBehind(pool: Pool, filename: string): void {
  const { threads } = pool;
  if (threads.queueSize === 0) return;
  const back = new AbortController();
  try {
    begun(threads, null, { filename, signal: back.signal }).catch(() => undefined);
    back.abort();
  } catch (error) {
    refuseAll(pool, error);
  }
}

function refuseAll({ refusals }: Pool, error: unknown): void {
  for (const refuse of refusals) refuse(error);
}

function noWorkers(cause: unknown): TandemError {
  return new TandemError('ERR_TANDEM_NO_WORKERS', { params: { reason: oneLine(cause) }, cause });
}

/** Structured clone keeps only an error's message and stack; the code is in the first line of the stack. */
function fromWorker(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TandemError) return error;
  const code = /^TandemError \[(\w+)\]/.exec(error.stack ?? '')?.[1];
  return isErrorCode(code) ? new TandemError(code, { message: error.message, cause: error }) : error;
}
