const LF = 0x0a;

/** The lines of a text, for many lookups in the same text. */
export class LineIndex {
  /** Offsets of the line feeds, in bytes. */
  readonly #feeds: number[] = [];

  constructor(text: Uint8Array) {
    for (let at = text.indexOf(LF); at >= 0; at = text.indexOf(LF, at + 1)) this.#feeds.push(at);
  }

  /** From 1. */
  lineOf(offset: number): number {
    let [low, high] = [0, this.#feeds.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#feeds[middle] as number) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  }
}
