import type { Batch } from './batch.ts';
import type { FallbackEvent } from './fallback-event.ts';
import type { Selection } from './selection.ts';

/**
 * The batches of one run, in order. Nothing happens before the first is requested, and the stream can be read
 * once. Leaving a `for await` early cancels the run. It throws what the operation throws; ERR_TANDEM_TIMEOUT
 * or ERR_TANDEM_ABORTED, after all finished batches have been delivered; and ERR_TANDEM_ENGINE_FAILED if the
 * native engine was requested explicitly and failed.
 */
export interface BatchStream<B extends Batch> {
  // Not by extending AsyncIterable, which has one parameter before TypeScript 5.6.
  [Symbol.asyncIterator](): AsyncIterator<B, undefined, undefined>;
  /** The engine at work now. */
  readonly selection: Selection;
  /** None, or the fallback after which TypeScript continued. */
  readonly fallbacks: readonly FallbackEvent[];
}
