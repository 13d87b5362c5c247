import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CallOperation, EngineHost, EngineHostOptions, FallbackEvent } from '@tandem/engine';
import { EngineHost as Host } from '@tandem/engine';
import { describe, expect, test } from 'vitest';
import './test-errors.ts';
import {
  type CountingAddon,
  collect,
  count,
  countingHost,
  describeCounting,
  range,
  temporaryFolder,
} from './counting.ts';

interface ShoutingAddon extends CountingAddon {
  shout(text: string): string;
}

const folder = temporaryFolder();
const host = countingHost(folder) as EngineHost<ShoutingAddon>;
const by: string[] = [];

const shout: CallOperation<string, string, ShoutingAddon> = {
  name: 'shout',
  native: (addon, text) => {
    by.push('native');
    return addon.shout(text);
  },
  typescript: (text) => {
    by.push('typescript');
    return text.toUpperCase();
  },
  size: (text) => text.length,
  breakEven: 5,
};

let looked = 0;
/** Counts the searches for the addon. */
const watched = {
  ...describeCounting(),
  candidates: () => {
    looked += 1;
    return [];
  },
};

function engineOf(work: () => unknown): string[] {
  by.length = 0;
  work();
  return [...by];
}

describe('a call', () => {
  test('stays in TypeScript below the break-even, unless native is requested by name', () => {
    expect(engineOf(() => expect(host.call(shout, 'four')).toBe('FOUR'))).toEqual(['typescript']);
    expect(engineOf(() => expect(host.call(shout, 'fives')).toBe('FIVES'))).toEqual(['native']);
    expect(engineOf(() => host.call(shout, 'four', { engine: 'native' }))).toEqual(['native']);
    expect(engineOf(() => host.call(shout, 'fives', { engine: 'typescript' }))).toEqual(['typescript']);
    const never = { ...shout, breakEven: Number.POSITIVE_INFINITY };
    expect(engineOf(() => host.call(never, 'x'.repeat(1e6)))).toEqual(['typescript']);
  });

  test('below the break-even does not search for the addon', () => {
    looked = 0;
    const idle = new Host(watched, { env: {}, calibrationFile: null });
    idle.call(shout as unknown as CallOperation<string, string, CountingAddon>, 'four');
    expect(looked).toBe(0);
    idle.performanceInfo();
    expect(looked).toBe(1);
  });

  test('falls back to TypeScript when the native engine fails', () => {
    const events: FallbackEvent[] = [];
    const onFallback = (event: FallbackEvent): number => events.push(event);
    expect(engineOf(() => expect(host.call(shout, 'panic', { onFallback })).toBe('PANIC'))).toEqual([
      'native',
      'typescript',
    ]);
    const cause = expect.objectContaining({ message: 'the addon panicked' });
    expect(events).toEqual([
      { addon: 'counting', operation: 'shout', reason: 'the addon panicked', batch: 0, cursor: '', cause },
    ]);
    expect(() => host.call(shout, 'panic', { engine: 'native' })).toThrow(
      'the native engine failed: the addon panicked',
    );
  });

  test('throws a domain error as the answer', () => {
    const operation = {
      ...shout,
      native: (): never => {
        throw Object.assign(new Error('the file is empty'), { code: 'ERR_TEST_EMPTY' });
      },
    };
    expect(() => host.call(operation, 'fives')).toThrow(expect.objectContaining({ code: 'ERR_TEST_EMPTY' }));
  });

  test('does not begin after its signal has aborted', () => {
    const reason = new Error('enough');
    const aborted = expect.objectContaining({ code: 'ERR_TANDEM_ABORTED', cause: reason });
    const signal = AbortSignal.abort(reason);
    expect(engineOf(() => expect(() => host.call(shout, 'x', { signal })).toThrow(aborted))).toEqual([]);
    const { signal: quiet } = new AbortController();
    expect(host.call(shout, 'x', { signal: quiet })).toBe('X');
  });
});

