import { CLASSES, COLON, DOUBLE_QUOTE, LETTER, QUOTE } from '../lexer/byte-classes.ts';
import { endOfGap } from '../lexer/gap.ts';
import { isWord } from '../lexer/statement-words.ts';
import { endOfPrefixed, endOfToken, endOfWord } from '../lexer/token.ts';

/** A name and its schema, which is empty if none is given. */
export interface QualifiedName {
  readonly schema: string;
  readonly name: string;
}

type TokenKind = 'word' | 'identifier' | 'string' | 'other' | 'end';

/** NAMEDATALEN - 1: PostgreSQL truncates longer names. */
const MOST_NAME_BYTES = 63;

/** The tokens of one statement, one after another: spec/schema/definitions.md, "Heads". */
export class HeadTokens {
  kind: TokenKind = 'end';
  start = 0;
  end: number;
  readonly #text: Buffer;
  readonly #limit: number;

  constructor(text: Buffer, start: number, end: number) {
    this.#text = text;
    this.#limit = end;
    this.end = start;
    this.next();
  }

  /** Advances to the next token; an open token counts as the end. */
  next(): void {
    const text = this.#text;
    const limit = this.#limit;
    this.kind = 'end';
    const at = endOfGap(text, this.end, limit);
    if (at < 0 || at >= limit) return;
    const kind = CLASSES[text[at] as number] as number;
    let end: number;
    let found: TokenKind;
    if (kind === LETTER) {
      end = endOfPrefixed(text, at, limit);
      found = end === 0 ? 'word' : 'other';
      if (end === 0) end = endOfWord(text, at, limit);
    } else {
      end = endOfToken(kind, text, at, limit);
      found = kind === DOUBLE_QUOTE ? 'identifier' : kind === QUOTE ? 'string' : 'other';
    }
    if (end < 0) return;
    this.start = at;
    this.end = end;
    this.kind = found;
  }

  /** Whether the token is this word. */
  is(word: string): boolean {
    return this.kind === 'word' && isWord(this.#text, this.start, this.end, word);
  }

  /** Whether the token is this sign, which is a single byte. */
  isSign(sign: string): boolean {
    return (
      this.kind === 'other' && this.end === this.start + 1 && this.#text[this.start] === sign.charCodeAt(0)
    );
  }

  /** Advances past this word, if it is the current token. */
  take(word: string): boolean {
    if (!this.is(word)) return false;
    this.next();
    return true;
  }

  /** Advances past these words, if they follow; if only the first ones do, nothing further can be read. */
  takeAll(...words: readonly string[]): boolean {
    if (!this.is(words[0] as string)) return false;
    for (const word of words) {
      if (!this.take(word)) {
        this.kind = 'end';
        return false;
      }
    }
    return true;
  }

  takeSign(sign: string): boolean {
    if (!this.isSign(sign)) return false;
    this.next();
    return true;
  }

  /** A part of a name; null if there is none. */
  part(): string | null {
    if (this.kind !== 'word' && this.kind !== 'identifier') return null;
    const bytes = this.#text.subarray(this.start, this.end);
    const isVariable = this.end < this.#limit && CLASSES[this.#text[this.end] as number] === COLON;
    const name = this.kind === 'word' ? folded(cut(bytes)) : cut(unquoted(bytes)).toString();
    this.next();
    return isVariable || name === '' ? null : name;
  }

  /** Null if there is none. */
  qualifiedName(): QualifiedName | null {
    const parts: string[] = [];
    for (;;) {
      const part = this.part();
      if (part === null || parts.length === 3) return null;
      parts.push(part);
      if (!this.takeSign('.')) break;
    }
    const [name, schema = ''] = parts.reverse() as [string, string?];
    return { schema, name };
  }

  /** The contents of a plain string; null if there is none. */
  string(): string | null {
    if (this.kind !== 'string') return null;
    const text = this.text();
    this.next();
    // A string that continues on another line is none of those that are searched for.
    return /^'(?:[^']|'')*'$/.test(text) ? text.slice(1, -1).replaceAll("''", "'") : null;
  }

  /** The token as written; a word in lower case. */
  text(): string {
    const bytes = this.#text.subarray(this.start, this.end);
    return this.kind === 'word' ? folded(bytes) : bytes.toString();
  }
}

/** An identifier without its quotes. */
function unquoted(bytes: Buffer): Buffer {
  const inner = bytes.subarray(1, -1);
  return inner.includes('""') ? Buffer.from(inner.toString('latin1').replaceAll('""', '"'), 'latin1') : inner;
}

/** The part of a name that PostgreSQL keeps. */
function cut(bytes: Buffer): Buffer {
  if (bytes.length <= MOST_NAME_BYTES) return bytes;
  let end = MOST_NAME_BYTES;
  while (((bytes[end] as number) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

/** PostgreSQL folds only ASCII letters if the encoding is multibyte (scansup.c). */
function folded(bytes: Buffer): string {
  return bytes.toString().replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
