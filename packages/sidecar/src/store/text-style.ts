import { ByteSink } from '@tandem/files';
import { type Span, valueSpan } from './text-spans.ts';

/** How a document spaces its entries. */
export interface TextStyle {
  /** '' if everything is on one line. */
  readonly eol: string;
  /** What one level adds at the beginning of a line. */
  readonly unit: string;
  /** The text between a key and its value. */
  readonly colon: string;
  /** The text between two values on one line. */
  readonly comma: string;
}

const COMPACT: TextStyle = { eol: '', unit: '', colon: ':', comma: ',' };
const QUOTE = 0x22;

/**
 * The style of a document, taken from its first entries: the line breaks and indentation of
 * JSON.stringify(..., 2), the `", "` and `": "` of Python's json.dumps, or none.
 * @param open the index of the document's opening brace in the text
 * @param keys the content of the document's first keys; two are enough
 */
export function styleOf(text: Buffer, open: number, keys: readonly Span[]): TextStyle {
  const [first, second] = keys;
  if (first === undefined) return COMPACT;
  const lead = text.toString('latin1', open + 1, first.from - 1);
  const value = valueSpan(text, first.to);
  const between = text.toString('latin1', first.to + 1, value.from);
  const colon = between.includes('\n') ? ': ' : between;
  if (lead.includes('\n')) {
    const base = indentOf(text, open) ?? '';
    const indent = lead.slice(lead.lastIndexOf('\n') + 1);
    const unit = indent.startsWith(base) ? indent.slice(base.length) : indent;
    return { eol: lead.includes('\r\n') ? '\r\n' : '\n', unit, colon, comma: ',' };
  }
  const gap = second === undefined ? null : text.toString('latin1', value.to, second.from - 1);
  // With one entry, the space around it indicates how a comma would be written.
  const likely = `,${lead === '' && colon.endsWith(' ') ? ' ' : lead}`;
  const comma = gap === null ? likely : gap.includes('\n') ? ',' : gap;
  return { eol: '', unit: '', colon, comma };
}

/**
 * The white space at the beginning of the line of text[at]; null if anything besides white space and one
 * comma precedes text[at] on that line.
 */
export function indentOf(text: Buffer, at: number): string | null {
  let to = backOverBlanks(text, at);
  // Some write the comma before the key.
  if (text[to - 1] === 0x2c) to -= 1;
  else to = at;
  const from = backOverBlanks(text, to);
  return from === 0 || text[from - 1] === 0x0a ? text.toString('latin1', from, to) : null;
}

function backOverBlanks(text: Buffer, at: number): number {
  let from = at;
  while (text[from - 1] === 0x20 || text[from - 1] === 0x09) from--;
  return from;
}

/**
 * Compact JSON in a style. One pass over the text, so no nesting is too deep for it.
 * @param compact JSON without white space, as JSON.stringify writes it
 * @param indent the indentation of the line on which the value starts
 */
export function styled(compact: Uint8Array, style: TextStyle, indent: string): Uint8Array {
  if (style.eol === '' && style.colon === ':' && style.comma === ',') return compact;
  const sink = new ByteSink(compact.length * 2);
  let depth = 0;
  const newLine = () => {
    if (style.eol !== '') sink.ascii(style.eol + indent + style.unit.repeat(depth));
  };
  for (let p = 0; p < compact.length; p++) {
    const c = compact[p] as number;
    switch (c) {
      case QUOTE: {
        const from = p;
        for (p++; compact[p] !== QUOTE; p++) if (compact[p] === 0x5c) p++;
        sink.append(compact.subarray(from, p + 1));
        break;
      }
      case 0x7b:
      case 0x5b: {
        sink.push(c);
        const next = compact[p + 1] as number;
        // An empty container stays in one piece.
        if (next === c + 2) sink.push(compact[++p] as number);
        else {
          depth++;
          newLine();
        }
        break;
      }
      case 0x7d:
      case 0x5d:
        depth--;
        newLine();
        sink.push(c);
        break;
      case 0x2c:
        sink.ascii(style.comma);
        newLine();
        break;
      case 0x3a:
        sink.ascii(style.colon);
        break;
      default:
        sink.push(c);
    }
  }
  return sink.bytes();
}
