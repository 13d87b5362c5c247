import { decodeText, unescapedBytes } from './text.ts';

/** What a node is; the numbers are those of spec/sidecar/json.md and of .rkyv files. */
export const Kind = {
  null: 0,
  false: 1,
  true: 2,
  number: 3,
  string: 4,
  array: 5,
  object: 6,
  escaped: 7,
} as const;

/** Words a node has on the tape. */
export const WORDS = 3;

/**
 * A document as a flat list of nodes over its bytes: see spec/sidecar/json.md. A node is named by its index.
 * It copies nothing: it is valid as long as `bytes` and `nodes` are left alone.
 */
export class Tape {
  readonly bytes: Uint8Array;
  readonly nodes: Int32Array;
  /** Number of nodes. */
  readonly size: number;

  /** The same bytes; a Buffer reads short text without an object for each. */
  readonly #buffer: Buffer;

  /** `nodes` may be longer than `size` nodes. */
  constructor(bytes: Uint8Array, nodes: Int32Array, size: number) {
    this.bytes = bytes;
    this.#buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.nodes = nodes;
    this.size = size;
  }

  kind(node: number): number {
    return this.nodes[node * WORDS] as number;
  }

  /** Elements of an array, entries of an object, otherwise where the text begins. */
  a(node: number): number {
    return this.nodes[node * WORDS + 1] as number;
  }

  /** The length of the text, or the index after a container's last descendant. */
  b(node: number): number {
    return this.nodes[node * WORDS + 2] as number;
  }

  /** The index of the node after this value and all in it. */
  after(node: number): number {
    return this.isContainer(node) ? this.b(node) : node + 1;
  }

  isContainer(node: number): boolean {
    const kind = this.kind(node);
    return kind === Kind.array || kind === Kind.object;
  }

  isObject(node: number): boolean {
    return this.kind(node) === Kind.object;
  }

  isString(node: number): boolean {
    const kind = this.kind(node);
    return kind === Kind.string || kind === Kind.escaped;
  }

  /** The bytes of a number as spelt, or of a string as they stand (with escapes where the kind says so). */
  raw(node: number): Uint8Array {
    const from = this.a(node);
    return this.bytes.subarray(from, from + this.b(node));
  }

  /** The decoded bytes (WTF-8) of a string. */
  text(node: number): Uint8Array {
    return this.kind(node) === Kind.escaped ? unescapedBytes(this.raw(node)) : this.raw(node);
  }

  /** A string as JavaScript has it, lone surrogates included. */
  string(node: number): string {
    const from = this.a(node);
    const text = this.#buffer.toString('utf8', from, from + this.b(node));
    // Escapes, and lone surrogates of an archive (which come out as U+FFFD), take the longer way.
    if (this.kind(node) !== Kind.escaped && !text.includes('\ufffd')) return text;
    return decodeText(this.text(node));
  }

  /** A number as it is spelt. */
  spelling(node: number): string {
    const from = this.a(node);
    return this.#buffer.toString('latin1', from, from + this.b(node));
  }

  keyIs(node: number, key: Uint8Array): boolean {
    if (this.kind(node) === Kind.escaped) return Buffer.compare(this.text(node), key) === 0;
    const length = key.length;
    if (this.b(node) !== length) return false;
    const from = this.a(node);
    for (let i = 0; i < length; i++) if (this.bytes[from + i] !== key[i]) return false;
    return true;
  }

  /** The value of a key of an object, of the last one where it stands twice; -1 where there is none or this is no object. */
  get(object: number, key: Uint8Array): number {
    if (!this.isObject(object)) return -1;
    const end = this.b(object);
    let found = -1;
    for (let at = object + 1; at < end; at = this.after(at + 1)) if (this.keyIs(at, key)) found = at + 1;
    return found;
  }

  /** The element of an array, or -1. */
  element(array: number, index: number): number {
    if (this.kind(array) !== Kind.array || index >= this.a(array)) return -1;
    let at = array + 1;
    for (let i = 0; i < index; i++) at = this.after(at);
    return at;
  }
}
