import type { Batch, BatchSource } from '@tandem/engine';
import type { NativeBatch, NativeStream } from './native-addon.ts';

/** The longest time without a turn of the event loop. */
const TURN_MS = 5;

/** Rows and what they add up to; `totals` is JSON. What is in them the spec of the operation says. */
export interface RowBatch extends Batch {
  /**
   * Bytes, most often UTF-8. They stand until the next batch is asked for: an engine may write that one over them.
   */
  readonly rows: Uint8Array;
  readonly totals: string;
}

/** Batches of the addon. Their rows stand in one buffer, one batch after another. */
export class NativeSource implements BatchSource<RowBatch> {
  readonly #stream: NativeStream;
  readonly #end: string | null;
  #cursor: string | null = null;
  #room: Buffer = Buffer.alloc(0);
  #turn: number = performance.now();

  /** @param end the cursor of the last batch, where that is known: then nobody waits for a word that there is no other */
  constructor(stream: NativeStream, end: string | null = null) {
    this.#stream = stream;
    this.#end = end;
  }

  async next(): Promise<RowBatch | null> {
    if (this.#end !== null && this.#cursor === this.#end) return null;
    const batch = this.#ready() ?? (await this.#wait());
    if (batch === null) return null;
    const { rowBytes, totals, cursor, items, bytes } = batch;
    this.#cursor = cursor;
    if (rowBytes > this.#room.length) this.#room = Buffer.allocUnsafeSlow(rowBytes + (rowBytes >>> 2));
    this.#stream.copyRows(this.#room);
    return { rows: this.#room.subarray(0, rowBytes), totals, cursor, items, bytes };
  }

  /** What is ready is taken without a promise, but for a turn of the event loop now and then: signals and timers wait for one. */
  #ready(): NativeBatch | null {
    return performance.now() - this.#turn < TURN_MS ? this.#stream.takeReady() : null;
  }

  async #wait(): Promise<NativeBatch | null> {
    const batch = await this.#stream.next();
    this.#turn = performance.now();
    return batch;
  }

  cancel(): void {
    this.#stream.cancel();
  }
}
