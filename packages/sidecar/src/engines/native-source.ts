import type { BatchSource } from '@tandem/engine';
import type { NativeScan } from '@tandem/native';
import type { ScanBatch } from './requests.ts';

/** Batches of the addon. Their rows stand in one buffer, one batch after another. */
export class NativeSource implements BatchSource<ScanBatch> {
  readonly #scan: NativeScan;
  #room: Buffer = Buffer.alloc(0);

  constructor(scan: NativeScan) {
    this.#scan = scan;
  }

  async next(): Promise<ScanBatch | null> {
    const batch = await this.#scan.next();
    if (batch === null) return null;
    const { rowBytes, totals, cursor, items, bytes } = batch;
    if (rowBytes > this.#room.length) this.#room = Buffer.allocUnsafeSlow(rowBytes + (rowBytes >>> 2));
    this.#scan.copyRows(this.#room);
    return { rows: this.#room.subarray(0, rowBytes), totals, cursor, items, bytes };
  }

  cancel(): void {
    this.#scan.cancel();
  }
}
