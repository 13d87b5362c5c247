import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type StreamOperation, TandemError, type WithoutWorkersEvent } from '@tandem/engine';
import { describe, expect, test } from 'vitest';
import {
  type CountBatch,
  type CountingAddon,
  type CountRequest,
  collect,
  count,
  countingHost,
  range,
  temporaryFolder,
} from './counting.ts';

const folder = temporaryFolder();
const request: CountRequest = { from: 0, to: 4, size: 2 };
const cause = new TandemError('ERR_TANDEM_NO_WORKERS', { params: { reason: 'too many threads' } });

/** Needs a thread for each batch and gets none. */
const alone: StreamOperation<CountRequest, CountBatch, CountingAddon> = {
  ...count,
  typescript: async (asked, context) => {
    const source = await count.typescript(asked, context);
    return {
      next: () => {
        context.withoutWorkers(cause);
        return source.next();
      },
      cancel: () => source.cancel(),
    };
  },
};

describe('a run without worker threads', () => {
  test('reports it once: to its caller, on the channel and in performanceInfo', async () => {
    const host = countingHost(folder);
    const told: WithoutWorkersEvent[] = [];
    const heard: unknown[] = [];
    const listen = (event: unknown): number => heard.push(event);
    subscribe('tandem:without-workers', listen);
    const onWithoutWorkers = (event: WithoutWorkersEvent): number => told.push(event);
    const stream = host.stream(alone, request, { engine: 'typescript', onWithoutWorkers });
    const numbers = await collect(stream).finally(() => unsubscribe('tandem:without-workers', listen));
    expect(numbers).toEqual(range(0, 4));
    const reason = 'cannot start a worker thread: too many threads';
    expect(told).toEqual([{ addon: 'counting', operation: 'count', reason, cause }]);
    expect(told[0]?.cause).toBe(cause);
    expect(heard).toEqual(told);
    expect(stream.fallbacks).toEqual([]);
    const info = (): unknown => host.performanceInfo().operations['count']?.withoutWorkers;
    expect(info()).toEqual({ count: 1, reasons: { [reason]: 1 } });
    // The next run reports it again, also without a listener.
    expect(await collect(host.stream(alone, request, { engine: 'typescript' }))).toEqual(range(0, 4));
    expect(info()).toEqual({ count: 2, reasons: { [reason]: 2 } });
    expect([told.length, heard.length]).toEqual([1, 1]);
  });

  test('ends with the error that onWithoutWorkers throws', async () => {
    const onWithoutWorkers = (): never => {
      throw new Error('strict');
    };
    const stream = countingHost(folder).stream(alone, request, { engine: 'typescript', onWithoutWorkers });
    await expect(collect(stream)).rejects.toThrow('strict');
  });

  test('reports nothing where it has threads', async () => {
    const host = countingHost(folder);
    await collect(host.stream(count, request, { engine: 'typescript' }));
    expect(host.performanceInfo().operations['count']?.withoutWorkers).toEqual({ count: 0, reasons: {} });
  });
});
