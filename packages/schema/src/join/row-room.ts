const FIRST_BYTES = 256 * 1024;

/** Memory in which rows are collected, reused for each batch. */
export class RowRoom {
  length = 0;
  #room: Buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);

  clear(): void {
    this.length = 0;
  }

  append(bytes: Uint8Array): void {
    this.#ensure(bytes.length);
    this.#room.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Free memory of this size after the rows: what is read into it does not have to be copied. */
  lend(bytes: number): Buffer {
    this.#ensure(bytes);
    return this.#room.subarray(this.length, this.length + bytes);
  }

  /**
   * Like append, but does not copy bytes that are already at the beginning of the memory that was lent last.
   */
  keep(bytes: Uint8Array): void {
    const { buffer, byteOffset } = this.#room;
    if (bytes.buffer !== buffer || bytes.byteOffset !== byteOffset + this.length) this.append(bytes);
    else this.length += bytes.length;
  }

  text(text: string): void {
    // In UTF-8, one UTF-16 code unit takes at most three bytes.
    this.#ensure(text.length * 3);
    this.length += this.#room.write(text, this.length);
  }

  byte(byte: number): void {
    this.#ensure(1);
    this.#room[this.length++] = byte;
  }

  last(): number | undefined {
    return this.#room[this.length - 1];
  }

  /** The number of occurrences of a byte from offset `from` on. */
  count(byte: number, from: number): number {
    const bytes = this.bytes();
    let count = 0;
    for (let at = bytes.indexOf(byte, from); at >= 0; at = bytes.indexOf(byte, at + 1)) count++;
    return count;
  }

  /** The rows; valid until the memory is used again. */
  bytes(): Buffer {
    return this.#room.subarray(0, this.length);
  }

  #ensure(more: number): void {
    const needed = this.length + more;
    if (needed <= this.#room.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#room.length * 2));
    larger.set(this.#room.subarray(0, this.length));
    this.#room = larger;
  }
}
