import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { MessagePort } from 'node:worker_threads';
import type { Piscina } from 'piscina';
import { isErrorCode, TandemError } from './tandem-error.ts';

/** How a task is run. */
export interface PoolRunOptions {
  /** The function that the worker file exports under this name; 'run' unless said. It takes the task. */
  readonly name?: string;
  /** What is moved to the worker instead of copied. */
  readonly transferList?: readonly (ArrayBuffer | MessagePort)[];
  /** The most threads for this file; as many as the machine has unless said. */
  readonly maxThreads?: number;
  /** Ends the worker if the task is running, and takes it out of the queue if not. */
  readonly signal?: AbortSignal;
}

/** Workers stay warm this long, because starting one costs 25 ms; they do not keep the process alive meanwhile. */
const IDLE_MS = 10_000;

/** How long close() waits for tasks. */
const CLOSE_MS = 30_000;

/**
 * Without it, piscina's worker require()s an ES module, and a worker that ends while it still loads one aborts the
 * whole process in Node 20 (`Assertion failed: facade->InstantiateModule`). Later versions may not know the flag.
 */
const NO_REQUIRE_OF_MODULES = '--no-experimental-require-module';

/** Worker threads, kept warm per worker file. A thread starts when there is a task for it, and not before. */
export class WorkerPools {
  readonly #pools = new Map<string, Promise<Piscina>>();
  readonly #tasks = new Set<Promise<unknown>>();

  /**
   * Runs a task in a worker thread and gives what it returns, by structured clone: a view is copied with the whole
   * buffer under it (`move()` of piscina avoids the copy, for 5 ms more at the start of each thread).
   * A task costs 0.1 ms or more in a warm worker, so hand over batches, never single items.
   * A TandemError thrown there arrives as one with its code and message.
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

  /**
   * Lets the tasks that were handed over finish, for 30 s at most, and ends the threads. The pools can be used again.
   */
  async close(): Promise<void> {
    const pools = [...this.#pools.values()];
    this.#pools.clear();
    // Not piscina's close(): it refuses a task whose thread is still starting.
    let timer: NodeJS.Timeout | undefined;
    const patienceOver = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([Promise.allSettled(this.#tasks), patienceOver]);
    clearTimeout(timer);
    await Promise.all(pools.map(async (pool) => (await pool).destroy()));
  }

  async #run(filename: string, task: unknown, options: PoolRunOptions): Promise<unknown> {
    const { name = 'run', transferList, maxThreads = availableParallelism(), signal } = options;
    const pool = await this.#pool(filename, maxThreads);
    return pool.run(task, {
      filename,
      name,
      ...(transferList === undefined ? {} : { transferList: [...transferList] }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  #pool(filename: string, maxThreads: number): Promise<Piscina> {
    // A pool's size is fixed, so another size is another pool; the threads of the one no longer used end when idle.
    const key = `${maxThreads} ${filename}`;
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      pool = createPool(maxThreads);
      this.#pools.set(key, pool);
    }
    return pool;
  }
}

async function createPool(maxThreads: number): Promise<Piscina> {
  // Only here: importing piscina costs 21 ms, and most runs need no worker.
  const { Piscina } = await import('piscina');
  const flags = process.allowedNodeEnvironmentFlags.has(NO_REQUIRE_OF_MODULES) ? [NO_REQUIRE_OF_MODULES] : [];
  // The file is named by each task and not here: a file that cannot be loaded then fails its task, not the pool.
  const pool = new Piscina({ minThreads: 0, maxThreads, idleTimeout: IDLE_MS, execArgv: flags });
  // A worker that dies rejects its tasks; without a listener the event would end the process as well.
  pool.on('error', () => undefined);
  return pool;
}

/** Structured clone keeps an error's message and stack only; our code stands in the first line of the stack. */
function fromWorker(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = /^TandemError \[(\w+)\]/.exec(error.stack ?? '')?.[1];
  return isErrorCode(code) ? new TandemError(code, { message: error.message, cause: error }) : error;
}
