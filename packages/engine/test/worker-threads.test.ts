import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MessageChannel } from 'node:worker_threads';
import { WorkerPools } from '@tandem/engine';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from './counting.ts';

const folder = temporaryFolder();
const file = join(folder, 'thread.mjs');
writeFileSync(
  file,
  `import { existsSync } from 'node:fs';
   import { threadId } from 'node:worker_threads';
   const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
   export async function run(ms) { await sleep(ms); return threadId; }
   export async function until(path) { while (!existsSync(path)) await sleep(5); await sleep(100); return threadId; }
   let counted = 0;
   export const count = () => ++counted;
   export function end() { process.exit(3); }
   export function endless() { for (;;); }
   export function keep(port) { globalThis.kept = port; port.postMessage('here'); }`,
);
const deadly = join(folder, 'deadly.cjs');
writeFileSync(
  deadly,
  "require('node:fs').writeFileSync(__filename + '.died', ''); throw new Error('no thread today');",
);

const pools = new WorkerPools();
const one = { maxThreads: 1 };
const run = (milliseconds: number, maxThreads = 1): Promise<number> =>
  pools.run<number>(file, milliseconds, { maxThreads });

/** The first module of every thread; it ends the thread at its start. */
const { NODE_OPTIONS } = process.env;
const threadsDie = (): void => {
  process.env['NODE_OPTIONS'] = `--require=${JSON.stringify(deadly)}`;
};
const threadsLive = (): void => {
  if (NODE_OPTIONS === undefined) delete process.env['NODE_OPTIONS'];
  else process.env['NODE_OPTIONS'] = NODE_OPTIONS;
};
const noThread = {
  code: 'ERR_TANDEM_NO_WORKERS',
  message: 'cannot start a worker thread: no thread today',
};

afterEach(async () => {
  threadsLive();
  await pools.close();
});

describe('where no thread can be started', () => {
  test('a task whose file is missing does not begin', async () => {
    const missing = join(folder, 'missing.mjs');
    await expect(pools.run(missing, 1)).rejects.toMatchObject({
      code: 'ERR_TANDEM_NO_WORKERS',
      message: `cannot start a worker thread: ${missing} does not exist`,
      cause: { message: `${missing} does not exist` },
    });
  });

  test('a pool that cannot be made says why, and does not affect others', async () => {
    await expect(run(0, 0)).rejects.toMatchObject({
      code: 'ERR_TANDEM_NO_WORKERS',
      message: expect.stringContaining('options.maxThreads'),
    });
    expect(await run(0)).toBeGreaterThan(0);
  });

  test('every task is refused and never executed, and the next task tries again', async () => {
    const count = (): Promise<number> => pools.run<number>(file, null, { ...one, name: 'count' });
    threadsDie();
    await Promise.all([count(), count()].map((task) => expect(task).rejects.toMatchObject(noThread)));
    threadsLive();
    expect([await count(), await count()]).toEqual([1, 2]);
  });

  test('although one ran before, every task is refused', async () => {
    await run(0);
    await expect(pools.run(file, null, { ...one, name: 'end' })).rejects.toThrow('exited with code: 3');
    threadsDie();
    await expect(run(0)).rejects.toMatchObject(noThread);
  });

  test('but one is running, that thread executes all tasks', async () => {
    const only = await run(0, 2);
    threadsDie();
    rmSync(`${deadly}.died`, { force: true });
    const busy = pools.run<number>(file, `${deadly}.died`, { maxThreads: 2, name: 'until' });
    expect(await Promise.all([busy, run(0, 2), run(0, 2), run(0, 2)])).toEqual([only, only, only, only]);
  });
});

describe('a thread that ends during a task', () => {
  test.each(['by itself', 'by a signal'])('%s leaves the waiting tasks to another thread', async (how) => {
    const controller = new AbortController();
    const itself = how === 'by itself';
    const options = itself ? { name: 'end' } : { name: 'endless', signal: controller.signal };
    const ended = pools.run(file, null, { ...one, ...options }).catch((thrown: unknown) => thrown);
    const behind = [run(0), run(0)];
    await sleep(itself ? 0 : 50);
    controller.abort();
    expect(await ended).toBeInstanceOf(Error);
    const [first, second] = await Promise.all(behind);
    expect(first).toBeGreaterThan(0);
    expect(second).toBe(first);
  });

  test('and cannot be replaced leaves the waiting tasks refused', async () => {
    const controller = new AbortController();
    const options = { ...one, name: 'endless', signal: controller.signal };
    await run(0);
    const ended = pools.run(file, null, options).catch((thrown: unknown) => thrown);
    const behind = [run(0), run(0)].map((task) => expect(task).rejects.toMatchObject(noThread));
    await sleep(50);
    threadsDie();
    controller.abort();
    expect(await ended).toBeInstanceOf(Error);
    await Promise.all(behind);
  });
});

describe('closing', () => {
  test('ends the threads', async () => {
    const { port1, port2 } = new MessageChannel();
    let state = 'new';
    port1.on('message', (message: string) => {
      state = message;
    });
    port1.on('close', () => {
      state = 'gone';
    });
    await pools.run(file, port2, { ...one, name: 'keep', transferList: [port2] });
    await run(0);
    expect(state).toBe('here');
    await pools.close();
    // Well before an idle thread would end by itself.
    for (let turn = 0; turn < 50 && state === 'here'; turn++) await sleep(20);
    expect(state).toBe('gone');
  });

  test('waits half a minute for a task, and then ends it', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let isOver = false;
      const task = pools
        .run(file, null, { ...one, name: 'endless' })
        .catch((thrown: unknown) => thrown)
        .finally(() => {
          isOver = true;
        });
      const closed = pools.close();
      await vi.advanceTimersByTimeAsync(29_000);
      expect(isOver).toBe(false);
      await vi.advanceTimersByTimeAsync(1000);
      await closed;
      expect(await task).toBeInstanceOf(Error);
    } finally {
      vi.useRealTimers();
    }
  });
});
