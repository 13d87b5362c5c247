import { createHash, type Hash } from 'node:crypto';

/** A built schema that is given and not written. Its parts are joined once, at the end. */
export class MemorySink {
  readonly #hash: Hash = createHash('sha256');
  #parts: Buffer[] = [];
  #schema: Buffer | null = null;
  length = 0;

  append(body: Uint8Array): void {
    this.#hash.update(body);
    // A copy: the engine writes the next part over this one.
    this.#parts.push(Buffer.from(body));
    this.length += body.length;
  }

  bodySha256(): string {
    return this.#hash.digest('hex');
  }

  finish(header: Uint8Array): 'given' {
    this.#schema = Buffer.concat([header, ...this.#parts]);
    this.#parts = [];
    this.length = this.#schema.length;
    return 'given';
  }

  /** Header and body, after finish. */
  get schema(): Buffer | null {
    return this.#schema;
  }

  discard(): void {
    this.#parts = [];
  }
}
