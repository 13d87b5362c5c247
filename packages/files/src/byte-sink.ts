/** Bytes that grow as they are written. The memory is kept when the length is reset. */
export class ByteSink {
  /** The number of bytes written. May be set to a smaller number: what is beyond it is forgotten. */
  length = 0;
  #buffer: Buffer;

  constructor(capacity = 1024) {
    this.#buffer = Buffer.allocUnsafe(Math.max(capacity, 16));
  }

  push(byte: number): void {
    this.#reserve(1);
    this.#buffer[this.length++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Appends text that is entirely ASCII. */
  ascii(text: string): void {
    this.#reserve(text.length);
    this.length += this.#buffer.write(text, this.length, 'latin1');
  }

  /** Appends text as UTF-8. */
  text(text: string): void {
    // In UTF-8, one UTF-16 code unit takes at most three bytes.
    this.#reserve(text.length * 3);
    this.length += this.#buffer.write(text, this.length);
  }

  /** Free memory of this size after what is written: what is read into it does not have to be copied. */
  lend(bytes: number): Buffer {
    this.#reserve(bytes);
    return this.#buffer.subarray(this.length, this.length + bytes);
  }

  /** Like append, but does not copy bytes that are at the beginning of the memory that was lent last. */
  keep(bytes: Uint8Array): void {
    const { buffer, byteOffset } = this.#buffer;
    if (bytes.buffer !== buffer || bytes.byteOffset !== byteOffset + this.length) this.append(bytes);
    else this.length += bytes.length;
  }

  /** The bytes written so far; valid until the next one is written. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.length);
  }

  /** The number of bytes for which there is memory. */
  get capacity(): number {
    return this.#buffer.length;
  }

  #reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.bytes());
    this.#buffer = larger;
  }
}
