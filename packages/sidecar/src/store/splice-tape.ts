import { Kind, Tape, WORDS } from '@tandem/json';
/**
 * A tape with another value in one entry; the text of every other node is unchanged. The result refers to
 * bytes of its own and is only suitable for encoding as an archive.
 * @param tape the full tape of an object
 * @param key the node of the entry's key, or -1 to add an entry at the end of the document
 * @param name the key of an entry that is added; ASCII without escapes
 * @param value the full tape of the value
 */
export function spliceTape(tape: Tape, key: number, name: string, value: Tape): Tape {
  const at = key >= 0 ? key + 1 : tape.size;
  const after = key >= 0 ? tape.after(at) : tape.size;
  const keyText = key >= 0 ? new Uint8Array() : Buffer.from(name);
  const bytes = Buffer.concat([tape.bytes, keyText, value.bytes]);
  const added = (key >= 0 ? 0 : 1) + value.size;
  const delta = added - (after - at);
  const nodes = new Int32Array((tape.size + delta) * WORDS);

  nodes.set(tape.nodes.subarray(0, at * WORDS), 0);
  let valueAt = at;
  if (key < 0) {
    nodes.set([Kind.string, tape.bytes.length, keyText.length], at * WORDS);
    nodes[1] = tape.a(0) + 1;
    valueAt += 1;
  }
  const shift = tape.bytes.length + keyText.length;
  place(nodes, valueAt, value.nodes, 0, value.size, shift, valueAt);
  place(nodes, at + added, tape.nodes, after, tape.size, 0, delta);
  if (key < 0) nodes[2] = tape.size + delta;
  else {
    // Of the nodes before the value, only its containers end behind it.
    for (let node = 0; node < at; node++) {
      if (tape.isContainer(node) && tape.b(node) >= after) nodes[node * WORDS + 2] = tape.b(node) + delta;
    }
  }
  return new Tape(bytes, nodes, tape.size + delta);
}

/** Copies nodes [from, to) to index `at`: moves their text by `text` bytes and their ends by `end` nodes. */
function place(
  into: Int32Array,
  at: number,
  nodes: Int32Array,
  from: number,
  to: number,
  text: number,
  end: number,
): void {
  let word = at * WORDS;
  for (let node = from; node < to; node++, word += WORDS) {
    const kind = nodes[node * WORDS] as number;
    const a = nodes[node * WORDS + 1] as number;
    const b = nodes[node * WORDS + 2] as number;
    const isContainer = kind === Kind.array || kind === Kind.object;
    const hasText = kind >= Kind.number && !isContainer;
    into[word] = kind;
    into[word + 1] = hasText ? a + text : a;
    into[word + 2] = isContainer ? b + end : b;
  }
}
