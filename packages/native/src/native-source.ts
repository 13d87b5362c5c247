import type { Batch, BatchSource } from '@tandem/engine';
import type { NativeStream } from './native-addon.ts';

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
  #room: Buffer = Buffer.alloc(0);

  constructor(stream: NativeStream) {
    this.#stream = stream;
  }

  async next(): Promise<RowBatch | null> {
    const batch = await this.#stream.next();
    if (batch === null) return null;
    const { rowBytes, totals, cursor, items, bytes } = batch;
    if (rowBytes > this.#room.length) this.#room = Buffer.allocUnsafeSlow(rowBytes + (rowBytes >>> 2));
    this.#stream.copyRows(this.#room);
    return { rows: this.#room.subarray(0, rowBytes), totals, cursor, items, bytes };
  }

  cancel(): void {
    this.#stream.cancel();
  }
}
