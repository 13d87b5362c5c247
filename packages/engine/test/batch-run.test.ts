import type { BatchSource, BatchStream, RunOptions } from '@tandem/engine';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type CountBatch, count, countingHost, temporaryFolder } from './counting.ts';

const folder = temporaryFolder();
const host = countingHost(folder);
const request = { from: 0, to: 3, size: 1 };
const done = { done: true, value: undefined };
const batch = (number: number): CountBatch => ({
  numbers: [number],
  items: 1,
  bytes: 1,
  cursor: String(number),
});

/** A stream whose TypeScript engine is this source. */
function streamOf(
  next: BatchSource<CountBatch>['next'],
  options: RunOptions = {},
  cancel = (): void => undefined,
): BatchStream<CountBatch> {
  const operation = { ...count, typescript: () => ({ next, cancel }) };
  return host.stream(operation, request, { ...options, engine: 'typescript' });
}

describe('a run that has ended', () => {
  test('asks its engine for nothing more after an error', async () => {
    let asked = 0;
    const stream = streamOf(async () => {
      asked += 1;
      throw new Error('broken');
    });
    const iterator = stream[Symbol.asyncIterator]();
    await expect(iterator.next()).rejects.toThrow('broken');
    expect([await iterator.next(), asked]).toEqual([done, 1]);
  });

  test('throws its error once', async () => {
    const controller = new AbortController();
    const iterator = host.stream(count, request, { signal: controller.signal })[Symbol.asyncIterator]();
    expect((await iterator.next()).value?.numbers).toEqual([0]);
    controller.abort();
    await expect(iterator.next()).rejects.toMatchObject({ code: 'ERR_TANDEM_ABORTED' });
    expect(await iterator.next()).toEqual(done);
  });

  test('throws nothing to a consumer that has left, even if it was stopped before', async () => {
    const controller = new AbortController();
    const iterator = host
      .stream(count, { ...request, delay: 10 }, { signal: controller.signal })
      [Symbol.asyncIterator]();
    const pending = iterator.next();
    controller.abort();
    await iterator.return?.();
    expect(await pending).toEqual(done);
  });

  test('does not fall back for a consumer that has left', async () => {
    let fail = (_error: Error): void => undefined;
    let asked = (): void => undefined;
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const next = (): Promise<never> => {
      asked();
      return new Promise((_, reject) => {
        fail = reject;
      });
    };
    const late = { ...count, native: () => ({ next, cancel: () => undefined }) };
    const stream = host.stream(late, request);
    const iterator = stream[Symbol.asyncIterator]();
    const pending = iterator.next();
    await isAsked;
    await iterator.return?.();
    fail(new Error('too late'));
    expect(await pending).toEqual(done);
    expect([stream.fallbacks, stream.selection.engine]).toEqual([[], 'native']);
  });
});

describe('the wait for an engine that was told to end', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => setTimeout(resolve, milliseconds));

  test('starts again for each batch', async () => {
    const controller = new AbortController();
    let made = 0;
    const slow = async (): Promise<CountBatch | null> => {
      if (controller.signal.aborted) await wait(1500);
      made += 1;
      return made > 4 ? null : batch(made);
    };
    const numbers: number[] = [];
    const read = (async () => {
      for await (const { numbers: more } of streamOf(slow, { signal: controller.signal })) {
        numbers.push(...more);
        controller.abort();
      }
    })().catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await read).toMatchObject({ code: 'ERR_TANDEM_ABORTED' });
    expect(numbers).toEqual([1, 2, 3, 4]);
  });

  test('starts when the engine is asked, not while the consumer is busy', async () => {
    const controller = new AbortController();
    const left = [batch(1), batch(2), null];
    const slow = async (): Promise<CountBatch | null> => {
      if (controller.signal.aborted) await wait(1500);
      return left.shift() ?? null;
    };
    const numbers: number[] = [];
    const read = (async () => {
      for await (const { numbers: more } of streamOf(slow, { signal: controller.signal })) {
        numbers.push(...more);
        controller.abort();
        await wait(1500);
      }
    })().catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await read).toMatchObject({ code: 'ERR_TANDEM_ABORTED' });
    expect(numbers).toEqual([1, 2]);
  });

  test('ends after 2 s without a batch, also if the engine was told between two batches', async () => {
    const controller = new AbortController();
    const stuck = (): Promise<CountBatch> =>
      controller.signal.aborted ? new Promise(() => undefined) : Promise.resolve(batch(1));
    const read = (async () => {
      for await (const _ of streamOf(stuck, { signal: controller.signal })) controller.abort();
    })().catch((thrown: unknown) => thrown);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await read).toMatchObject({
      code: 'ERR_TANDEM_ABORTED',
      cause: { message: 'the engine gave nothing for 2 s after it was told to end' },
    });
  });
});
