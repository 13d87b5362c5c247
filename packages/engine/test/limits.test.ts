import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BatchStream, EngineHost, type StreamOperation } from '@tandem/engine';
import { describe, expect, test, vi } from 'vitest';
import {
  type CountBatch,
  type CountingAddon,
  type CountRequest,
  collect,
  count,
  countingHost,
  describeCounting,
  range,
  temporaryFolder,
  writeAddon,
} from './counting.ts';

const folder = temporaryFolder();
const host = countingHost(folder);
const engines = ['native', 'typescript'] as const;
const endless: CountRequest = { from: 0, to: Number.POSITIVE_INFINITY, size: 1, delay: 2 };

/** Reads to the end: the numbers handed out, and the error thrown then. */
async function readAll(stream: BatchStream<CountBatch>): Promise<{ numbers: number[]; error: unknown }> {
  const numbers: number[] = [];
  try {
    for await (const batch of stream) numbers.push(...batch.numbers);
    return { numbers, error: null };
  } catch (error) {
    return { numbers, error };
  }
}

/**
 * An operation whose source has `ready` more batches when it is cancelled; `told` records its signals and
 * cancels.
 */
function writing(ready: number): {
  operation: StreamOperation<CountRequest, CountBatch, CountingAddon>;
  told: string[];
} {
  const told: string[] = [];
  const typescript: typeof count.typescript = (_request, { signal }) => {
    let made = 0;
    let last = Number.POSITIVE_INFINITY;
    signal.addEventListener('abort', () => told.push('signal'));
    return {
      next: async () => {
        await sleep(2);
        if (made >= last) return null;
        made += 1;
        return { numbers: [made - 1], items: 1, bytes: 1, cursor: String(made) };
      },
      cancel: () => {
        told.push('cancel');
        last = Math.min(last, made + ready);
      },
    };
  };
  return { operation: { ...count, typescript }, told };
}

/** A host whose addon gives some batches and then never answers again, not even to a cancel. */
function stuckHost(batches: number): EngineHost<CountingAddon> {
  const source = `let made = 0;
    const next = () => made === ${batches} ? new Promise(() => {})
      : Promise.resolve({ numbers: [made], items: 1, bytes: 8, cursor: String(++made) });
    module.exports = { abiVersion: () => 7, count: () => ({ next, cancel: () => undefined }) };`;
  const specifier = writeAddon(folder, source);
  return new EngineHost(describeCounting({ origin: 'path', specifier }), { env: {}, calibrationFile: null });
}

