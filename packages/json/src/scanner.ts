import { isUtf8 } from 'node:buffer';
import { firstIllFormed } from '@tandem/files';
import { brokenString, CLOSING_QUOTE, type ScanFault, spelled, unexpected } from './scan-fault.ts';
import { escapeEnd, LITERAL_OF, literalEnd, STRING_PLAIN } from './scan-tokens.ts';
import { Kind, WORDS } from './tape.ts';

/** The content of the tape: everything, or nothing inside arrays (enough for a summary). */
export type TapeDetail = 'full' | 'outline';

// What may come next; from KEY on, a string is a key.
const VALUE = 0;
const FIRST_VALUE = 1;
const KEY = 2;
const FIRST_KEY = 3;
const AFTER = 4;

/**
 * The only scanner of JSON text: verdict, position and tape in one pass, without recursion and without
 * garbage. The rules are in spec/json.md; crates/tandem-json/src/scanner.rs is its
 * counterpart.
 */
export class Scanner {
  /** The tape of the last text that was accepted; valid until the next scan. */
  nodes: Int32Array = new Int32Array(WORDS * 256);
  /** The number of words of `nodes` in use. */
  length = 0;

  /** The maximum nesting depth of arrays and objects. */
  readonly maxDepth: number;
  readonly #outerIsObject: Uint8Array;
  readonly #outerItems: Int32Array;
  readonly #outerNode: Int32Array;

  constructor(maxDepth: number) {
    this.maxDepth = maxDepth;
    this.#outerIsObject = new Uint8Array(maxDepth);
    this.#outerItems = new Int32Array(maxDepth);
    this.#outerNode = new Int32Array(maxDepth);
  }

  /**
   * Scans bytes[start, end). The byte after the end is overwritten during the call and restored: a zero there
   * ends every inner loop, so that none of them has to check the length.
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

  /**
   * Copies a buffer without a spare byte into one that has it; text offsets in the tape remain those of the
   * caller's buffer.
   */
  #scanCopy(text: Uint8Array, start: number, detail: TapeDetail): ScanFault | null {
    const roomy = new Uint8Array(start + text.length + 1);
    roomy.set(text, start);
    return this.#grammar(roomy, start, start + text.length, detail === 'outline');
  }

  /**
   * The containers around the innermost one are on the three stacks; the innermost container itself is in
   * local variables, because nearly every byte belongs to a scalar in it.
   */
  #grammar(b: Uint8Array, start: number, end: number, outline: boolean): ScanFault | null {
    const { maxDepth } = this;
    const outerIsObject = this.#outerIsObject;
    const outerItems = this.#outerItems;
    const outerNode = this.#outerNode;
    let nodes = this.nodes;
    let room = nodes.length - WORDS;
    let n = 0;
    let p = start;
    let depth = 0;
    /**
     * Of the innermost container: whether it is an object, its entries or elements so far, and its word on
     * the tape or -1.
     */
    let inObject = false;
    let items = 0;
    let container = -1;
    /** The number of arrays around p whose content an outline omits. */
    let quiet = 0;
    let state: number = VALUE;

    for (;;) {
      let c = b[p] as number;
      while (c <= 0x20 && (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09)) c = b[++p] as number;

      if (state === AFTER) {
        if (depth === 0) {
          this.length = n;
          return p >= end ? null : { code: 'ERR_TANDEM_JSON_TRAILING', offset: p - start, found: spelled(c) };
        }
        if (c === 0x2c) {
          p++;
          state = inObject ? KEY : VALUE;
          continue;
        }
        if (c !== (inObject ? 0x7d : 0x5d)) {
          return unexpected(b, start, end, p, inObject ? "',' or '}'" : "',' or ']'");
        }
        p++;
        if (container >= 0) {
          nodes[container + 1] = items;
          nodes[container + 2] = (n / WORDS) | 0;
        }
        if (outline && !inObject) quiet--;
        depth--;
        inObject = outerIsObject[depth] === 1;
        items = outerItems[depth] as number;
        container = outerNode[depth] as number;
        continue;
      }

      if (c === 0x22) {
        const from = ++p;
        let kind: number = Kind.string;
        for (;;) {
          while (STRING_PLAIN[b[p] as number] === 1) p++;
          c = b[p] as number;
          if (c === 0x22) break;
          if (c !== 0x5c) return brokenString(p, start, end, c);
          const next = escapeEnd(b, p, end);
          if (next === 0) return { code: 'ERR_TANDEM_JSON_ESCAPE', offset: p - start };
          if (next > end) return unexpected(b, start, end, end, CLOSING_QUOTE);
          kind = Kind.escaped;
          p = next;
        }
        if (quiet === 0) {
          if (n > room) {
            nodes = this.#grow();
            room = nodes.length - WORDS;
          }
          nodes[n] = kind;
          nodes[n + 1] = from;
          nodes[n + 2] = p - from;
          n += WORDS;
        }
        p++;
        if (state < KEY) {
          if (!inObject) items++;
          state = AFTER;
          continue;
        }
        items++;
        c = b[p] as number;
        while (c <= 0x20 && (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09)) c = b[++p] as number;
        if (c !== 0x3a) return unexpected(b, start, end, p, "':'");
        p++;
        state = VALUE;
        continue;
      }

      if (state !== VALUE) {
        if (state !== FIRST_VALUE && (state === KEY || c !== 0x7d)) {
          return unexpected(b, start, end, p, state === KEY ? 'a key' : "a key or '}'");
        }
        if (state === FIRST_KEY || c === 0x5d) {
          state = AFTER;
          continue;
        }
      }
      if (!inObject) items++;
      if (quiet === 0 && n > room) {
        nodes = this.#grow();
        room = nodes.length - WORDS;
      }

      if (c === 0x7b || c === 0x5b) {
        if (depth === maxDepth) return { code: 'ERR_TANDEM_TOO_DEEP', offset: p - start, limit: depth };
        outerIsObject[depth] = inObject ? 1 : 0;
        outerItems[depth] = items;
        outerNode[depth] = container;
        depth++;
        p++;
        inObject = c === 0x7b;
        items = 0;
        container = -1;
        if (quiet === 0) {
          container = n;
          nodes[n] = inObject ? Kind.object : Kind.array;
          n += WORDS;
        }
        if (outline && !inObject) quiet++;
        state = inObject ? FIRST_KEY : FIRST_VALUE;
        continue;
      }

      const from = p;
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
        if (quiet === 0) {
          nodes[n] = Kind.number;
          nodes[n + 1] = from;
          nodes[n + 2] = p - from;
          n += WORDS;
        }
      } else {
        const literal = LITERAL_OF[c];
        if (literal === undefined) {
          return unexpected(b, start, end, p, state === FIRST_VALUE ? "a value or ']'" : 'a value');
        }
        p = literalEnd(b, p, literal);
        if (p - from < literal.bytes.length) return unexpected(b, start, end, p, `'${literal.name}'`);
        if (quiet === 0) {
          nodes[n] = literal.kind;
          nodes[n + 1] = 0;
          nodes[n + 2] = 0;
          n += WORDS;
        }
      }
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