describe('performanceInfo', () => {
  test('counts runs, items, bytes, times and engines of each operation', async () => {
    const own = countingHost(folder, { COUNTING_WORKERS: '2' }) as EngineHost<ShoutingAddon>;
    await collect(own.stream(count, { from: 0, to: 10, size: 4, delay: 5 }));
    await collect(own.stream(count, { from: 0, to: 10, size: 4, delay: 5 }, { engine: 'typescript' }));
    own.call(shout, 'four');
    const { engine, reason, workers, operations, calibration } = own.performanceInfo();
    expect([engine, workers, calibration]).toEqual(['native', 2, { file: null, state: 'absent' }]);
    expect(reason).toMatch(/^found: .*\.cjs$/);
    expect(operations['count']).toMatchObject({
      calls: 2,
      callsByEngine: { native: 1, typescript: 1 },
      engine: 'typescript',
      items: 20,
      bytes: 160,
      fallbacks: { count: 0, reasons: {} },
    });
    const times = operations['count']?.milliseconds;
    expect(times?.p50).toBeGreaterThan(3);
    expect(times?.p99).toBeGreaterThanOrEqual(times?.p50 ?? 0);
    expect(times?.p99).toBeLessThan(1000);
    expect(operations['shout']).toMatchObject({ calls: 1, items: 1, bytes: 4, engine: 'typescript' });
    expect(JSON.parse(JSON.stringify(operations))).toEqual(operations);
    own.call(shout, 'fives');
    const call = own.performanceInfo().operations['shout'];
    expect(call).toMatchObject({ calls: 2, callsByEngine: { native: 1, typescript: 1 }, engine: 'native' });
    // No call can have taken longer than the age of the process.
    expect(call?.milliseconds?.p50).toBeLessThan(performance.now());
  });

  test('has no times before the first batch', () => {
    const own = countingHost(folder);
    own.stream(count, { from: 0, to: 1, size: 1 });
    expect(own.performanceInfo().operations['count']).toMatchObject({
      calls: 0,
      engine: null,
      milliseconds: null,
    });
  });

  test('does not throw where native is requested and missing', () => {
    const absent = new Host(describeCounting(), {
      env: { COUNTING_ENGINE: 'native' },
      calibrationFile: null,
    });
    expect(absent.performanceInfo()).toMatchObject({
      engine: null,
      reason: expect.stringContaining('no location'),
    });
  });

  test('throws where the environment has an invalid value', () => {
    const wrong = new Host(describeCounting(), { env: { COUNTING_ENGINE: 'rust' }, calibrationFile: null });
    expect(() => wrong.performanceInfo()).toThrow("COUNTING_ENGINE: invalid engine: 'rust'");
  });

  test('keeps a bounded number of distinct reasons', async () => {
    const own = countingHost(folder);
    for (const index of range(0, 25)) {
      await collect(own.stream(count, { from: 0, to: 1, size: 1, failAt: 0, message: `file ${index}` }));
    }
    const fallbacks = own.performanceInfo().operations['count']?.fallbacks;
    expect(fallbacks?.count).toBe(25);
    expect(Object.keys(fallbacks?.reasons ?? {}).length).toBe(21);
    expect(fallbacks?.reasons['(others)']).toBe(5);
  });
});

describe('a host', () => {
  test('reads its calibration from the configuration folder by default', () => {
    const env = { XDG_CONFIG_HOME: folder, APPDATA: folder };
    const fileOf = (options: EngineHostOptions): string | null =>
      new Host(describeCounting(), { env, ...options }).calibrationFile;
    expect(fileOf({})).toBe(join(folder, 'tandem', 'calibration.json'));
    expect(fileOf({ calibrationFile: 'other.json' })).toBe('other.json');
    expect(fileOf({ calibrationFile: null })).toBeNull();
  });

  test('does not search for the addon when it streams in TypeScript', async () => {
    looked = 0;
    const idle = new Host(watched, { env: {}, calibrationFile: null });
    const request = { from: 0, to: 3, size: 2 };
    expect(await collect(idle.stream(count, request, { engine: 'typescript' }))).toEqual([0, 1, 2]);
    expect(looked).toBe(0);
  });

  test('ends its threads when it is closed, and starts new ones afterwards', async () => {
    const own = countingHost(folder);
    const file = join(folder, 'thread.mjs');
    writeFileSync(file, "import { threadId } from 'node:worker_threads'; export const run = () => threadId;");
    const threads: number[] = [];
    const threaded: typeof count = {
      ...count,
      typescript: async (request, context) => {
        threads.push(await context.pool.run<number>(file, null, { maxThreads: 1 }));
        return count.typescript(request, context);
      },
    };
    const run = (): Promise<number[]> =>
      collect(own.stream(threaded, { from: 0, to: 1, size: 1 }, { engine: 'typescript' }));
    await run();
    await run();
    await own.close();
    await run();
    await own.close();
    expect(threads[1]).toBe(threads[0]);
    expect(threads[2]).not.toBe(threads[0]);
  });
});
