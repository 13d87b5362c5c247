import { performance } from 'node:perf_hooks';
import type { AddonDescriptor } from './addon.ts';
import type { Batch, BatchSource } from './batch.ts';
import type { BatchStream } from './batch-stream.ts';
import { cancelQuietly, comeToRest } from './come-to-rest.ts';
import { domainError } from './engine-failure.ts';
import { announceFallback, type FallbackEvent } from './fallback-event.ts';
import type { OperationMetrics } from './metrics.ts';
import type { RunContext, StreamOperation } from './operation.ts';
import { RunLimits } from './run-limits.ts';
import type { RunOptions } from './run-options.ts';
import type { Selection } from './selection.ts';
import { TandemError } from './tandem-error.ts';
import { announceWithoutWorkers } from './without-workers.ts';
import { oneLine } from './words.ts';

/**
 * How long TypeScript waits for a failed native source to stop before it continues anyway, and how long a run
 * that is over waits for a batch of an engine.
 */
const PATIENCE_MS = 2000;
/** The same for operations that change files: a group may still have to reach a slow disk. */
const WRITING_PATIENCE_MS = 60_000;

/** Everything a run needs, checked. */
export interface RunPlan<Request, B extends Batch, Addon extends { abiVersion(): number }> {
  readonly descriptor: AddonDescriptor<Addon>;
  readonly operation: StreamOperation<Request, B, Addon>;
  readonly request: Request;
  readonly selection: Selection;
  /** Null unless the selection is native. */
  readonly addon: Addon | null;
  /** Whether TypeScript continues when the native engine fails. */
  readonly mayFallBack: boolean;
  readonly workers: number;
  readonly pool: RunContext['pool'];
  readonly seconds: number | undefined;
  readonly options: RunOptions;
  readonly metrics: OperationMetrics;
}

/**
 * One run of a StreamOperation: pulls batches from an engine, and continues in TypeScript when the native one
 * fails.
 */
