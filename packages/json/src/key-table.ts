import { Kind, type Tape } from './tape.ts';

/**
 * Finds many keys of one object in one pass: keys are grouped by length, so that most entries are ruled out
 * without a comparison. Slot i belongs to the i-th name.
 */
export class KeyTable {
  readonly size: number;
  readonly #byLength: (readonly KeyEntry[] | undefined)[] = [];

  constructor(names: readonly string[]) {
    this.size = names.length;
    for (const [slot, name] of names.entries()) {
      const bytes = Buffer.from(name);
      this.#byLength[bytes.length] = [...(this.#byLength[bytes.length] ?? []), { bytes, slot }];
    }
  }

  /** Sets slots[i] to the node of the i-th key's value (the last one if the key occurs twice) or to -1. */
  find(tape: Tape, object: number, slots: Int32Array): void {
    slots.fill(-1);
    const end = tape.b(object);
    for (let key = object + 1; key < end; key = tape.after(key + 1)) {
      const length = tape.kind(key) === Kind.escaped ? tape.text(key).length : tape.b(key);
      const entries = this.#byLength[length];
      if (entries === undefined) continue;
      for (const entry of entries) {
        if (!tape.keyIs(key, entry.bytes)) continue;
        slots[entry.slot] = key + 1;
        break;
      }
    }
  }
}

interface KeyEntry {
  readonly bytes: Uint8Array;
  readonly slot: number;
}
