import { TandemError } from '@tandem/engine';
import { sidecarHost } from '../engines/host.ts';

/** What an operation that moves files is told of its end. */
export interface RunEndOptions {
  /** Seconds for the whole run; else TANDEM_TIMEOUT, else none. */
  readonly timeout?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The time limit and the signal of an operation that moves files. It is asked before each file, and nothing is begun after it. */
export class RunEnd {
  readonly #seconds: number | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #began = performance.now();

  /** Throws ERR_TANDEM_BAD_OPTION for a time that cannot be. */
  constructor({ timeout, signal }: RunEndOptions) {
    this.#seconds = sidecarHost().timeout(timeout);
    this.#signal = signal;
  }

  /** Seconds since the run began. */
  get elapsed(): number {
    return (performance.now() - this.#began) / 1000;
  }

  /** Why nothing more may be begun, or null: ERR_TANDEM_ABORTED, ERR_TANDEM_TIMEOUT. */
  get reason(): TandemError | null {
    if (this.#signal?.aborted) return new TandemError('ERR_TANDEM_ABORTED', { cause: this.#signal.reason });
    if (this.#seconds === undefined || this.elapsed < this.#seconds) return null;
    return new TandemError('ERR_TANDEM_TIMEOUT', { params: { seconds: this.#seconds } });
  }
}
