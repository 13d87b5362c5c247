import { decodeText, unescapedBytes } from './text.ts';

/** The kinds of nodes; the numbers are those of spec/json.md and of .rkyv files. */
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

/** The number of words per node on the tape. */
export const WORDS = 3;

/**
 * A document as a flat list of nodes over its bytes: see spec/json.md. A node is identified by its
 * index. Nothing is copied: the tape is valid as long as `bytes` and `nodes` are unchanged.
 */
export class Tape {
  readonly bytes: Uint8Array;
  readonly nodes: Int32Array;
  /** Number of nodes. */
  readonly size: number;

  /** The same bytes; a Buffer decodes short text without creating an object for each. */
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

  /** The number of elements of an array or of entries of an object, otherwise the offset of the text. */
  a(node: number): number {
    return this.nodes[node * WORDS + 1] as number;
  }

  /** The length of the text, or the index after a container's last descendant. */
  b(node: number): number {
    return this.nodes[node * WORDS + 2] as number;
  }

  /** The index of the node after this value and everything in it. */
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

  /** The bytes of a number as spelled, or of a string as stored (with escapes if the kind is `escaped`). */
  raw(node: number): Uint8Array {
    const from = this.a(node);
    return this.bytes.subarray(from, from + this.b(node));
  }

  /** The decoded bytes (WTF-8) of a string. */
  text(node: number): Uint8Array {
    return this.kind(node) === Kind.escaped ? unescapedBytes(this.raw(node)) : this.raw(node);
  }

  /** A string as a JavaScript string, lone surrogates included. */
  string(node: number): string {
    const from = this.a(node);
    const text = this.#buffer.toString('utf8', from, from + this.b(node));
    // Escapes, and lone surrogates of an archive (which decode to U+FFFD), need the slower path.
    if (this.kind(node) !== Kind.escaped && !text.includes('\ufffd')) return text;
    return decodeText(this.text(node));
  }

  /** A number as spelled. */
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

  /**
   * The value of a key of an object, the last one if the key occurs twice; -1 if there is none or if this is
   * not an object.
   */
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
