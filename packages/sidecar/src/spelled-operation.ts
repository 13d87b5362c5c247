import type { Tape } from '@tandem/json';
import { OPERATIONS } from './generated/detection.ts';

/** The index of `unknown` in OPERATIONS. */
export const UNKNOWN: number = OPERATIONS.findIndex((operation) => operation.name === 'unknown');

const LONGEST = Math.max(
  ...OPERATIONS.flatMap((operation) => operation.spellings.map((spelling) => spelling.length)),
);

/**
 * Finds the operation that a string spells: letters are lowercased, everything except a-z and 0-9 is dropped
 * (spec/sidecar/summary.md).
 */
export class SpelledOperations {
  readonly #byLength: (readonly { readonly bytes: Uint8Array; readonly operation: number }[])[] = [];
  readonly #letters = new Uint8Array(LONGEST);

  constructor() {
    for (const [operation, { spellings }] of OPERATIONS.entries()) {
      for (const spelling of spellings) {
        const same = this.#byLength[spelling.length] ?? [];
        this.#byLength[spelling.length] = [...same, { bytes: Buffer.from(spelling), operation }];
      }
    }
  }

  /** The index in OPERATIONS of the operation that the string at `node` spells, or -1. */
  find(tape: Tape, node: number): number {
    return this.findBytes(tape.text(node));
  }

  /** The same for bytes, such as those of a command line. */
  findBytes(name: Uint8Array): number {
    const letters = this.#letters;
    let length = 0;
    for (let i = 0; i < name.length; i++) {
      let c = name[i] as number;
      if (c >= 0x41 && c <= 0x5a) c += 0x20;
      if ((c < 0x61 || c > 0x7a) && (c < 0x30 || c > 0x39)) continue;
      if (length === LONGEST) return -1;
      letters[length++] = c;
    }
    for (const { bytes, operation } of this.#byLength[length] ?? []) {
      let same = 0;
      while (same < length && bytes[same] === letters[same]) same++;
      if (same === length) return operation;
    }
    return -1;
  }
}
