import type { Batch, BatchSource } from './batch.ts';
import type { WorkerPools } from './worker-pools.ts';

/** What a run lends to an engine. */
export interface RunContext {
  /** How many threads the run may use, at least 1. */
  readonly workers: number;
  /** Warm worker threads, shared by all runs of the host. */
  readonly pool: WorkerPools;
  /** To be called when the pool gives ERR_TANDEM_NO_WORKERS and the source goes on without it: it is told once a run. */
  withoutWorkers(error: unknown): void;
  /** Aborted when the run is cancelled, out of time or given up by its consumer; the source's cancel() is called too. */
  readonly signal: AbortSignal;
}

/** A long operation: its answer comes in batches. */
export interface StreamOperation<Request, B extends Batch, Addon> {
  /** Its name in metrics and reports, such as 'sidecar.scan'. */
  readonly name: string;
  /**
   * Whether it changes files. Such a source is waited for when the run is over, a minute for each batch, because what it did is to be
   * told; any other is left alone after 2 seconds without a batch. Who keeps others from what it still writes is the operation itself.
   */
  readonly writes?: boolean;
  native(addon: Addon, request: Request, context: RunContext): BatchSource<B>;
  typescript(request: Request, context: RunContext): BatchSource<B> | Promise<BatchSource<B>>;
  /** The request for what is left after `last`; `last` is null when nothing was handed out. */
  resume(request: Request, last: B | null): Request;
}

/** A short operation: one synchronous call. */
export interface CallOperation<Request, Result, Addon> {
  /** Its name in metrics, reports and the calibration. */
  readonly name: string;
  native(addon: Addon, request: Request): Result;
  typescript(request: Request): Result;
  /** Bytes of input; decides against the break-even. */
  size(request: Request): number;
  /**
   * Bytes from which on the native engine is the faster one; `Infinity` is allowed. Used where the user's machine was
   * not calibrated.
   */
  readonly breakEven: number;
}
