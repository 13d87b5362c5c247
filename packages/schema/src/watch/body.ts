import { createHash, type Hash } from 'node:crypto';

/** A hash is kept before every so many parts, so that a change is hashed from there on. */
const PARTS_BETWEEN = 64;

/** The body of a schema in parts, one a file, that stay in memory; each is in one place only. */
export class Body {
  #parts: readonly Uint8Array[] = [];
  /** Before part 0, PARTS_BETWEEN, ...: what was hashed up to there. */
  #hashes: Hash[] = [createHash('sha256')];
  sha256: string = createHash('sha256').digest('hex');
  length = 0;

  /**
   * Takes the parts as they are now; those that did not change are the same objects.
   * @returns whether any did
   */
  set(parts: readonly Uint8Array[]): boolean {
    const first = this.#firstDifference(parts);
    if (first < 0) return false;
    const from = Math.floor(first / PARTS_BETWEEN);
    this.#parts = parts;
    this.#hashes = this.#hashes.slice(0, from + 1);
    const hash = (this.#hashes[from] as Hash).copy();
    for (let at = from * PARTS_BETWEEN; at < parts.length; at += PARTS_BETWEEN) {
      const end = Math.min(at + PARTS_BETWEEN, parts.length);
      for (const run of runsOf(parts, at, end)) hash.update(run);
      if (end - at === PARTS_BETWEEN) this.#hashes.push(hash.copy());
    }
    this.sha256 = hash.digest('hex');
    this.length = parts.reduce((sum, part) => sum + part.length, 0);
    return true;
  }

  /** The bytes, in as few runs as there are. */
  runs(): Iterable<Uint8Array> {
    return runsOf(this.#parts, 0, this.#parts.length);
  }

  /** -1 where there is none. */
  #firstDifference(parts: readonly Uint8Array[]): number {
    const most = Math.max(parts.length, this.#parts.length);
    for (let at = 0; at < most; at++) if (parts[at] !== this.#parts[at]) return at;
    return -1;
  }
}

/** Parts that lie one behind the other in memory as one. */
function* runsOf(
  parts: readonly Uint8Array[],
  from: number,
  to: number,
): Generator<Uint8Array, void, undefined> {
  for (let at = from; at < to; ) {
    const { buffer, byteOffset } = parts[at] as Uint8Array;
    let end = byteOffset;
    for (
      let next = parts[at];
      at < to && next?.buffer === buffer && next.byteOffset === end;
      next = parts[at]
    ) {
      end += next.length;
      at++;
    }
    yield new Uint8Array(buffer, byteOffset, end - byteOffset);
  }
}