describe('the time limit', () => {
  test.each(engines)('ends a run and hands out the batches before it (%s)', async (engine) => {
    const { numbers, error } = await readAll(host.stream(count, endless, { engine, timeout: 0.05 }));
    expect(error).toMatchObject({ code: 'ERR_TANDEM_TIMEOUT', message: 'the run took longer than 0.05 s' });
    expect(numbers.length).toBeGreaterThan(0);
    expect(numbers).toEqual(range(0, numbers.length));
  });

  test('hands out what the source had ready when it was cancelled', async () => {
    const { operation, told } = writing(5);
    const seen: number[] = [];
    let atTimeout = 0;
    const stream = host.stream(operation, endless, { engine: 'typescript', timeout: 0.03 });
    const error = await (async () => {
      for await (const batch of stream) {
        seen.push(...batch.numbers);
        if (told.length === 0) atTimeout = seen.length;
      }
    })().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_TANDEM_TIMEOUT' });
    expect(seen.length - atTimeout).toBeGreaterThanOrEqual(5);
    expect(seen).toEqual(range(0, seen.length));
    expect(told).toEqual(['signal', 'cancel']);
  });

  test('ends a run that never leaves the microtask queue', async () => {
    const stream = host.stream(count, { ...endless, delay: 0 }, { engine: 'typescript', timeout: 0.02 });
    expect((await readAll(stream)).error).toMatchObject({ code: 'ERR_TANDEM_TIMEOUT' });
  });

  test('counts from the first request for a batch, and stops when the run is over', async () => {
    const stream = host.stream(count, { from: 0, to: 3, size: 1 }, { timeout: 0.03 });
    await sleep(40);
    const { numbers, error } = await readAll(stream);
    await sleep(40);
    expect([numbers, error]).toEqual([range(0, 3), null]);
  });

  test('ends a run whose native source never settles, after its finished batches and a grace period', async () => {
    const stuck = stuckHost(2);
    const { numbers, error } = await readAll(
      stuck.stream(count, endless, { engine: 'native', timeout: 0.05 }),
    );
    expect(error).toMatchObject({
      code: 'ERR_TANDEM_TIMEOUT',
      cause: { message: 'the engine gave nothing for 2 s after it was told to end' },
    });
    expect(numbers).toEqual([0, 1]);
  });

  test('ends a run whose TypeScript engine never starts, and cancels the engine when it does start', async () => {
    let begin = (): void => undefined;
    const { operation, told } = writing(0);
    const slow: typeof operation = {
      ...operation,
      typescript: async (request, context) => {
        await new Promise<void>((resolve) => {
          begin = resolve;
        });
        return operation.typescript(request, context);
      },
    };
    const stream = host.stream(slow, endless, { engine: 'typescript', timeout: 0.02 });
    expect(await readAll(stream)).toMatchObject({ numbers: [], error: { code: 'ERR_TANDEM_TIMEOUT' } });
    begin();
    await sleep(5);
    expect(told).toEqual(['cancel']);
  });

  test('does not abandon an operation that writes', async () => {
    const { operation } = writing(3);
    const slow: typeof operation = {
      ...operation,
      writes: true,
      typescript: async (request, context) => {
        const source = await operation.typescript(request, context);
        let waited = false;
        return {
          cancel: () => source.cancel(),
          next: async () => {
            if (!waited && context.signal.aborted) await sleep(2200);
            waited ||= context.signal.aborted;
            return source.next();
          },
        };
      },
    };
    const { numbers, error } = await readAll(
      host.stream(slow, endless, { engine: 'typescript', timeout: 0.03 }),
    );
    expect(error).toMatchObject({ code: 'ERR_TANDEM_TIMEOUT' });
    expect(numbers.length).toBeGreaterThan(3);
  });

  test('abandons an operation that writes when it gives nothing for a minute', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const stuck = {
        ...count,
        writes: true,
        typescript: async () => ({ cancel: () => undefined, next: () => new Promise<null>(() => undefined) }),
      };
      const read = readAll(host.stream(stuck, endless, { engine: 'typescript', timeout: 1 }));
      let isOver = false;
      const told = read.then(({ error }) => {
        isOver = true;
        return error;
      });
      await vi.advanceTimersByTimeAsync(1000 + 59_000);
      expect(isOver).toBe(false);
      await vi.advanceTimersByTimeAsync(1000);
      expect(await told).toMatchObject({ code: 'ERR_TANDEM_TIMEOUT' });
    } finally {
      vi.useRealTimers();
    }
  });

  test('is read from the older variable, OLDER_TIMEOUT', async () => {
    const hurried = countingHost(folder, { OLDER_TIMEOUT: '0.02' });
    expect((await readAll(hurried.stream(count, endless))).error).toMatchObject({
      code: 'ERR_TANDEM_TIMEOUT',
    });
  });
});

describe('an AbortSignal', () => {
  test.each(engines)('ends a run, with its reason as the cause (%s)', async (engine) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 20);
    const { numbers, error } = await readAll(
      host.stream(count, endless, { engine, signal: controller.signal }),
    );
    expect(error).toMatchObject({ code: 'ERR_TANDEM_ABORTED', cause: { message: 'enough' } });
    expect(numbers).toEqual(range(0, numbers.length));
  });

  test('that has aborted already starts no engine', async () => {
    const started: string[] = [];
    const operation = { ...count, typescript: (): never => started.push('typescript') as never };
    const stream = host.stream(operation, endless, { engine: 'typescript', signal: AbortSignal.abort() });
    expect((await readAll(stream)).error).toMatchObject({ code: 'ERR_TANDEM_ABORTED' });
    expect(started).toEqual([]);
  });

  test('ends a run that waits for a source that never settles', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error('enough')), 20);
    const stream = stuckHost(1).stream(count, endless, { signal: controller.signal });
    const { numbers, error } = await readAll(stream);
    expect([numbers, error]).toMatchObject([[0], { code: 'ERR_TANDEM_ABORTED' }]);
    expect(stream.fallbacks).toEqual([]);
  });

  test('that aborts while the engine starts cancels the engine', async () => {
    const controller = new AbortController();
    const { operation, told } = writing(0);
    const slow: typeof operation = {
      ...operation,
      typescript: async (request, context) => {
        await sleep(10);
        controller.abort();
        return operation.typescript(request, context);
      },
    };
    const stream = host.stream(slow, endless, { engine: 'typescript', signal: controller.signal });
    expect(await readAll(stream)).toMatchObject({ numbers: [], error: { code: 'ERR_TANDEM_ABORTED' } });
    expect(told).toEqual(['cancel']);
  });

  test('turns later errors of the engine into its cause, without a fallback', async () => {
    const controller = new AbortController();
    const stream = host.stream(count, { ...endless, failAt: 3 }, { signal: controller.signal });
    const numbers: number[] = [];
    const error = await (async () => {
      for await (const batch of stream) {
        numbers.push(...batch.numbers);
        if (numbers.length === 3) controller.abort();
      }
    })().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'ERR_TANDEM_ABORTED', cause: { message: 'the addon panicked' } });
    expect(stream.fallbacks).toEqual([]);
  });

  test('has no listener after the run', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const listeners = (): number => getEventListeners(signal, 'abort').length;
    for await (const _ of host.stream(count, { from: 0, to: 3, size: 1 }, { signal }))
      expect(listeners()).toBe(1);
    expect(listeners()).toBe(0);
    controller.abort();
    await readAll(host.stream(count, endless, { signal }));
    expect(listeners()).toBe(0);
  });
});

