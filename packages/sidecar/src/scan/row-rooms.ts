/** Enough for the rows of most batches. */
const FIRST_BYTES = 256 * 1024;
/** Rows that need more are transferred separately. */
const LARGEST_BYTES = 4 * 1024 * 1024;

/**
 * Memory that a scan's threads share: one thread writes the rows of a batch there, another hands them out,
 * and then the memory is reused. Rows that were transferred between threads instead would be copied twice,
 * and wait for two garbage collectors.
 */
export class RowRooms {
  readonly #free: Buffer[] = [];
  #bytes = FIRST_BYTES;

  borrow(): Buffer {
    return this.#free.pop() ?? Buffer.from(new SharedArrayBuffer(this.#bytes));
  }

  /** The rows of a batch, either in its room or transferred separately. */
  rowsOf(room: Buffer, rows: Uint8Array | number): Uint8Array {
    if (typeof rows === 'number') return room.subarray(0, rows);
    const wanted = rows.length + (rows.length >>> 2);
    if (wanted > this.#bytes && wanted <= LARGEST_BYTES) this.#bytes = wanted;
    return rows;
  }

  /** Call it when the rows in the room are no longer in use. */
  giveBack(room: Buffer): void {
    if (room.length >= this.#bytes) this.#free.push(room);
  }
}
