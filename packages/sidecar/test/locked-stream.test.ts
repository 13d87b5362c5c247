import { existsSync } from 'node:fs';
import { type BatchStream, TandemError } from '@tandem/engine';
import { newRun } from '@tandem/files';
import { JOB_STEPS } from '@tandem/job';
import type { RowBatch } from '@tandem/native';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../files/test/store-files.ts';
import { LockedStream } from '../src/convert/locked-stream.ts';

const folder = `${temporaryFolder()}/`;
const lock = `${folder}.tandem-lock`;

/** A stream that was stopped while its engine hangs. */
const stopped: BatchStream<RowBatch> = {
  selection: { engine: 'native', reason: 'it is there', failures: [] },
  fallbacks: [],
  // biome-ignore lint/correctness/useYield: it ends before its first batch
  async *[Symbol.asyncIterator]() {
    throw new TandemError('ERR_TANDEM_TIMEOUT', { params: { seconds: 1 } });
  },
};

test('a run whose engine hangs ends, and its tree stays locked until the engine is at rest', async () => {
  let settle: (batch: null) => void = () => undefined;
  const hanging = {
    cancel: () => undefined,
    next: () =>
      new Promise<null>((resolve) => {
        settle = resolve;
      }),
  };
  const places = {
    run: newRun(),
    purpose: { operation: 'convert' },
    finishes: true,
    folder,
    journal: `${folder}j`,
  };
  const stream = new LockedStream(stopped, [hanging], places, JOB_STEPS);
  const read = async (): Promise<void> => {
    for await (const _ of stream);
  };
  await expect(read()).rejects.toMatchObject({ code: 'ERR_TANDEM_TIMEOUT' });
  expect(existsSync(lock)).toBe(true);
  settle(null);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(existsSync(lock)).toBe(false);
});
