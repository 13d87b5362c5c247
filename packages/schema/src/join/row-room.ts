const FIRST_BYTES = 256 * 1024;

/** Memory that rows are gathered in, used again for each batch. */
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

  /** So much free memory behind the rows: what is read into it need not be copied. */
  lend(bytes: number): Buffer {
    this.#ensure(bytes);
    return this.#room.subarray(this.length, this.length + bytes);
  }

  /** As append; what stands in the memory that was lent last, at its beginning, is there already. */
  keep(bytes: Uint8Array): void {
    const { buffer, byteOffset } = this.#room;
    if (bytes.buffer !== buffer || bytes.byteOffset !== byteOffset + this.length) this.append(bytes);
    else this.length += bytes.length;
  }

  text(text: string): void {
    // UTF-8 has at most three bytes for what is one unit in a string.
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

  /** How often a byte stands behind `from`. */
  count(byte: number, from: number): number {
    const bytes = this.bytes();
    let count = 0;
    for (let at = bytes.indexOf(byte, from); at >= 0; at = bytes.indexOf(byte, at + 1)) count++;
    return count;
  }

  /** They stand until the room is used again. */
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
