import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { TandemError, WorkerPools } from '@tandem/engine';
import { afterAll, describe, expect, test } from 'vitest';
import './test-errors.ts';
import { temporaryFolder } from './counting.ts';

const folder = temporaryFolder();
const engine = new URL('../dist/index.js', import.meta.url).href;
const pools = new WorkerPools();
afterAll(() => pools.close());

let files = 0;
function worker(source: string): URL {
  files += 1;
  const path = join(folder, `worker-${files}.mjs`);
  writeFileSync(path, source);
  return pathToFileURL(path);
}

const threads = worker(`import { threadId } from 'node:worker_threads';
  const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  export async function run(ms) { await sleep(ms); return threadId; }
  export async function meet(arrived) { Atomics.add(arrived, 0, 1); while (Atomics.load(arrived, 0) < 2) await sleep(1); return threadId; }`);

describe('worker pools', () => {
  test('run tasks in threads that are reused', async () => {
    const first = await pools.run<number>(threads, 0, { maxThreads: 2 });
    expect(first).toBeGreaterThan(0);
    expect(await pools.run<number>(threads, 0, { maxThreads: 2 })).toBe(first);
  });

  test('start as many threads as there is work for, and no more than allowed', async () => {
    const run = (): Promise<number> => pools.run<number>(threads, 30, { maxThreads: 3 });
    const arrived = new Int32Array(new SharedArrayBuffer(4));
    const meet = (): Promise<number> => pools.run<number>(threads, arrived, { maxThreads: 3, name: 'meet' });
    expect(new Set(await Promise.all([meet(), meet()])).size).toBe(2);
    const many = new Set(await Promise.all(Array.from({ length: 9 }, run)));
    expect(many.size).toBeLessThanOrEqual(3);
    const alone = (): Promise<number> => pools.run<number>(threads, 10, { maxThreads: 1 });
    expect(new Set(await Promise.all([alone(), alone(), alone()])).size).toBe(1);
  });

  test('transfer buffers, and call the named function', async () => {
    const file = worker(
      'export function measure(buffer) { return buffer.byteLength; } export const run = () => 0;',
    );
    const buffer = new ArrayBuffer(64);
    expect(await pools.run(file, buffer, { name: 'measure', transferList: [buffer] })).toBe(64);
    expect(buffer.byteLength).toBe(0);
    expect(await pools.run(file, 1)).toBe(0);
    expect(await pools.run(fileURLToPath(file), 1)).toBe(0);
  });

  test('return a TandemError with its code and message, and other errors unchanged', async () => {
    const file = worker(`import { TandemError } from '${engine}';
      export function run(code) { if (code) throw new TandemError(code, { message: 'a.json is empty' }); throw new RangeError('other'); }`);
    const error = await pools.run(file, 'ERR_TEST_EMPTY').catch((thrown: unknown) => thrown);
    expect(TandemError.isTandemError(error)).toBe(true);
    const message = 'a.json is empty';
    expect(error).toMatchObject({ code: 'ERR_TEST_EMPTY', message, cause: { message } });
    await expect(pools.run(file, null)).rejects.toThrow(RangeError);
    const strange = worker(`export function run(thrown) {
      if (thrown === null) throw new Error('no TandemError [ERR_TEST_EMPTY] at all');
      throw thrown; }`);
    const named = await pools.run(strange, null).catch((thrown: unknown) => thrown);
    expect(TandemError.isTandemError(named)).toBe(false);
    await expect(pools.run(strange, 'a word')).rejects.toBe('a word');
    await expect(pools.run(strange, undefined)).rejects.toBeUndefined();
  });

  test('fail only the task when a file is broken, lacks the function, or ends its thread', async () => {
    await expect(pools.run(worker("throw new Error('at import')"), 1)).rejects.toThrow('at import');
    await expect(pools.run(worker('export const other = 1;'), 1)).rejects.toThrow('No handler function');
    const dying = worker('export function run(die) { if (die) process.exit(3); return "alive"; }');
    await expect(pools.run(dying, true)).rejects.toThrow();
    expect(await pools.run(dying, false)).toBe('alive');
  });

  test('end a task whose signal aborts', async () => {
    const controller = new AbortController();
    const endless = worker('export function run() { for (;;); }');
    const task = pools.run(endless, null, { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(task).rejects.toThrow();
  });

  test('close after the running tasks, and can be used again', async () => {
    const own = new WorkerPools();
    const running = own.run<number>(threads, 50, { maxThreads: 1 });
    await own.run(threads, 0, { maxThreads: 2 });
    await own.close();
    expect(await running).toBeGreaterThan(0);
    expect(await own.run<number>(threads, 0, { maxThreads: 1 })).toBeGreaterThan(0);
    await own.close();
  });
});

describe('a process that uses a host', () => {
  const node = promisify(execFile);
  const addon = join(folder, 'addon.cjs');
  writeFileSync(
    addon,
    `module.exports = { abiVersion: () => 1, make: (n) => ({ async next() { return n > 0 ? { n: n--, items: 1, bytes: 1, cursor: '' + n } : null }, cancel() { n = 0 } }) };`,
  );
  const prelude = `import { EngineHost, WorkerPools } from '${engine}';
    const host = new EngineHost({ name: 'x', abi: 1, cures: [], candidates: () => [{ origin: 'path', specifier: ${JSON.stringify(addon)} }] }, { env: {} });
    const operation = { name: 'op', native: (addon, n) => addon.make(n), resume: (n) => n, typescript: (n, { pool, workers }) => ({
      next: async () => n > 0 ? { n: await pool.run(${JSON.stringify(threads.href)}.replace('file://', ''), 5, { maxThreads: workers }), items: 1, bytes: 1, cursor: '' + n-- } : null, cancel() { n = 0 } }) };
    const read = async (options, leaveAt) => { let count = 0; for await (const _ of host.stream(operation, 3, options)) if (++count === leaveAt) break; console.log(count); };
  `;

  // Each must end long before its time limit and before the idle time of the pool.
  test.each([
    ['after a native run with a time limit', 'await read({ timeout: 3600 });'],
    ['after leaving a native run', 'await read({ timeout: 3600 }, 1);'],
    ['after a run with worker threads', "await read({ engine: 'typescript', timeout: 3600, workers: 2 });"],
    ['after leaving a run with worker threads', "await read({ engine: 'typescript', timeout: 3600 }, 1);"],
    [
      'after the first task of a pool',
      `console.log(typeof await new WorkerPools().run(new URL('${threads.href}'), 1));`,
    ],
    ['after closing the host', "await read({ engine: 'typescript' }); await host.close();"],
    ['with a stream that is never read', 'host.stream(operation, 3, { timeout: 3600 }); console.log(0);'],
  ])('ends by itself %s', async (_name, body) => {
    const file = join(folder, `process-${_name.replaceAll(' ', '-')}.mjs`);
    writeFileSync(file, prelude + body);
    // It is killed, and the call fails, if it does not end.
    const { stdout, stderr } = await node(process.execPath, [file], { timeout: 20_000 });
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^(\d|number)\n$/);
  });

  test('loads neither the addon nor piscina on import', async () => {
    const file = join(folder, 'import.mjs');
    const probe = `import { createRequire } from 'node:module'; import '${engine}';
      const host = createRequire('${engine}');
      console.log(Object.keys(host.cache).length);`;
    writeFileSync(file, probe);
    const { stdout } = await node(process.execPath, [file]);
    expect(stdout).toBe('0\n');
  });

  test('uses TypeScript in a worker thread, and gives that as the reason', async () => {
    const file = join(folder, 'in-worker.mjs');
    const inside = `${prelude} import { parentPort } from 'node:worker_threads'; parentPort.postMessage(host.select().reason);`;
    writeFileSync(join(folder, 'inside.mjs'), inside);
    writeFileSync(
      file,
      `import { Worker } from 'node:worker_threads'; new Worker(new URL('./inside.mjs', import.meta.url)).once('message', (reason) => console.log(reason));`,
    );
    const { stdout } = await node(process.execPath, [file]);
    expect(stdout).toBe('addons are not tried in worker threads\n');
  });
});
