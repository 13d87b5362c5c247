/**
 * What a byte can begin at the start of a token: spec/schema/lexer.md, "Tokens". A byte above 0x7f is a
 * letter.
 */
export const SPACE = 0;
export const SIGN = 1;
export const LETTER = 2;
export const DIGIT = 3;
export const COLON = 4;
export const DOT = 5;
/**
 * Once the words of a statement no longer matter, only these classes and what follows them must be inspected:
 * plain.ts.
 */
export const OPEN = 6;
export const CLOSE = 7;
export const QUOTE = 8;
export const DOUBLE_QUOTE = 9;
export const DOLLAR = 10;
export const DASH = 11;
export const SLASH = 12;
export const BACKSLASH = 13;
export const SEMICOLON = 14;

/** The class of each byte. */
export const CLASSES: Uint8Array = classes();
/** 1 for the bytes with which an identifier can continue: letters, digits, `_` and `$`. */
export const IN_WORD: Uint8Array = CLASSES.map((kind) =>
  kind === LETTER || kind === DIGIT || kind === DOLLAR ? 1 : 0,
);

export const LF = 0x0a;
export const CR = 0x0d;

function classes(): Uint8Array {
  const table = new Uint8Array(256).fill(SIGN);
  const put = (bytes: string, kind: number): void => {
    for (const byte of Buffer.from(bytes)) table[byte] = kind;
  };
  put(' \t\n\v\f\r', SPACE);
  put('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', LETTER);
  table.fill(LETTER, 0x80);
  put('0123456789', DIGIT);
  put("'", QUOTE);
  put('"', DOUBLE_QUOTE);
  put('$', DOLLAR);
  put('-', DASH);
  put('/', SLASH);
  put('\\', BACKSLASH);
  put(';', SEMICOLON);
  put('(', OPEN);
  put(')', CLOSE);
  put(':', COLON);
  put('.', DOT);
  return table;
}
