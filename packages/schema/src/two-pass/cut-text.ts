import { type Place, TextPlaces } from '@tandem/files';
import type { Span } from './key-spans.ts';

/** A position in the remaining text, and the position in the whole text from which it continues. */
export interface Cut {
  readonly at: Place;
  readonly from: Place;
}

/** A text without some of its spans. @param spans in order, none of them touching another */
export function cutText(text: Uint8Array, spans: readonly Span[]): Buffer {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    parts.push(text.subarray(from, start));
    from = end;
  }
  parts.push(text.subarray(from));
  return Buffer.concat(parts);
}

/** Where the remaining text continues after each span. */
export function cutsOf(text: Uint8Array, left: Uint8Array, spans: readonly Span[]): readonly Cut[] {
  const whole = new TextPlaces(text);
  const rest = new TextPlaces(left);
  let removed = 0;
  return spans.map(({ start, end }) => {
    const cut = { at: rest.at(start - removed), from: whole.at(end) };
    removed += end - start;
    return cut;
  });
}
