import { createHash, type Hash } from 'node:crypto';

/**
 * A built schema that is returned instead of written. It is kept in the parts in which it arrived, so that
 * there is never a second copy of it.
 */
export class MemorySink {
  readonly #hash: Hash = createHash('sha256');
  #parts: Buffer[] = [];
  length = 0;

  append(body: Uint8Array): void {
    this.#hash.update(body);
    // A copy, because the engine writes the next part over this one.
    this.#parts.push(Buffer.from(body));
    this.length += body.length;
  }

  bodySha256(): string {
    return this.#hash.digest('hex');
  }

  settle(header: Buffer): void {
    this.#parts.unshift(header);
    this.length += header.length;
  }

  finish(): 'given' {
    return 'given';
  }

  /** Header and body, after settle(). */
  get schema(): readonly Buffer[] {
    return this.#parts;
  }

  discard(): void {
    // Nothing was written.
  }
}
