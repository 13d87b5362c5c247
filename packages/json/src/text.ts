import { ByteSink } from '@tandem/files';

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const BACKSLASH = 0x5c;
const SIMPLE: Readonly<Record<number, number>> = { 0x62: 8, 0x66: 12, 0x6e: 10, 0x72: 13, 0x74: 9 };
const SHORT: Readonly<Record<number, string>> = { 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r' };

/** The decoded content of a string with escapes, as WTF-8. The scanner has checked the escapes. */
export function unescapedBytes(raw: Uint8Array): Uint8Array {
  const sink = new ByteSink(raw.length);
  unescapeInto(sink, raw);
  return sink.bytes();
}

/** Appends the decoded content of a string with escapes, as WTF-8: a surrogate pair becomes one character. */
export function unescapeInto(sink: ByteSink, raw: Uint8Array): void {
  let p = 0;
  while (p < raw.length) {
    const next = raw.indexOf(BACKSLASH, p);
    if (next < 0) {
      sink.append(raw.subarray(p));
      return;
    }
    sink.append(raw.subarray(p, next));
    const letter = raw[next + 1] as number;
    p = next + 2;
    if (letter !== 0x75) {
      sink.push(SIMPLE[letter] ?? letter);
      continue;
    }
    let unit = hex4(raw, p);
    p += 4;
    if (unit >= 0xd800 && unit < 0xdc00 && raw[p] === BACKSLASH && raw[p + 1] === 0x75) {
      const low = hex4(raw, p + 2);
      if (low >= 0xdc00 && low < 0xe000) {
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        p += 6;
      }
    }
    pushCodePoint(sink, unit);
  }
}

/** Converts WTF-8 to a JavaScript string. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    return decodeWtf8(bytes);
  }
}

/** Converts a JavaScript string to WTF-8. */
export function encodeText(text: string): Uint8Array {
  const sink = new ByteSink(text.length * 3);
  for (const character of text) pushCodePoint(sink, character.codePointAt(0) as number);
  return sink.bytes();
}

/** Appends WTF-8 as a JSON string literal with the escapes of spec/sidecar/reports.md. */
export function writeJsonString(sink: ByteSink, bytes: Uint8Array): void {
  sink.push(0x22);
  let plain = 0;
  for (let p = 0; p < bytes.length; p++) {
    const c = bytes[p] as number;
    const surrogate = c === 0xed && (bytes[p + 1] as number) >= 0xa0;
    if (c >= 0x20 && c !== 0x22 && c !== BACKSLASH && !surrogate) continue;
    sink.append(bytes.subarray(plain, p));
    if (surrogate) {
      const unit = 0xd000 | (((bytes[p + 1] as number) & 0x3f) << 6) | ((bytes[p + 2] as number) & 0x3f);
      sink.ascii(`\\u${unit.toString(16)}`);
      p += 2;
    } else if (c === 0x22 || c === BACKSLASH) {
      sink.push(BACKSLASH);
      sink.push(c);
    } else sink.ascii(SHORT[c] ?? `\\u00${c.toString(16).padStart(2, '0')}`);
    plain = p + 1;
  }
  sink.append(bytes.subarray(plain));
  sink.push(0x22);
}

function pushCodePoint(sink: ByteSink, code: number): void {
  if (code < 0x80) sink.push(code);
  else if (code < 0x800) {
    sink.push(0xc0 | (code >> 6));
    sink.push(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    sink.push(0xe0 | (code >> 12));
    sink.push(0x80 | ((code >> 6) & 0x3f));
    sink.push(0x80 | (code & 0x3f));
  } else {
    sink.push(0xf0 | (code >> 18));
    sink.push(0x80 | ((code >> 12) & 0x3f));
    sink.push(0x80 | ((code >> 6) & 0x3f));
    sink.push(0x80 | (code & 0x3f));
  }
}

function hex4(bytes: Uint8Array, at: number): number {
  let unit = 0;
  for (let i = at; i < at + 4; i++) {
    const c = bytes[i] as number;
    unit = (unit << 4) | (c <= 0x39 ? c - 0x30 : (c | 0x20) - 0x57);
  }
  return unit;
}

/** Only for text with a lone surrogate: everything between lone surrogates is UTF-8. */
function decodeWtf8(bytes: Uint8Array): string {
  let text = '';
  let from = 0;
  for (let p = 0; p + 2 < bytes.length; p++) {
    if (bytes[p] !== 0xed || (bytes[p + 1] as number) < 0xa0) continue;
    text += DECODER.decode(bytes.subarray(from, p));
    text += String.fromCharCode(
      0xd000 | (((bytes[p + 1] as number) & 0x3f) << 6) | ((bytes[p + 2] as number) & 0x3f),
    );
    p += 2;
    from = p + 1;
  }
  return text + DECODER.decode(bytes.subarray(from));
}
