import { isUtf8 } from 'node:buffer';
import type { ErrorCode } from '@tandem/engine';
import { Kind, WORDS } from './tape.ts';
import { firstIllFormed } from './utf8.ts';

/** Where a text stops being JSON, and why. `offset` counts from the first byte that was given. */
export interface ScanFault {
  readonly code: ErrorCode;
  readonly offset: number;
  readonly expected?: string;
  readonly found?: string;
  readonly limit?: number;
}

/** What the tape holds: everything, or nothing that is inside an array (enough for a summary). */
export type TapeDetail = 'full' | 'outline';

const STRING_PLAIN = plainStringBytes();
const HEX = hexDigits();
const SIMPLE_ESCAPE = bytesOf('"\\/bfnrt');
const LITERAL_OF = literalsByFirstByte();

// What may come next.
const VALUE = 0;
const FIRST_VALUE = 1;
const KEY = 2;
const FIRST_KEY = 3;
const AFTER = 4;

/**
 * The one scanner of JSON text: verdict, place and tape in one pass, without recursion and without garbage.
 * The rules are spec/sidecar/json.md; crates/tandem-sidecar/src/json/scanner.rs is its twin.
 */
export class Scanner {
  /** The tape of the last text that was accepted; valid until the next scan. */
  nodes: Int32Array = new Int32Array(WORDS * 256);
  /** How many words of `nodes` are in use. */
  length = 0;

  readonly #maxDepth: number;
  readonly #isObject: Uint8Array;
  readonly #count: Int32Array;
  /** Word index of each open container's node, or -1 where an outline leaves it out. */
  readonly #opened: Int32Array;

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
    this.#isObject = new Uint8Array(maxDepth + 1);
    this.#count = new Int32Array(maxDepth + 1);
    this.#opened = new Int32Array(maxDepth + 1);
  }

  /**
   * Scans bytes[start, end). One byte past the end is overwritten during the call and put back: a zero there ends every inner
   * loop, so that none of them has to look at the length.
   */
  scan(bytes: Uint8Array, start: number, end: number, detail: TapeDetail): ScanFault | null {
    if (start === end) return { code: 'ERR_TANDEM_EMPTY_FILE', offset: 0 };
    const text = bytes.subarray(start, end);
    if (!isUtf8(text)) return { code: 'ERR_TANDEM_INVALID_UTF8', offset: firstIllFormed(text) };
    if (text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf)
      return { code: 'ERR_TANDEM_JSON_BOM', offset: 0 };
    if (end === bytes.length) return this.#scanCopy(text, start, detail);
    const beyond = bytes[end] as number;
    bytes[end] = 0;
    const fault = this.#grammar(bytes, start, end, detail === 'outline');
    bytes[end] = beyond;
    return fault;
  }

  /** A buffer without a byte to spare gets one; text offsets in the tape stay those of the caller's buffer. */
  #scanCopy(text: Uint8Array, start: number, detail: TapeDetail): ScanFault | null {
    const roomy = new Uint8Array(start + text.length + 1);
    roomy.set(text, start);
    return this.#grammar(roomy, start, start + text.length, detail === 'outline');
  }

  #grammar(b: Uint8Array, start: number, end: number, outline: boolean): ScanFault | null {
    const isObject = this.#isObject;
    const count = this.#count;
    const opened = this.#opened;
    let nodes = this.nodes;
    let n = 0;
    let p = start;
    let depth = 0;
    let quiet = 0;
    let state: number = VALUE;

    for (;;) {
      let c = b[p] as number;
      while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = b[++p] as number;

      if (state === AFTER) {
        if (depth === 0) {
          this.length = n;
          return p >= end ? null : { code: 'ERR_TANDEM_JSON_TRAILING', offset: p - start, found: spelt(c) };
        }
        if (c === 0x2c) {
          p++;
          state = isObject[depth] === 1 ? KEY : VALUE;
          continue;
        }
        const object = isObject[depth] === 1;
        if (c !== (object ? 0x7d : 0x5d))
          return unexpected(b, start, end, p, object ? "',' or '}'" : "',' or ']'");
        p++;
        const at = opened[depth] as number;
        if (at >= 0) {
          nodes[at + 1] = count[depth] as number;
          nodes[at + 2] = n / WORDS;
        }
        if (outline && !object) quiet--;
        depth--;
        continue;
      }

      if (n + WORDS > nodes.length) nodes = this.#grow();

      if (state === KEY || state === FIRST_KEY) {
        if (c === 0x7d && state === FIRST_KEY) {
          state = AFTER;
          continue;
        }
        if (c !== 0x22) return unexpected(b, start, end, p, state === FIRST_KEY ? "a key or '}'" : 'a key');
      } else if (c === 0x5d && state === FIRST_VALUE) {
        state = AFTER;
        continue;
      }

      if (c === 0x22) {
        const from = ++p;
        let kind: number = Kind.string;
        for (;;) {
          while (STRING_PLAIN[b[p] as number] === 1) p++;
          c = b[p] as number;
          if (c === 0x22) break;
          if (c !== 0x5c)
            return p >= end ? unexpected(b, start, end, end, CLOSING_QUOTE) : control(p - start, c);
          const next = escapeEnd(b, p, end);
          if (next === 0) return { code: 'ERR_TANDEM_JSON_ESCAPE', offset: p - start };
          if (next > end) return unexpected(b, start, end, end, CLOSING_QUOTE);
          kind = Kind.escaped;
          p = next;
        }
        if (quiet === 0) {
          nodes[n] = kind;
          nodes[n + 1] = from;
          nodes[n + 2] = p - from;
          n += WORDS;
        }
        p++;
        if (state === KEY || state === FIRST_KEY) {
          c = b[p] as number;
          while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = b[++p] as number;
          if (c !== 0x3a) return unexpected(b, start, end, p, "':'");
          p++;
          count[depth] = (count[depth] as number) + 1;
          state = VALUE;
          continue;
        }
        if (isObject[depth] === 0) count[depth] = (count[depth] as number) + 1;
        state = AFTER;
        continue;
      }

      if (c === 0x7b || c === 0x5b) {
        if (depth === this.#maxDepth) return { code: 'ERR_TANDEM_TOO_DEEP', offset: p - start, limit: depth };
        if (isObject[depth] === 0) count[depth] = (count[depth] as number) + 1;
        depth++;
        p++;
        const object = c === 0x7b;
        isObject[depth] = object ? 1 : 0;
        count[depth] = 0;
        if (quiet === 0) {
          opened[depth] = n;
          nodes[n] = object ? Kind.object : Kind.array;
          n += WORDS;
        } else opened[depth] = -1;
        if (outline && !object) quiet++;
        state = object ? FIRST_KEY : FIRST_VALUE;
        continue;
      }

      const from = p;
      let kind: number = Kind.number;
      if (c === 0x2d || (c >= 0x30 && c <= 0x39)) {
        if (c === 0x2d) c = b[++p] as number;
        if (c === 0x30) c = b[++p] as number;
        else if (c >= 0x31 && c <= 0x39) {
          do c = b[++p] as number;
          while (c >= 0x30 && c <= 0x39);
        } else return unexpected(b, start, end, p, 'a digit');
        if (c === 0x2e) {
          c = b[++p] as number;
          if (c < 0x30 || c > 0x39) return unexpected(b, start, end, p, 'a digit');
          do c = b[++p] as number;
          while (c >= 0x30 && c <= 0x39);
        }
        if (c === 0x65 || c === 0x45) {
          c = b[++p] as number;
          if (c === 0x2b || c === 0x2d) c = b[++p] as number;
          if (c < 0x30 || c > 0x39) return unexpected(b, start, end, p, 'a digit');
          do c = b[++p] as number;
          while (c >= 0x30 && c <= 0x39);
        }
      } else {
        const literal = LITERAL_OF[c];
        if (literal === undefined)
          return unexpected(b, start, end, p, state === FIRST_VALUE ? "a value or ']'" : 'a value');
        kind = literal.kind;
        const length = literal.bytes.length;
        for (let i = 0; i < length; i++, p++) {
          if (b[p] !== literal.bytes[i]) return unexpected(b, start, end, p, `'${literal.name}'`);
        }
      }
      if (quiet === 0) {
        const bare = kind !== Kind.number;
        nodes[n] = kind;
        nodes[n + 1] = bare ? 0 : from;
        nodes[n + 2] = bare ? 0 : p - from;
        n += WORDS;
      }
      if (isObject[depth] === 0) count[depth] = (count[depth] as number) + 1;
      state = AFTER;
    }
  }

  #grow(): Int32Array {
    const larger = new Int32Array(this.nodes.length * 2);
    larger.set(this.nodes);
    this.nodes = larger;
    return larger;
  }
}

