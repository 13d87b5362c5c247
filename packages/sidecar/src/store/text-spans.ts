const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A part of a text: [from, to). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The index of the first byte from `p` on that is not JSON white space; the length if there is none. */
export function skipSpace(text: Uint8Array, p: number): number {
  let at = p;
  while (at < text.length) {
    const c = text[at];
    if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) break;
    at++;
  }
  return at;
}

/**
 * The index after the value of an entry, which begins at `p`. The scanner has validated the text: nothing is
 * checked again.
 */
function skipValue(text: Uint8Array, p: number): number {
  let at = p;
  let depth = 0;
  while (at < text.length) {
    const c = text[at] as number;
    if (c === QUOTE) at = skipString(text, at);
    else if (c === 0x7b || c === 0x5b) {
      depth++;
      at++;
      continue;
    } else if (c === 0x7d || c === 0x5d) {
      depth--;
      at++;
    } else if (depth > 0) {
      // Numbers, literals, separators and white space inside a container do not affect where it ends.
      at++;
      continue;
    } else return skipScalar(text, at);
    if (depth === 0) return at;
  }
  return at;
}

/** The span of an entry's value; `keyEnd` is the index of the closing quote of the entry's key. */
export function valueSpan(text: Uint8Array, keyEnd: number): Span {
  const colon = skipSpace(text, keyEnd + 1);
  const from = skipSpace(text, colon + 1);
  return { from, to: skipValue(text, from) };
}

function skipString(text: Uint8Array, p: number): number {
  let at = p + 1;
  while (at < text.length && text[at] !== QUOTE) at += text[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

function skipScalar(text: Uint8Array, p: number): number {
  let at = p;
  // Nothing else may follow a number or a literal in an object.
  while (at < text.length) {
    const c = text[at] as number;
    if (c <= 0x20 || c === 0x2c || c === 0x7d) break;
    at++;
  }
  return at;
}
