import { performance } from 'node:perf_hooks';
import type { Batch, BatchSource } from './batch.ts';

/**
 * Cancels a source and waits until it has stopped, so that two engines never work on the same files. Batches
 * that it still delivers are dropped: they come after a batch that failed, and are made again.
 * @param patience milliseconds after which a source that does not stop is abandoned
 */
export async function comeToRest<B extends Batch>(source: BatchSource<B>, patience: number): Promise<void> {
  const until = performance.now() + patience;
  cancelQuietly(source);
  const drained = (async () => {
    // Check the clock too: a source that ignores cancel() and never leaves the microtask queue starves the
    // timer.
    while (performance.now() < until && (await source.next()) !== null);
  })().catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  // Not unref'd: this timer may be all that keeps the process alive until the other engine continues.
  const patienceOver = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience);
  });
  await Promise.race([drained, patienceOver]);
  clearTimeout(timer);
}

/** Cancels a source that may be broken: an error of its cancel() has no receiver. */
export function cancelQuietly<B extends Batch>(source: BatchSource<B> | null): void {
  try {
    source?.cancel();
  } catch {
    // The error that made it be cancelled is reported.
  }
}
