/** A piece of a long operation's answer. Batches come in the order of the work. */
export interface Batch {
  /** Items worked on, for progress and metrics. */
  readonly items: number;
  /** Bytes read, for progress and metrics. */
  readonly bytes: number;
  /** Where this batch ended: enough for either engine to go on after it. Opaque to the engine layer. */
  readonly cursor: string;
}

/**
 * One engine at work: `next()` pulls, so a slow consumer slows the producer. It is never called again before its
 * promise is settled. After cancel(), next() gives what was already done and then null; null means that the source has
 * come to rest and touches nothing any more. A source that only reads is left alone when it gives nothing for 2 seconds after cancel().
 */
export interface BatchSource<B extends Batch> {
  next(): Promise<B | null>;
  /** Safe to call at any time and more than once. */
  cancel(): void;
}
