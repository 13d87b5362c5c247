import { CLASSES, COLON, DIGIT, DOLLAR, DOT, DOUBLE_QUOTE, IN_WORD, LETTER, QUOTE } from './byte-classes.ts';
import { endOfNumber } from './number.ts';
import {
  BITS,
  ESCAPES,
  endOfDelimiter,
  endOfDollarQuote,
  endOfIdentifier,
  endOfParameter,
  endOfString,
  PLAIN,
} from './quotes.ts';

const SMALL_B = 0x62;
const SMALL_E = 0x65;
const SMALL_N = 0x6e;
const SMALL_U = 0x75;
const SMALL_X = 0x78;
const AMPERSAND = 0x26;
const QUOTE_BYTE = 0x27;
const DOUBLE_QUOTE_BYTE = 0x22;
const COLON_BYTE = 0x3a;

/** The offset after a token that is not a word; -1 for a quote that is not closed before `end`. */
export function endOfToken(kind: number, text: Uint8Array, at: number, end: number): number {
  switch (kind) {
    case DIGIT:
      return endOfNumber(text, at, end);
    case QUOTE:
      return endOfString(text, at + 1, end, PLAIN);
    case DOUBLE_QUOTE:
      return endOfIdentifier(text, at + 1, end);
    case DOLLAR: {
      const opened = endOfDelimiter(text, at, end);
      return opened < 0 ? endOfParameter(text, at, end) : endOfDollarQuote(text, at, opened, end);
    }
    case COLON:
      return endOfColon(text, at, end);
    case DOT:
      return endOfDot(text, at, end);
    default:
      return at + 1;
  }
}

/**
 * The offset after the literal or identifier whose prefix is the letter at `at`; 0 if the letter is not a
 * prefix, -1 if the quote is not closed.
 */
export function endOfPrefixed(text: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return 0;
  const next = text[at + 1];
  if (next !== QUOTE_BYTE && next !== AMPERSAND) return 0;
  const letter = (text[at] as number) | 0x20;
  if (next === QUOTE_BYTE) {
    if (letter === SMALL_E) return endOfString(text, at + 2, end, ESCAPES);
    if (letter === SMALL_B || letter === SMALL_X) return endOfString(text, at + 2, end, BITS);
    return letter === SMALL_N ? endOfString(text, at + 2, end, PLAIN) : 0;
  }
  if (letter !== SMALL_U || at + 2 >= end) return 0;
  if (text[at + 2] === QUOTE_BYTE) return endOfString(text, at + 3, end, PLAIN);
  return text[at + 2] === DOUBLE_QUOTE_BYTE ? endOfIdentifier(text, at + 3, end) : 0;
}

/** The offset after the bytes with which an identifier can continue. */
export function endOfWord(text: Uint8Array, at: number, end: number): number {
  // An imported binding is looked up on every use.
  const inWord = IN_WORD;
  let p = at;
  while (p < end && inWord[text[p] as number] === 1) p++;
  return p;
}

/**
 * The offset after `::`, after a psql variable, or after the colon alone. :'name' and :"name" end with their
 * closing quote.
 */
function endOfColon(text: Uint8Array, at: number, end: number): number {
  let p = at + 1;
  if (p < end && text[p] === COLON_BYTE) return p + 1;
  while (p < end && (CLASSES[text[p] as number] === LETTER || CLASSES[text[p] as number] === DIGIT)) p++;
  return p;
}

/** In 1..2 the second dot does not begin a number. */
function endOfDot(text: Uint8Array, at: number, end: number): number {
  const next = at + 1 < end ? CLASSES[text[at + 1] as number] : undefined;
  if (next === DOT) return at + 2;
  return next === DIGIT ? endOfNumber(text, at, end) : at + 1;
}
