import { RunLimits, type RunOptions } from '@tandem/engine';
import { schemaHost } from './engines/host.ts';

/** The end that a caller may put to a run that is not an engine's: its time limit and its signal, as one signal. */
export class RunEnd {
  readonly #controller = new AbortController();
  readonly #limits: RunLimits;

  constructor({ timeout, signal }: Pick<RunOptions, 'timeout' | 'signal'>) {
    this.#limits = new RunLimits(schemaHost().timeout(timeout), signal, () => this.#controller.abort());
    this.#limits.start();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What a run threw, or what ended it: after an end everything that was under way fails somehow. */
  error(thrown: unknown): unknown {
    return this.#limits.stopped ? this.#limits.error() : thrown;
  }

  release(): void {
    this.#limits.release();
  }
}