describe('the consumer', () => {
  test.each(engines)('cancels the source by leaving, and drains nothing (%s)', async (engine) => {
    const log: string[] = [];
    const operation: typeof count = {
      ...count,
      native: (addon, request, context) => logged(count.native(addon, request, context)),
      typescript: async (request, context) => logged(await count.typescript(request, context)),
    };
    function logged(source: ReturnType<typeof count.native>): typeof source {
      return {
        next: () => {
          log.push('next');
          return source.next();
        },
        cancel: () => {
          log.push('cancel');
          source.cancel();
        },
      };
    }
    for await (const batch of host.stream(operation, { ...endless, delay: 0 }, { engine })) {
      if (batch.numbers[0] === 2) break;
    }
    await sleep(5);
    expect(log).toEqual(['next', 'next', 'next', 'cancel']);
  });

  test('slows the producer: nothing is pulled before it is requested', async () => {
    let pulled = 0;
    const operation: typeof count = {
      ...count,
      typescript: async (request, context) => {
        const source = await count.typescript(request, context);
        return {
          next: () => {
            pulled += 1;
            return source.next();
          },
          cancel: () => source.cancel(),
        };
      },
    };
    const stream = host.stream(operation, { from: 0, to: 5, size: 1 }, { engine: 'typescript' });
    await sleep(5);
    expect(pulled).toBe(0);
    let taken = 0;
    for await (const _ of stream) {
      taken += 1;
      await sleep(2);
      expect(pulled).toBe(taken);
    }
  });

  test('may request many batches at once, and gets them in order', async () => {
    const iterator = host.stream(count, { from: 0, to: 4, size: 1, delay: 1 })[Symbol.asyncIterator]();
    const results = await Promise.all(Array.from({ length: 6 }, () => iterator.next()));
    expect(results.map(({ value }) => value?.numbers[0])).toEqual([0, 1, 2, 3, undefined, undefined]);
    expect(results.map(({ done }) => done)).toEqual([false, false, false, false, true, true]);
  });

  test('may leave while a batch is pending', async () => {
    const iterator = host.stream(count, { ...endless, delay: 30 })[Symbol.asyncIterator]();
    const pending = iterator.next();
    await sleep(5);
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined });
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test('may leave while a failed engine comes to rest, and no other engine starts', async () => {
    let started = 0;
    const operation: typeof count = {
      ...count,
      native: (addon, request) => {
        const source = addon.count({ ...request, failAt: 0 });
        let failed = false;
        return {
          next: async () => {
            if (failed) return sleep(20, null);
            failed = true;
            return source.next();
          },
          cancel: () => source.cancel(),
        };
      },
      typescript: (request, context) => {
        started += 1;
        return count.typescript(request, context);
      },
    };
    const iterator = host.stream(operation, endless)[Symbol.asyncIterator]();
    const pending = iterator.next();
    await sleep(10);
    await iterator.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(started).toBe(0);
  });

  test('can read a stream only once', async () => {
    const stream = host.stream(count, { from: 0, to: 2, size: 1 });
    expect(await collect(stream)).toEqual([0, 1]);
    await expect(collect(stream)).rejects.toMatchObject({
      code: 'ERR_TANDEM_BAD_ARGUMENT',
      message: 'a stream of batches can be read only once',
      hint: 'start another run',
    });
  });
});