export class BatchRun<Request, B extends Batch, Addon extends { abiVersion(): number }>
  implements BatchStream<B>
{
  readonly fallbacks: FallbackEvent[] = [];
  readonly #plan: RunPlan<Request, B, Addon>;
  readonly #controller: AbortController = new AbortController();
  readonly #limits: RunLimits;
  #selection: Selection;
  /** Null while TypeScript is at work. */
  #addon: Addon | null;
  #source: BatchSource<B> | null = null;
  #last: B | null = null;
  #handedOut = 0;
  #phase: 'new' | 'running' | 'ended' = 'new';
  #taken = false;
  #toldOfWorkers = false;
  /** Ends the wait for an engine, if there is one. */
  #giveUp: (() => void) | null = null;
  #patience: NodeJS.Timeout | undefined;
  /** The previous pull: pulls run one after another, even if a consumer does not await them. */
  #previous: Promise<unknown> = Promise.resolve();

  constructor(plan: RunPlan<Request, B, Addon>) {
    this.#plan = plan;
    this.#selection = plan.selection;
    this.#addon = plan.addon;
    this.#limits = new RunLimits(plan.seconds, plan.options.signal, () => this.#cancel());
  }

  get selection(): Selection {
    return this.#selection;
  }

  [Symbol.asyncIterator](): AsyncIterator<B, undefined, undefined> {
    if (this.#taken) {
      const params = { problem: 'a stream of batches can be read only once', cure: 'start another run' };
      throw new TandemError('ERR_TANDEM_BAD_ARGUMENT', { params });
    }
    this.#taken = true;
    return {
      next: () => {
        const pull = this.#previous.then(() => this.#next());
        this.#previous = pull.catch(() => undefined);
        return pull;
      },
      // Not queued after the waiting pulls: cancellation must reach a busy source.
      return: async () => {
        this.#end();
        this.#cancel();
        return { done: true, value: undefined };
      },
    };
  }

  async #next(): Promise<IteratorResult<B, undefined>> {
    if (this.#phase === 'new') {
      this.#phase = 'running';
      this.#plan.metrics.begin(this.#selection.engine);
      this.#limits.start();
    }
    let batch: B | null;
    try {
      batch = this.#phase === 'ended' ? null : await this.#pull();
    } catch (error) {
      this.#end();
      cancelQuietly(this.#source);
      throw error;
    }
    if (batch !== null) return { done: false, value: batch };
    const stopped = this.#phase === 'running' && this.#limits.stopped;
    this.#end();
    if (stopped) throw this.#limits.error();
    return { done: true, value: undefined };
  }

  async #pull(): Promise<B | null> {
    for (;;) {
      this.#limits.check();
      // Do not start an engine after the time limit, or for a consumer that has already left.
      if (this.#source === null && (this.#limits.stopped || this.#phase === 'ended')) return null;
      const began = performance.now();
      let batch: B | null;
      try {
        batch = await this.#patiently(this.#fromEngine());
      } catch (error) {
        if (this.#phase === 'ended') return null;
        await this.#recover(error);
        continue;
      }
      if (batch === null) return null;
      this.#plan.metrics.record(this.#selection.engine, performance.now() - began, batch.items, batch.bytes);
      this.#last = batch;
      this.#handedOut += 1;
      return batch;
    }
  }

  async #fromEngine(): Promise<B | null> {
    this.#source ??= await this.#open();
    return this.#source.next();
  }

  /** The next result of an engine. Once the run is over, waits no longer than the patience. */
  async #patiently(batch: Promise<B | null>): Promise<B | null> {
    try {
      return await new Promise((resolve, reject) => {
        const seconds = this.#patienceMs / 1000;
        this.#giveUp = () =>
          reject(new Error(`the engine gave nothing for ${seconds} s after it was told to end`));
        if (this.#limits.stopped) this.#losePatience();
        batch.then(resolve, reject);
      });
    } finally {
      this.#giveUp = null;
      clearTimeout(this.#patience);
      this.#patience = undefined;
    }
  }

  #losePatience(): void {
    if (this.#giveUp === null) return;
    this.#patience ??= setTimeout(() => this.#giveUp?.(), this.#patienceMs);
  }

  /** A write in progress must finish and be reported. */
  get #patienceMs(): number {
    return this.#plan.operation.writes === true ? WRITING_PATIENCE_MS : PATIENCE_MS;
  }

  async #open(): Promise<BatchSource<B>> {
    const { operation, workers, pool } = this.#plan;
    const context: RunContext = {
      workers,
      pool,
      signal: this.#controller.signal,
      withoutWorkers: (error) => this.#withoutWorkers(error),
    };
    const request = this.fallbacks.length === 0 ? this.#plan.request : this.#rest();
    const source =
      this.#addon === null
        ? await operation.typescript(request, context)
        : operation.native(this.#addon, request, context);
    // The run may have been cancelled while the engine was starting.
    if (this.#controller.signal.aborted) cancelQuietly(source);
    return source;
  }

  #rest(): Request {
    return this.#plan.operation.resume(this.#plan.request, this.#last);
  }

  /** Continues in TypeScript after an engine failed, or throws the error that ends the run. */
  async #recover(error: unknown): Promise<void> {
    // An error that an engine throws after its cancellation is a consequence of the cancellation.
    if (this.#limits.stopped) throw this.#limits.error(error);
    if (this.#addon === null) throw error;
    const answer = domainError(error, this.#plan.descriptor);
    if (answer !== null) throw answer;
    const reason = oneLine(error);
    if (!this.#plan.mayFallBack)
      throw new TandemError('ERR_TANDEM_ENGINE_FAILED', { params: { reason }, cause: error });

    const failed = this.#source;
    if (failed !== null) await comeToRest(failed, PATIENCE_MS);
    this.#source = null;
    this.#addon = null;
    this.#selection = {
      ...this.#selection,
      engine: 'typescript',
      reason: `the native engine failed after ${this.#handedOut} batches: ${reason}`,
    };
    const event: FallbackEvent = {
      addon: this.#plan.descriptor.name,
      operation: this.#plan.operation.name,
      reason,
      batch: this.#handedOut,
      cursor: this.#last?.cursor ?? '',
      cause: error,
    };
    this.fallbacks.push(event);
    announceFallback(event, this.#plan.metrics, this.#plan.options);
  }

  #withoutWorkers(cause: unknown): void {
    if (this.#toldOfWorkers) return;
    this.#toldOfWorkers = true;
    const { descriptor, operation, metrics, options } = this.#plan;
    const event = { addon: descriptor.name, operation: operation.name, reason: oneLine(cause), cause };
    announceWithoutWorkers(event, metrics, options);
  }

  #cancel(): void {
    this.#controller.abort();
    cancelQuietly(this.#source);
    this.#losePatience();
  }

  #end(): void {
    this.#phase = 'ended';
    this.#limits.release();
  }
}
