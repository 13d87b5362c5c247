import type { Batch, BatchSource } from '@tandem/engine';
import type { NativeBatch, NativeStream } from './generated/native-addon.ts';

/** The longest time without a turn of the event loop. */
const TURN_MS = 5;

/** Rows and their totals; `totals` is JSON. The specification of the operation defines both. */
export interface RowBatch extends Batch {
  /** Bytes, most often UTF-8. Valid until the next batch is requested, which may overwrite them. */
  readonly rows: Uint8Array;
  readonly totals: string;
}

/** Batches of the addon. All rows are copied into one buffer, batch after batch. */
export class NativeSource implements BatchSource<RowBatch> {
  readonly #stream: NativeStream;
  readonly #end: string | null;
  #cursor: string | null = null;
  #room: Buffer = Buffer.alloc(0);
  #turn: number = performance.now();

  /**
   * @param end the cursor of the last batch, if known: it saves the call that would report that there are no
   * more batches
   */
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

  /**
   * Takes a ready batch without a promise. From time to time it returns null instead, so that the event loop
   * gets a turn: signals and timers need one.
   */
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