const CLOSING_QUOTE = 'the closing quote';

function unexpected(b: Uint8Array, start: number, end: number, at: number, expected: string): ScanFault {
  if (at >= end) return { code: 'ERR_TANDEM_JSON_TRUNCATED', offset: end - start, expected };
  return { code: 'ERR_TANDEM_JSON_SYNTAX', offset: at - start, expected, found: spelt(b[at] as number) };
}

function control(offset: number, byte: number): ScanFault {
  return { code: 'ERR_TANDEM_JSON_CONTROL', offset, found: spelt(byte) };
}

/** The index after the escape that begins at `p`; 0 when it is none; past `end` when the text ends too early to tell. */
function escapeEnd(b: Uint8Array, p: number, end: number): number {
  if (p + 1 >= end) return end + 1;
  const c = b[p + 1] as number;
  if (c !== 0x75) return SIMPLE_ESCAPE.has(c) ? p + 2 : 0;
  for (let at = p + 2; at < p + 6; at++) {
    if (at >= end) return end + 1;
    if (HEX[b[at] as number] === 0) return 0;
  }
  return p + 6;
}

/** A byte as messages show it: printable ASCII in quotes, the rest as its number. */
export function spelt(byte: number): string {
  if (byte >= 0x21 && byte <= 0x7e) return `'${String.fromCharCode(byte)}'`;
  return `byte 0x${byte.toString(16).padStart(2, '0')}`;
}

function plainStringBytes(): Uint8Array {
  const table = new Uint8Array(256).fill(1, 0x20);
  table[0x22] = 0;
  table[0x5c] = 0;
  return table;
}

function hexDigits(): Uint8Array {
  const table = new Uint8Array(256);
  for (const digit of '0123456789abcdefABCDEF') table[digit.charCodeAt(0)] = 1;
  return table;
}

interface Literal {
  readonly name: string;
  readonly kind: number;
  readonly bytes: Uint8Array;
}

function literalsByFirstByte(): readonly (Literal | undefined)[] {
  const table = new Array<Literal | undefined>(256).fill(undefined);
  for (const name of ['null', 'false', 'true'] as const) {
    table[name.charCodeAt(0)] = { name, kind: Kind[name], bytes: Buffer.from(name) };
  }
  return table;
}

function bytesOf(text: string): ReadonlySet<number> {
  return new Set(Buffer.from(text));
}
