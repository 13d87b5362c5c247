import { endOfDelimiter } from './quotes.ts';

/** What is open at the end of a text, and where it begins. */
export type Open =
  | { readonly what: 'comment' | 'statement' | 'parenthesis' | 'copy'; readonly at: number }
  | {
      readonly what: 'string' | 'identifier' | 'dollar quote';
      readonly at: number;
      /** The bytes that would close it. */
      readonly close: Uint8Array;
    };

const DOLLAR_BYTE = 0x24;
const QUOTE_BYTE = 0x27;
const DOUBLE_QUOTE_BYTE = 0x22;

/** The quote that begins at `at`, including its prefix, and is not closed before `end`. */
export function openQuote(text: Uint8Array, at: number, end: number): Open {
  if (text[at] === DOLLAR_BYTE) {
    return { what: 'dollar quote', at, close: text.subarray(at, endOfDelimiter(text, at, end)) };
  }
  let quote = at;
  while (text[quote] !== QUOTE_BYTE && text[quote] !== DOUBLE_QUOTE_BYTE) quote++;
  const close = text.subarray(quote, quote + 1);
  return { what: text[quote] === QUOTE_BYTE ? 'string' : 'identifier', at, close };
}
