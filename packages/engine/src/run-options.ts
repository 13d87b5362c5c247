import type { FallbackEvent } from './fallback-event.ts';
import type { EnginePreference } from './selection.ts';
import type { WithoutWorkersEvent } from './without-workers.ts';

/** Options of one run. */
export interface RunOptions {
  /** Default: the variable of the descriptor, else 'auto'. */
  engine?: EnginePreference;
  /** Threads, from 1. Default: the variable of the descriptor, else as many as the machine has. */
  workers?: number;
  /**
   * Seconds for the whole run, from its first batch. Default: the variable of the descriptor, else none. A call
   * cannot be stopped.
   */
  timeout?: number;
  /** Ends the run with ERR_TANDEM_ABORTED; a call checks it before it starts, not while it runs. */
  signal?: AbortSignal;
  /**
   * Called at most once per run, when the native engine failed and before TypeScript continues. An error that
   * it throws ends the run.
   */
  onFallback?(event: FallbackEvent): void;
  /**
   * Called at most once per run, when no worker thread can be started and one thread continues. An error that
   * it throws ends the run.
   */
  onWithoutWorkers?(event: WithoutWorkersEvent): void;
}
