import { isAscii, isUtf8 } from 'node:buffer';
import { ByteSink, isWtf8 } from '@tandem/files';
import { isJsonNumber, Kind, Tape, unescapeInto, WORDS } from '@tandem/json';
import type { FileFault } from '../fault.ts';
import { FORMAT_FACTS } from '../generated/formats.ts';
import type { TapeCodec, TapeReader } from './codec.ts';

/**
 * The layout of docs/formats.md, "rkyv": a header, then an rkyv 0.8 archive of { text: Vec<u8>, nodes:
 * Vec<Node> }.
 */
const MAGIC = FORMAT_FACTS.rkyv.magic as Uint8Array;
const HEADER = 16;
const VERSION = 1;
const VERSION_AT = 8;
const ROOT = 16;
const NODE_BYTES = WORDS * 4;
const SMALLEST = HEADER + ROOT;
/** The farthest that a 32-bit pointer can reach back. */
const FARTHEST = 2 ** 31 - 1;
const LITTLE_ENDIAN = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

export const RKYV: TapeCodec = {
  holds: 'tape',
  reader: (maxDepth) => new RkyvReader(maxDepth),
  encode: (tape) => encodeRkyv(tape),
};

/**
 * Writes a full tape as an archive, byte for byte as rkyv's own serializer writes it. Throws RangeError if
 * the archive would be too large for its pointers or for memory.
 */
export function encodeRkyv(tape: Tape): Buffer {
  const text = new ByteSink(tape.bytes.length);
  const nodes = tape.nodes.slice(0, tape.size * WORDS);
  for (let node = 0; node < tape.size; node++) {
    const kind = tape.kind(node);
    if (kind < Kind.number || tape.isContainer(node)) continue;
    const from = text.length;
    if (kind === Kind.escaped) unescapeInto(text, tape.raw(node));
    else text.append(tape.raw(node));
    const at = node * WORDS;
    if (kind === Kind.escaped) nodes[at] = Kind.string;
    nodes[at + 1] = from;
    nodes[at + 2] = text.length - from;
  }
  return layOut(text.bytes(), nodes, tape.size);
}

function layOut(text: Uint8Array, nodes: Int32Array, size: number): Buffer {
  const nodesAt = align4(text.length);
  const rootAt = nodesAt + size * NODE_BYTES;
  if (rootAt > FARTHEST) throw new RangeError(`an archive of ${rootAt} bytes is beyond its pointers`);
  const file = Buffer.alloc(HEADER + rootAt + ROOT);
  file.set(MAGIC, 0);
  file.writeUInt16LE(VERSION, VERSION_AT);
  const archive = file.subarray(HEADER);
  archive.set(text, 0);
  const view = new DataView(archive.buffer, archive.byteOffset, archive.length);
  for (let word = 0; word < size * WORDS; word++)
    view.setInt32(nodesAt + word * 4, nodes[word] as number, true);
  view.setInt32(rootAt, -rootAt, true);
  view.setUint32(rootAt + 4, text.length, true);
  view.setInt32(rootAt + 8, nodesAt - (rootAt + 8), true);
  view.setUint32(rootAt + 12, size, true);
  return file;
}

/**
 * Opens archives for reading in place. It reuses its memory for each archive; the results do not depend on
 * that memory.
 */
export class RkyvReader implements TapeReader {
  readonly #maxDepth: number;
  /** For each container around the innermost one, its node and the number of nodes it still expects. */
  #outer: Int32Array = new Int32Array(64);

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  /**
   * The tape of an archive, or its fault. Valid means canonical: every byte is where the writer puts it, so
   * two archives of one document are equal. Nothing is decoded. The order of the checks is that of
   * docs/formats.md.
   */
  open(bytes: Uint8Array, length: number): Tape | FileFault {
    if (length < SMALLEST) return { code: 'ERR_TANDEM_RKYV_TRUNCATED', offset: length };
    const view = new DataView(bytes.buffer, bytes.byteOffset, length);
    const version = view.getUint16(VERSION_AT, true);
    const reserved = view.getUint16(VERSION_AT + 2, true) | view.getUint32(VERSION_AT + 4, true);
    if (version !== VERSION || reserved !== 0) {
      return { code: 'ERR_TANDEM_RKYV_VERSION', offset: VERSION_AT, params: { version } };
    }
    const root = length - ROOT;
    const textLength = view.getUint32(root + 4, true);
    const size = view.getUint32(root + 12, true);
    const nodesAt = align4(textLength);
    const rootAt = root - HEADER;
    if (nodesAt + size * NODE_BYTES !== rootAt || view.getInt32(root, true) !== -rootAt) return layout(root);
    if (view.getInt32(root + 8, true) !== nodesAt - (rootAt + 8)) return layout(root + 8);
    if (size === 0) return layout(root + 12);
    for (let at = textLength; at < nodesAt; at++) if (bytes[HEADER + at] !== 0) return layout(HEADER + at);

    const text = bytes.subarray(HEADER, HEADER + textLength);
    const nodes = nodeWords(bytes, HEADER + nodesAt, size, view);
    return this.#check(new Tape(text, nodes, size), HEADER + nodesAt, root + 4);
  }

