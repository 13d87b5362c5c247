import type { FallbackEvent } from './fallback-event.ts';
import type { EnginePreference } from './selection.ts';
import type { WithoutWorkersEvent } from './without-workers.ts';

/** What a caller may say about one run. */
export interface RunOptions {
  /** Else TANDEM_ENGINE, else 'auto'. */
  engine?: EnginePreference;
  /** Threads, from 1; else TANDEM_WORKERS, else as many as the machine has. */
  workers?: number;
  /** Seconds for the whole run, from its first batch on; else TANDEM_TIMEOUT, else none. A call cannot be stopped. */
  timeout?: number;
  /** Ends the run with ERR_TANDEM_ABORTED; for a call it is looked at before, not during. */
  signal?: AbortSignal;
  /** Called at most once a run, when the native engine failed and before TypeScript goes on. What it throws ends the run. */
  onFallback?(event: FallbackEvent): void;
  /** Called at most once a run, when no worker thread can be started and one thread goes on. What it throws ends the run. */
  onWithoutWorkers?(event: WithoutWorkersEvent): void;
}
