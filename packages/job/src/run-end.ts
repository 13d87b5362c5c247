import { RunLimits, type TandemError } from '@tandem/engine';
import { tandemHost } from './host.ts';

/** What ends a run before its end. */
export interface RunEndOptions {
  /** Seconds for the whole run. Default: TANDEM_TIMEOUT, else none. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The time limit and the signal of a run that is not an engine's, from its construction to release(). A run
 * that waits takes `signal`; one that works without a pause asks for `reason` before each step.
 */
export class RunEnd {
  readonly #controller = new AbortController();
  readonly #limits: RunLimits;
  readonly #began = performance.now();

  /** Throws ERR_TANDEM_BAD_OPTION for an impossible time. */
  constructor({ timeout, signal }: RunEndOptions) {
    this.#limits = new RunLimits(tandemHost().timeout(timeout), signal, () => this.#controller.abort());
    this.#limits.start();
  }

  /** Seconds since the run began. */
  get elapsed(): number {
    return (performance.now() - this.#began) / 1000;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why nothing more may be begun, or null: ERR_TANDEM_ABORTED, ERR_TANDEM_TIMEOUT. */
  get reason(): TandemError | null {
    this.#limits.check();
    return this.#limits.stopped ? this.#limits.error() : null;
  }

  /** The error that a run threw, or what ended it: after an end everything under way fails somehow. */
  error(thrown: unknown): unknown {
    return this.#limits.stopped ? this.#limits.error() : thrown;
  }

  release(): void {
    this.#limits.release();
  }
}
