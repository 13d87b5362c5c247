import type { Batch } from './batch.ts';
import type { FallbackEvent } from './fallback-event.ts';
import type { Selection } from './selection.ts';

/**
 * The batches of one run, in order; nothing happens before the first is asked for, and it can be read once.
 * Leaving a `for await` early cancels the run. It throws what the operation throws, ERR_TANDEM_TIMEOUT or
 * ERR_TANDEM_ABORTED after everything done so far was handed out, and ERR_TANDEM_ENGINE_FAILED where the native engine
 * was asked for by name and failed.
 */
export interface BatchStream<B extends Batch> {
  // Not by extending AsyncIterable, which has one parameter before TypeScript 5.6.
  [Symbol.asyncIterator](): AsyncIterator<B, undefined, undefined>;
  /** The engine at work now. */
  readonly selection: Selection;
  /** None, or the one that made TypeScript go on. */
  readonly fallbacks: readonly FallbackEvent[];
}
