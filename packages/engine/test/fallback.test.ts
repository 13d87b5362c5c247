import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  type CallOperation,
  EngineHost,
  FALLBACK_CHANNEL,
  type FallbackEvent,
  type RunOptions,
  TandemError,
} from '@tandem/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import './test-errors.ts';
import { comeToRest } from '../src/come-to-rest.ts';
import {
  type CountBatch,
  type CountingAddon,
  collect,
  count,
  countingHost,
  describeCounting,
  range,
  temporaryFolder,
  typescriptLog,
  writeAddon,
} from './counting.ts';

const folder = temporaryFolder();
const host = countingHost(folder);
const addonLog = async (): Promise<string[]> => {
  const { createRequire } = await import('node:module');
  const { path = '' } = host.select('native');
  return createRequire(path)(path).log;
};

describe('when the native engine fails', () => {
  // 10 numbers in 4 batches: before the first, in the middle, at the last, and where the stream would end.
  test.each([0, 2, 3, 4])('at batch %i, TypeScript resumes after the last one handed out', async (failAt) => {
    const events: FallbackEvent[] = [];
    const onFallback = (event: FallbackEvent): number => events.push(event);
    const stream = host.stream(count, { from: 0, to: 10, size: 3, failAt }, { engine: 'auto', onFallback });
    expect(stream.selection.engine).toBe('native');
    expect(await collect(stream)).toEqual(range(0, 10));
    expect(stream.selection).toMatchObject({
      engine: 'typescript',
      reason: `the native engine failed after ${failAt} batches: the addon panicked`,
    });
    const cursor = failAt === 0 ? '' : String(Math.min(10, failAt * 3));
    expect(events).toEqual(stream.fallbacks);
    expect(events).toMatchObject([
      { addon: 'counting', operation: 'count', reason: 'the addon panicked', batch: failAt, cursor },
    ]);
    expect(events[0]?.cause).toBeInstanceOf(Error);
  });

  test('after a batch without items, TypeScript resumes after that batch', async () => {
    // 0 1 2, an empty batch for 3, then the failure.
    typescriptLog.length = 0;
    const stream = host.stream(count, { from: 0, to: 10, size: 3, failAt: 2, gaps: [3] }, { engine: 'auto' });
    expect(await collect(stream)).toEqual([...range(0, 3), ...range(4, 10)]);
    expect(stream.fallbacks).toMatchObject([{ batch: 2, cursor: '4' }]);
    expect(typescriptLog[0]).toBe('next 4');
  });

  test('at the call itself, TypeScript does all the work', async () => {
    const stream = host.stream(count, { from: 0, to: 10, size: 3, failAtCall: true });
    expect(await collect(stream)).toEqual(range(0, 10));
    expect(stream.fallbacks).toMatchObject([{ batch: 0, cursor: '' }]);
  });

  test('the operation is asked for the rest of its request, and is not asked without a failure', async () => {
    const rests: (number | null)[] = [];
    const asked: typeof count = {
      ...count,
      resume: (request, last) => {
        rests.push(last === null ? null : Number(last.cursor));
        return count.resume(request, last);
      },
    };
    for (const engine of ['native', 'typescript', 'auto'] as const) {
      await collect(host.stream(asked, { from: 0, to: 9, size: 3 }, { engine }));
    }
    expect(rests).toEqual([]);
    for (const failAt of [0, 2]) await collect(host.stream(asked, { from: 0, to: 9, size: 3, failAt }));
    await collect(host.stream(asked, { from: 0, to: 9, size: 3, failAtCall: true }));
    expect(rests).toEqual([null, 6, null]);
  });

  test('the next run begins natively again', async () => {
    await collect(host.stream(count, { from: 0, to: 10, size: 3, failAt: 1 }));
    expect(host.stream(count, { from: 0, to: 10, size: 3 }).selection.engine).toBe('native');
  });

  test('the native source is cancelled and at rest before TypeScript begins', async () => {
    const log = await addonLog();
    log.length = 0;
    typescriptLog.length = 0;
    const restBefore: number[] = [];
    const onFallback = (): number => restBefore.push(typescriptLog.length);
    await collect(host.stream(count, { from: 0, to: 9, size: 3, failAt: 1 }, { onFallback }));
    expect(log.slice(2)).toContain('cancel');
    expect(restBefore).toEqual([0]);
    expect(typescriptLog).toEqual(['next 3', 'next 6', 'next 9']);
  });

  test('a source that does not come to rest is abandoned after a while', async () => {
    const cancel = (): never => {
      throw new Error('no cancel either');
    };
    const batch = { numbers: [], items: 0, bytes: 0, cursor: '' };
    const stuck = { next: () => new Promise<never>(() => undefined), cancel };
    const deaf = { next: async () => batch, cancel };
    const failing = { next: () => Promise.reject(new Error('closed')), cancel };
    // If it waited for longer, the test would not end in time.
    for (const source of [stuck, deaf]) await comeToRest(source, 20);
    await comeToRest(failing, 3_600_000);
  });

  test('a source is at rest when it has given null, and its batches until then are dropped', async () => {
    const batch = { numbers: [], items: 0, bytes: 0, cursor: '' };
    const left = [batch, batch, null];
    const calls: string[] = [];
    const next = async (): Promise<CountBatch | null> => {
      calls.push('next');
      return left.shift() ?? null;
    };
    await comeToRest({ next, cancel: () => calls.push('cancel') }, 60_000);
    expect(calls).toEqual(['cancel', 'next', 'next', 'next']);
  });

  test('the failure is counted and published', async () => {
    const own = countingHost(folder);
    const heard: unknown[] = [];
    const listen = (event: unknown): number => heard.push(event);
    expect(FALLBACK_CHANNEL).toBe('tandem:fallback');
    subscribe(FALLBACK_CHANNEL, listen);
    const stream = own.stream(count, { from: 0, to: 10, size: 3, failAt: 1 });
    await collect(stream).finally(() => unsubscribe(FALLBACK_CHANNEL, listen));
    expect(heard).toEqual(stream.fallbacks);
    const { fallbacks } = own.performanceInfo().operations['count'] ?? {};
    expect(fallbacks).toEqual({ count: 1, reasons: { 'the addon panicked': 1 } });
  });

  const hostile = 'new Proxy({}, { getPrototypeOf() { throw 1 }, get() { throw 2 }, has() { throw 3 } })';
  const throwing = "new Proxy(new Error(), { get() { throw new Error('trap') } })";
  test.each([
    ['an object without a prototype', 'Object.create(null)', 'something that cannot be shown'],
    ['a proxy whose every trap throws', hostile, 'something that cannot be shown'],
    ['a proxy of an error that cannot be read', throwing, 'something that cannot be shown'],
    ['nothing', 'undefined', 'undefined'],
    ['a symbol', "Symbol('no')", 'Symbol(no)'],
  ])('by throwing %s, TypeScript takes over as well', async (_name, thrown, reason) => {
    const fails = `() => { throw ${thrown}; }`;
    const source = `module.exports = { abiVersion: () => 7, shout: ${fails}, count: () => ({ next: async ${fails}, cancel: ${fails} }) };`;
    const specifier = writeAddon(folder, source);
    const options = { env: {}, calibrationFile: null };
    const own = new EngineHost(describeCounting({ origin: 'path', specifier }), options);
    const stream = own.stream(count, { from: 0, to: 4, size: 2 });
    expect(await collect(stream)).toEqual(range(0, 4));
    expect(stream.fallbacks).toMatchObject([{ reason, batch: 0 }]);
    const shout: CallOperation<string, string, CountingAddon & { shout(text: string): string }> = {
      name: 'shout',
      native: (addon, text) => addon.shout(text),
      typescript: (text) => text.toUpperCase(),
      size: (text) => text.length,
      breakEven: 0,
    };
    expect(own.call(shout as CallOperation<string, string, CountingAddon>, 'a')).toBe('A');
    const byName = own.stream(count, { from: 0, to: 4, size: 2 }, { engine: 'native' });
    await expect(collect(byName)).rejects.toMatchObject({
      code: 'ERR_TANDEM_ENGINE_FAILED',
      message: `the native engine failed: ${reason}`,
    });
  });

  test('a run that requested it by name throws', async () => {
    const stream = host.stream(count, { from: 0, to: 10, size: 3, failAt: 1 }, { engine: 'native' });
    const numbers: number[] = [];
    const error = await (async () => {
      for await (const batch of stream) numbers.push(...batch.numbers);
    })().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'ERR_TANDEM_ENGINE_FAILED',
      cause: { message: 'the addon panicked' },
    });
    expect((error as Error).message).toBe('the native engine failed: the addon panicked');
    expect(numbers).toEqual(range(0, 3));
    expect(stream.fallbacks).toEqual([]);
  });

  test('an error thrown by onFallback ends the run', async () => {
    const onFallback = (): never => {
      throw new Error('strict');
    };
    const stream = host.stream(count, { from: 0, to: 10, size: 3, failAt: 1 }, { onFallback });
    await expect(collect(stream)).rejects.toThrow('strict');
  });

  test('an error of TypeScript is the answer', async () => {
    const both = { ...count, typescript: (): never => fail('typescript fails too') };
    await expect(collect(host.stream(both, { from: 0, to: 1, size: 1, failAtCall: true }))).rejects.toThrow(
      'too',
    );
  });
});

