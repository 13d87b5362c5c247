import { FORMAT_FACTS, FORMATS, type SidecarFormat, type StoredFormat } from '../generated/formats.ts';
import { legacyLength } from './legacy.ts';

/** The format of a file, as determined by its first bytes and its size. */
export type Sniffed = StoredFormat | 'legacy_cut' | 'empty' | 'unknown';

const MAGICS: readonly (readonly [SidecarFormat, Uint8Array])[] = FORMATS.flatMap((format) => {
  const { magic } = FORMAT_FACTS[format];
  return magic === null ? [] : [[format, magic] as const];
});
const JSON_START: ReadonlySet<number> = new Set(Buffer.from('{["-0123456789tfn'));
/**
 * The limit of lengths that the older tool would have written: below 2^40, the upper bytes are zero, which no
 * JSON text contains.
 */
const LEGACY_LENGTH_LIMIT = 2 ** 40;
const BRACE = 0x7b;
const BRACKET = 0x5b;

/**
 * Determines the format of a file by content (docs/formats.md, "Detecting the form"). `head` holds its first
 * `length` bytes, `size` is that of the whole file.
 */
export function sniff(head: Uint8Array, length: number, size: number): Sniffed {
  if (size === 0) return 'empty';
  for (const [format, magic] of MAGICS) if (beginsWith(head, length, magic)) return format;
  if (length >= 9) {
    const stated = legacyLength(head);
    if (stated === size - 8) return 'legacy';
    const opens = head[8] === BRACE || head[8] === BRACKET;
    if (stated < LEGACY_LENGTH_LIMIT && opens) return 'legacy_cut';
  }
  return looksLikeJson(head, length) ? 'json' : 'unknown';
}

function beginsWith(head: Uint8Array, length: number, magic: Uint8Array): boolean {
  if (length < magic.length) return false;
  for (let at = 0; at < magic.length; at++) if (head[at] !== magic[at]) return false;
  return true;
}

function looksLikeJson(head: Uint8Array, length: number): boolean {
  if (length >= 3 && head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return true;
  for (let p = 0; p < length; p++) {
    const c = head[p] as number;
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return JSON_START.has(c);
  }
  return true;
}
