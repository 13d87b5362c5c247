import { performance } from 'node:perf_hooks';
import { TandemError } from './tandem-error.ts';

/** The time limit and the AbortSignal of one run. Nothing is armed before start() or after release(). */
export class RunLimits {
  readonly #seconds: number | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onStop: () => void;
  readonly #onAbort = (): void => this.#stop('ERR_TANDEM_ABORTED');
  #stoppedBy: 'ERR_TANDEM_TIMEOUT' | 'ERR_TANDEM_ABORTED' | null = null;
  #isArmed = false;
  #timer: NodeJS.Timeout | undefined;
  #deadline = Number.POSITIVE_INFINITY;

  /** @param onStop called at most once, when the time is over or the signal aborts */
  constructor(seconds: number | undefined, signal: AbortSignal | undefined, onStop: () => void) {
    this.#seconds = seconds;
    this.#signal = signal;
    this.#onStop = onStop;
  }

  start(): void {
    if (this.#signal?.aborted) this.#onAbort();
    if (this.stopped) return;
    this.#isArmed = true;
    this.#signal?.addEventListener('abort', this.#onAbort);
    if (this.#seconds === undefined) return;
    this.#deadline = performance.now() + this.#seconds * 1000;
    this.#timer = setTimeout(() => this.#stop('ERR_TANDEM_TIMEOUT'), this.#seconds * 1000);
    // A run that waits for nothing else must not keep the process alive until its time is over.
    this.#timer.unref();
  }

  /** Checks signal and clock: a run that never leaves the microtask queue starves its own timer. */
  check(): void {
    if (!this.#isArmed) return;
    if (this.#signal?.aborted) this.#onAbort();
    else if (performance.now() >= this.#deadline) this.#stop('ERR_TANDEM_TIMEOUT');
  }

  get stopped(): boolean {
    return this.#stoppedBy !== null;
  }

  /** The error that ended the run; only after it was stopped. */
  error(cause: unknown = this.#signal?.reason): TandemError {
    const params = { seconds: this.#seconds ?? 0 };
    return new TandemError(this.#stoppedBy ?? 'ERR_TANDEM_ABORTED', { params, cause });
  }

  release(): void {
    this.#isArmed = false;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  #stop(by: 'ERR_TANDEM_TIMEOUT' | 'ERR_TANDEM_ABORTED'): void {
    this.#stoppedBy = by;
    // This also prevents a second stop.
    this.release();
    this.#onStop();
  }
}