  /**
   * One pass over the nodes: each must be what the writer would have put there. The innermost container is in
   * local variables: a node takes a few nanoseconds, and most nodes are not containers.
   */
  #check(tape: Tape, nodesAt: number, textLengthAt: number): Tape | FileFault {
    const { bytes: text, nodes, size } = tape;
    const textLength = text.length;
    const ascii = isAscii(text);
    const utf8 = ascii || isUtf8(text);
    const mostOuter = this.#maxDepth * 2;
    let outer = this.#outer;
    let top = 0;
    let container = -1;
    let isObject = false;
    /** Nodes that the innermost container still expects; outside of all containers, the root. */
    let left = 1;
    let written = 0;

    for (let node = 0, at = 0; node < size; node++, at += WORDS) {
      while (left === 0) {
        if (container < 0) return nodeFault(node, nodesAt);
        if (nodes[container * WORDS + 2] !== node) return nodeFault(container, nodesAt);
        left = outer[--top] as number;
        container = outer[--top] as number;
        isObject = container >= 0 && nodes[container * WORDS] === Kind.object;
      }
      const kind = nodes[at] as number;
      const a = nodes[at + 1] as number;
      const b = nodes[at + 2] as number;
      if (isObject && (left & 1) === 0 && kind !== Kind.string) return nodeFault(node, nodesAt);
      left--;
      if (kind === Kind.number || kind === Kind.string) {
        if (a !== written || b < 0 || b > textLength - a) return nodeFault(node, nodesAt);
        written += b;
        if (kind === Kind.number) {
          if (!isJsonNumber(text, a, written)) return nodeFault(node, nodesAt, 'ERR_TANDEM_RKYV_NUMBER');
        } else if (
          !ascii &&
          !(utf8 ? isCut(text, a) && isCut(text, written) : isWtf8(text.subarray(a, written)))
        ) {
          return nodeFault(node, nodesAt, 'ERR_TANDEM_RKYV_TEXT');
        }
      } else if (kind === Kind.array || kind === Kind.object) {
        if (a < 0 || a > size) return nodeFault(node, nodesAt);
        if (top === mostOuter) {
          return {
            code: 'ERR_TANDEM_TOO_DEEP',
            offset: nodesAt + node * NODE_BYTES,
            params: { limit: this.#maxDepth },
          };
        }
        if (top === outer.length) outer = this.#deeper();
        outer[top++] = container;
        outer[top++] = left;
        container = node;
        isObject = kind === Kind.object;
        left = isObject ? a * 2 : a;
      } else if (kind < 0 || kind > Kind.object || a !== 0 || b !== 0) return nodeFault(node, nodesAt);
    }
    while (container >= 0) {
      if (left !== 0 || nodes[container * WORDS + 2] !== size) return nodeFault(container, nodesAt);
      left = outer[--top] as number;
      container = outer[--top] as number;
    }
    return written === textLength ? tape : layout(textLengthAt);
  }

  #deeper(): Int32Array {
    const deeper = new Int32Array(this.#outer.length * 2);
    deeper.set(this.#outer);
    this.#outer = deeper;
    return deeper;
  }
}

/** The nodes in place, if this machine can read them there; otherwise a copy. */
function nodeWords(bytes: Uint8Array, at: number, size: number, view: DataView): Int32Array {
  const start = bytes.byteOffset + at;
  if (LITTLE_ENDIAN && start % 4 === 0) return new Int32Array(bytes.buffer, start, size * WORDS);
  const words = new Int32Array(size * WORDS);
  for (let word = 0; word < words.length; word++) words[word] = view.getInt32(at + word * 4, true);
  return words;
}

function nodeFault(node: number, nodesAt: number, code: NodeCode = 'ERR_TANDEM_RKYV_NODE'): FileFault {
  return { code, offset: nodesAt + node * NODE_BYTES, params: { node } };
}

type NodeCode = 'ERR_TANDEM_RKYV_NODE' | 'ERR_TANDEM_RKYV_TEXT' | 'ERR_TANDEM_RKYV_NUMBER';

function layout(offset: number): FileFault {
  return { code: 'ERR_TANDEM_RKYV_LAYOUT', offset };
}

/** Whether text that is valid UTF-8 as a whole can be cut at `at`, that is, not inside a character. */
function isCut(text: Uint8Array, at: number): boolean {
  return at === text.length || ((text[at] as number) & 0xc0) !== 0x80;
}

function align4(length: number): number {
  return Math.ceil(length / 4) * 4;
}
