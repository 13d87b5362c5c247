/** Promises that run concurrently, up to a maximum number. */
export class InFlight {
  readonly #most: number;
  readonly #running = new Set<Promise<void>>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Begins work as soon as there is room for it. A rejection is thrown by a later add() or by done(). */
  async add(begin: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#most) await Promise.race(this.#running);
    const running: Promise<void> = begin().finally(() => this.#running.delete(running));
    // It may fail while it is not awaited.
    running.catch(() => undefined);
    this.#running.add(running);
  }

  async done(): Promise<void> {
    await Promise.all(this.#running);
  }
}
