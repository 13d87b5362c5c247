import { type Place, placeOf } from './place.ts';

/**
 * Converts byte offsets of one text to positions. Offsets must be requested from the beginning to the end.
 */
export class TextPlaces {
  readonly #text: Uint8Array;
  #offset = 0;
  #place: Place = { line: 1, column: 1 };

  constructor(text: Uint8Array) {
    this.#text = text;
  }

  /** @param offset not less than the previous one */
  at(offset: number): Place {
    const { line, column } = placeOf(this.#text, this.#offset, offset);
    const last = this.#place;
    this.#place = {
      line: last.line + line - 1,
      column: line === 1 ? last.column + column - 1 : column,
    };
    this.#offset = offset;
    return this.#place;
  }
}
