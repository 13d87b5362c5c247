/** Enough for the rows of most batches. */
const FIRST_BYTES = 256 * 1024;
/** Rows that need more travel by themselves. */
const LARGEST_BYTES = 4 * 1024 * 1024;

/**
 * Memory that a scan's threads share: a batch's rows are written there by one and handed out by another, and then it is used again. Rows
 * that are sent to and fro instead are copied twice, and wait for two garbage collectors.
 */
export class RowRooms {
  readonly #free: Buffer[] = [];
  #bytes = FIRST_BYTES;

  borrow(): Buffer {
    return this.#free.pop() ?? Buffer.from(new SharedArrayBuffer(this.#bytes));
  }

  /** The rows of a batch, as they stand in its room or came by themselves. */
  rowsOf(room: Buffer, rows: Uint8Array | number): Uint8Array {
    if (typeof rows === 'number') return room.subarray(0, rows);
    const wanted = rows.length + (rows.length >>> 2);
    if (wanted > this.#bytes && wanted <= LARGEST_BYTES) this.#bytes = wanted;
    return rows;
  }

  /** Nobody looks at the rows in it any more. */
  giveBack(room: Buffer): void {
    if (room.length >= this.#bytes) this.#free.push(room);
  }
}