function fail(message: string): never {
  throw new Error(message);
}

describe('an error that is the answer', () => {
  const run = async (
    error: Record<string, unknown>,
    message: string,
    options: RunOptions = {},
  ): Promise<unknown> => {
    const stream = host.stream(count, { from: 0, to: 10, size: 3, failAt: 1, error, message }, options);
    const thrown = await collect(stream).then(
      () => 'nothing was thrown',
      (caught: unknown) => caught,
    );
    expect(stream.fallbacks).toEqual([]);
    return thrown;
  };

  test.each(['auto', 'native'] as const)('is rebuilt as a TandemError (%s)', async (engine) => {
    const fields = {
      code: 'ERR_TEST_EMPTY',
      path: '/data',
      offset: 4,
      line: 1,
      column: 5,
      other: 1,
    };
    const thrown = await run(fields, 'the folder cannot be read', { engine });
    expect(thrown).toBeInstanceOf(TandemError);
    expect((thrown as TandemError).toJSON()).toEqual({
      code: 'ERR_TEST_EMPTY',
      message: 'the folder cannot be read',
      path: '/data',
      offset: 4,
      line: 1,
      column: 5,
      hint: 'restore it from a backup or remove it',
    });
  });

  test('may have its code before the message, as in a rejected promise of Node-API', async () => {
    const thrown = await run({ code: 'GenericFailure' }, 'ERR_TANDEM_ABORTED: the run was cancelled');
    expect(thrown).toMatchObject({ code: 'ERR_TANDEM_ABORTED', message: 'the run was cancelled' });
  });

  test.each(['code', 'message'])('may contain the values of its template (code in its %s)', async (place) => {
    const details = { params: { size: 7, limit: 5 }, path: '/data', line: null };
    const code = 'ERR_TEST_TOO_LARGE';
    const text = JSON.stringify(details);
    const thrown = await (place === 'code' ? run({ code }, text) : run({}, `${code}: ${text}`));
    expect((thrown as TandemError).toJSON()).toEqual({
      code,
      message: 'the file is 7 bytes, more than the limit of 5',
      hint: 'raise the limit',
      path: '/data',
    });
  });

  test('keeps a message that only looks like JSON', async () => {
    expect(await run({ code: 'ERR_TANDEM_ABORTED' }, '{no')).toMatchObject({ message: '{no' });
  });

  test('may be one that only the descriptor knows', async () => {
    const own = countingHost(folder);
    Object.assign(own.descriptor, { isDomainError: (error: unknown) => error instanceof RangeError });
    const operation = {
      ...count,
      native: (): never => {
        throw new RangeError('ours');
      },
    };
    const stream = own.stream(operation, { from: 0, to: 1, size: 1 });
    await expect(collect(stream)).rejects.toThrow(RangeError);
    expect(stream.fallbacks).toEqual([]);
  });

  test.each([
    [{ code: 'GenericFailure' }, 'panic'],
    [{ code: 'ERR_TANDEM_ENGINE_FAILED' }, 'an engine error has a code too'],
    [{ code: 'ERR_TANDEM_NOT_IN_THE_TABLE' }, 'a code of another version'],
    [{ code: 'ERR_OTHER' }, 'another prefix'],
    [{}, 'ERR_TANDEM_ENGINE_FAILED: before the message'],
  ])('%j is a failure of the engine', async (error, message) => {
    const stream = host.stream(count, { from: 0, to: 10, size: 3, failAt: 1, error, message });
    expect(await collect(stream)).toEqual(range(0, 10));
    expect(stream.fallbacks.length).toBe(1);
  });

  test('that is not an Error is a failure of the engine', async () => {
    const operation = {
      ...count,
      native: (): never => {
        throw 'a string';
      },
    };
    const stream = host.stream(operation, { from: 0, to: 3, size: 1 });
    expect(await collect(stream)).toEqual(range(0, 3));
    expect(stream.fallbacks[0]?.reason).toBe('a string');
  });
});

test('whatever batch the native engine fails at, each item is handed out once and in order', async () => {
  const request = fc.record({
    from: fc.nat(50),
    length: fc.nat(60),
    size: fc.integer({ min: 1, max: 9 }),
    failAt: fc.option(fc.nat(20)),
    failAtCall: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(request, async ({ from, length, ...rest }) => {
      const batches: CountBatch[] = [];
      for await (const batch of host.stream(count, { from, to: from + length, ...rest })) batches.push(batch);
      expect(batches.flatMap((batch) => batch.numbers)).toEqual(range(from, from + length));
    }),
    { numRuns: 300 },
  );
});
