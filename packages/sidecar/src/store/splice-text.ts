import type { Tape } from '@tandem/json';
import { type Span, skipSpace, valueSpan } from './text-spans.ts';
import { indentOf, styled, styleOf, type TextStyle } from './text-style.ts';

/**
 * JSON text with another value in one entry; every byte outside that value is unchanged.
 * @param text the document's text, already validated
 * @param tape its full tape
 * @param shift the offset of the text in the bytes that the tape refers to
 * @param key the node of the entry's key, or -1 to add an entry at the end of the document
 * @param name the key of an entry that is added; ASCII without escapes
 * @param value compact JSON
 */
export function spliceText(
  text: Buffer,
  tape: Tape,
  shift: number,
  key: number,
  name: string,
  value: Uint8Array,
): Buffer {
  const contentOf = (node: number): Span => ({
    from: tape.a(node) - shift,
    to: tape.a(node) + tape.b(node) - shift,
  });
  const keys = keyNodes(tape).map(contentOf);
  const open = skipSpace(text, 0);
  const style = styleOf(text, open, keys);

  if (key >= 0) {
    const content = contentOf(key);
    const old = valueSpan(text, content.to);
    const shown = styledAt(text, content.from - 1, value, style);
    return Buffer.concat([text.subarray(0, old.from), shown, text.subarray(old.to)]);
  }

  const last = keys.at(-1);
  const added = `${JSON.stringify(name)}${style.colon}`;
  if (last === undefined) {
    const after = open + 1;
    return Buffer.concat([text.subarray(0, after), Buffer.from(added), value, text.subarray(after)]);
  }
  const end = valueSpan(text, last.to).to;
  const gap = gapBefore(text, open, keys, style);
  const shown = styledAt(text, last.from - 1, value, style);
  return Buffer.concat([text.subarray(0, end), gap, Buffer.from(added), shown, text.subarray(end)]);
}

/** A value in the style of the document, for an entry whose line begins like that of text[key]. */
function styledAt(text: Buffer, key: number, value: Uint8Array, style: TextStyle): Uint8Array {
  const indent = indentOf(text, key);
  // An entry that does not begin its line is in a part of the document that is written on one line.
  return indent === null ? styled(value, { ...style, eol: '' }, '') : styled(value, style, indent);
}

/** The key nodes of the document, in order. */
function keyNodes(tape: Tape): number[] {
  const nodes: number[] = [];
  const end = tape.b(0);
  for (let key = 1; key < end; key = tape.after(key + 1)) nodes.push(key);
  return nodes;
}

/** The text between the last entry and the one before it: a comma and the white space around it. */
function gapBefore(text: Buffer, open: number, keys: readonly Span[], style: TextStyle): Buffer {
  const last = keys.at(-1) as Span;
  const before = keys.at(-2);
  if (before !== undefined) return text.subarray(valueSpan(text, before.to).to, last.from - 1);
  return style.eol === ''
    ? Buffer.from(style.comma)
    : Buffer.concat([Buffer.from(','), text.subarray(open + 1, last.from - 1)]);
}
