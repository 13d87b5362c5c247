/** A part of the answer of a long operation. Batches come in the order of the work. */
export interface Batch {
  /** Items processed, for progress and metrics. */
  readonly items: number;
  /** Bytes read, for progress and metrics. */
  readonly bytes: number;
  /** Where this batch ended: enough for either engine to continue after it. Opaque to the engine layer. */
  readonly cursor: string;
}

/**
 * One engine at work. `next()` pulls, so a slow consumer slows the producer; it is never called again before
 * its promise is settled. After cancel(), next() returns the work that is already done and then null. Null
 * means that the source has stopped and touches nothing any more. If a source that only reads returns nothing
 * for 2 seconds after cancel(), the run abandons it.
 */
export interface BatchSource<B extends Batch> {
  next(): Promise<B | null>;
  /** Safe to call at any time and more than once. */
  cancel(): void;
}
