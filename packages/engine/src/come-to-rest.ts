import { performance } from 'node:perf_hooks';
import type { Batch, BatchSource } from './batch.ts';

/**
 * Cancels a source and waits until it has come to rest, so that two engines are never at work on the same files.
 * What it still delivers is dropped: it lies behind a batch that failed and is made again.
 * @param patience milliseconds after which a source that does not come to rest is left alone
 */
export async function comeToRest<B extends Batch>(source: BatchSource<B>, patience: number): Promise<void> {
  const until = performance.now() + patience;
  cancelQuietly(source);
  const drained = (async () => {
    // The clock is looked at too: a source that ignores cancel() and never leaves the microtask queue starves the timer.
    while (performance.now() < until && (await source.next()) !== null);
  })().catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  // Not unref'd: it may be all that keeps the process alive until the other engine goes on.
  const patienceOver = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience);
  });
  await Promise.race([drained, patienceOver]);
  clearTimeout(timer);
}

/** Cancels a source that may be broken: what its cancel() throws has nobody to go to. */
export function cancelQuietly<B extends Batch>(source: BatchSource<B> | null): void {
  try {
    source?.cancel();
  } catch {}
}
