import type { Batch, BatchSource } from './batch.ts';
import type { WorkerPools } from './worker-pools.ts';

/** What a run provides to an engine. */
export interface RunContext {
  /** How many threads the run may use, at least 1. */
  readonly workers: number;
  /** Warm worker threads, shared by all runs of the host. */
  readonly pool: WorkerPools;
  /**
   * To be called when the pool throws ERR_TANDEM_NO_WORKERS and the source continues without it; reported
   * once per run.
   */
  withoutWorkers(error: unknown): void;
  /**
   * Aborted when the run is cancelled, out of time or abandoned by its consumer; the source's cancel() is
   * called too.
   */
  readonly signal: AbortSignal;
}

/** A long operation: its answer comes in batches. */
export interface StreamOperation<Request, B extends Batch, Addon> {
  /** Its name in metrics and reports, such as 'sidecar.scan'. */
  readonly name: string;
  /**
   * Whether it changes files. When the run is over it waits for such a source, a minute for each batch,
   * because its changes must be reported; any other source is abandoned after 2 seconds without a batch. The
   * operation itself must exclude others from files that it may still write.
   */
  readonly writes?: boolean;
  native(addon: Addon, request: Request, context: RunContext): BatchSource<B>;
  typescript(request: Request, context: RunContext): BatchSource<B> | Promise<BatchSource<B>>;
  /** The request for the work after `last`; `last` is null if nothing was delivered. */
  resume(request: Request, last: B | null): Request;
}

/** A short operation: one synchronous call. */
export interface CallOperation<Request, Result, Addon> {
  /** Its name in metrics, reports and the calibration. */
  readonly name: string;
  native(addon: Addon, request: Request): Result;
  typescript(request: Request): Result;
  /** Bytes of input, which are compared with the break-even. */
  size(request: Request): number;
  /**
   * Bytes from which the native engine is faster; `Infinity` is allowed. Used if the user's machine was not
   * calibrated.
   */
  readonly breakEven: number;
}
