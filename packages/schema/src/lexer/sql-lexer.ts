import { bomLength } from './bom.ts';
import {
  BACKSLASH,
  CLASSES,
  CLOSE,
  DASH,
  LETTER,
  OPEN,
  QUOTE,
  SEMICOLON,
  SLASH,
  SPACE,
} from './byte-classes.ts';
import { endOfCopyData } from './copy-data.ts';
import {
  beginsBlockComment,
  beginsLineComment,
  endOfBlockComment,
  endOfGap,
  endOfLine,
  nextLine,
} from './gap.ts';
import { type Open, openQuote } from './open.ts';
import { endOfPlain, hidesToken, pairsOf, withoutSpace } from './plain.ts';
import { readPsqlCommand } from './psql-command.ts';
import { endOfString, PLAIN } from './quotes.ts';
import {
  ANY,
  afterWord,
  beginDepthAfter,
  COPY,
  FIRST,
  isBehindDot,
  isStdin,
  isWord,
  ROUTINE,
} from './statement-words.ts';
import { endOfPrefixed, endOfToken, endOfWord } from './token.ts';

/** The result of SqlLexer.next. */
export type Found = 'statement' | 'copy' | 'command' | 'forced' | 'end';

const COLON_BYTE = 0x3a;
const SEMICOLON_BYTE = 0x3b;

/**
 * Splits a text into statements and psql commands: spec/schema/lexer.md. `crates/tandem-schema/src/lexer` has
 * the same files. A byte order mark at the beginning is skipped.
 */
export class SqlLexer {
  /** The offsets of the last item found; for a command, also the end of its word. */
  start = 0;
  end = 0;
  wordEnd = 0;
  /** The data lines that a COPY or \copy reads; -1 for an item without data. */
  dataStart = -1;
  dataEnd = -1;
  /** Known once the end is found. */
  open: Open | null = null;

  readonly #text: Uint8Array;
  readonly #pairs: Uint16Array;
  #at: number;
  /** Where tokens currently end: the end of the text, or the end of the line that data follows. */
  #limit: number;
  /** The offset after that data; -1 if no data follows. */
  #behindData = -1;
  /** The last line end that was searched for. */
  #lineEnd = -1;
  // The statement so far: its first token, the offset after its last token, and what prevents it from ending.
  #first = -1;
  #last = 0;
  #depth = 0;
  #opened = 0;
  #beginDepth = 0;
  #words = FIRST;
  #copies = false;
  /** The token after a `\;`: for the server, a statement begins there. */
  #forced = -1;
  /** Up to this offset, tokens are read one by one. */
  #byTokens = 0;

  constructor(text: Uint8Array) {
    this.#text = text;
    this.#pairs = pairsOf(text);
    this.#at = bomLength(text);
    this.#limit = text.length;
  }

  /** Finds the next item. A statement that is open at the end of the text is also found, before the end. */
  next(): Found {
    if (this.open !== null) return 'end';
    const text = this.#text;
    const classes = CLASSES;
    let at = this.#at;
    let limit = this.#limit;
    for (;;) {
      if (this.#words === ANY && at >= this.#byTokens) at = this.#plain(at, limit);
      if (at >= limit) {
        if (this.#behindData < 0) return this.#finish();
        at = this.#behindData;
        limit = text.length;
        this.#limit = limit;
        this.#behindData = -1;
        continue;
      }
      const kind = classes[text[at] as number] as number;
      if (kind === SPACE) at++;
      else if (kind === DASH && beginsLineComment(text, at, limit)) at = endOfLine(text, at, limit);
      else if (kind === SLASH && beginsBlockComment(text, at, limit)) {
        const begun = at;
        at = endOfBlockComment(text, at, limit);
        if (at < 0) return this.#leave({ what: 'comment', at: begun });
      } else if (kind === SEMICOLON) {
        at++;
        if (this.#first < 0) continue;
        this.#last = at;
        if (this.#depth > 0 || this.#beginDepth > 0) continue;
        this.#at = at;
        return this.#statement();
      } else if (kind === BACKSLASH) {
        this.#at = at;
        return this.#backslash();
      } else {
        if (this.#first < 0) this.#first = at;
        const begun = at;
        if (kind === LETTER) at = this.#word(at, limit);
        else if (kind === OPEN || kind === CLOSE) at = this.#parenthesis(kind, at);
        else at = endOfToken(kind, text, at, limit);
        if (at < 0) return this.#leave(openQuote(text, begun, limit));
        this.#last = at;
      }
    }
  }

  /** The next offset that must be inspected, in a statement whose words no longer matter. */
  #plain(at: number, limit: number): number {
    const text = this.#text;
    const classes = CLASSES;
    const pairs = this.#pairs;
    const before = text.byteOffset & 1;
    let depth = this.#depth;
    for (let begun = at; ; ) {
      const stop = endOfPlain(text, pairs, before, begun, limit);
      const kind = stop < limit ? classes[text[stop] as number] : SPACE;
      if (kind === OPEN) {
        if (depth++ === 0) this.#opened = stop;
        begun = stop + 1;
      } else if (kind === CLOSE) {
        if (depth > 0) depth--;
        begun = stop + 1;
      } else {
        const hidden = stop < limit && hidesToken(text, begun, stop);
        if (kind === QUOTE && !hidden) {
          const end = endOfString(text, stop + 1, limit, PLAIN);
          if (end >= 0) {
            begun = end;
            continue;
          }
        }
        this.#depth = depth;
        const behind = hidden ? begun : stop;
        // Space before a comment, a command or the end is not part of the statement.
        const end = withoutSpace(text, begun, behind);
        if (end > at) this.#last = end;
        if (hidden) this.#byTokens = stop + 1;
        return behind;
      }
    }
  }

  #parenthesis(kind: number, at: number): number {
    if (kind === CLOSE) {
      if (this.#depth > 0) this.#depth--;
    } else if (this.#depth++ === 0) this.#opened = at;
    return at + 1;
  }

  /** The offset after a word, or after the literal whose prefix it is; -1 if that literal is open. */
  #word(at: number, limit: number): number {
    const literal = endOfPrefixed(this.#text, at, limit);
    if (literal !== 0) return literal;
    const end = endOfWord(this.#text, at, limit);
    if (this.#words !== ANY) this.#count(at, end, limit);
    return end;
  }

  /** Evaluates a word for its effect on the end of its statement. */
  #count(at: number, end: number, limit: number): void {
    const text = this.#text;
    if (this.#words === COPY) {
      if (this.#depth > 0 || !isWord(text, at, end, 'from') || isBehindDot(text, at)) return;
      this.#copies ||= isStdin(text, end, limit);
      this.#words = ANY;
      return;
    }
    this.#words = afterWord(this.#words, text, at, end, at === this.#first || at === this.#forced);
    if (this.#words === ROUTINE && this.#depth === 0) {
      this.#beginDepth = beginDepthAfter(this.#beginDepth, text, at, end);
    }
  }

  #backslash(): Found {
    const text = this.#text;
    const at = this.#at;
    const next = at + 1 < this.#limit ? text[at + 1] : undefined;
    if (next === SEMICOLON_BYTE || next === COLON_BYTE) return this.#force(at, next);
    const command = readPsqlCommand(text, at, this.#endOfLine(at));
    if (command.ends && this.#first >= 0) return this.#statement();
    this.#found(at, command.wordEnd, command.end);
    this.#data(command.copiesIn);
    return 'command';
  }

  /** A `\;` or `\:` sends its second character to the server. */
  #force(at: number, sign: number): Found {
    if (this.#first < 0) this.#first = at;
    this.#last = at + 2;
    this.#found(at, at + 2, at + 2);
    if (sign === SEMICOLON_BYTE) {
      this.#words = FIRST;
      this.#forced = endOfGap(this.#text, at + 2, this.#limit);
    }
    return 'forced';
  }

  #found(start: number, wordEnd: number, end: number): void {
    this.start = start;
    this.wordEnd = wordEnd;
    this.end = end;
    this.#at = end;
  }

  /** The statement ends after its last token. */
  #statement(): Found {
    const copies = this.#copies;
    this.start = this.#first;
    this.end = this.#last;
    this.#first = -1;
    this.#depth = 0;
    this.#beginDepth = 0;
    this.#words = FIRST;
    this.#copies = false;
    this.#forced = -1;
    this.#data(copies);
    return copies ? 'copy' : 'statement';
  }

  /**
   * Data begins after the line, or after the data that already follows the line (mainloop.c reads the rest of
   * the line first).
   */
  #data(follows: boolean): void {
    this.dataStart = -1;
    this.dataEnd = -1;
    if (!follows) return;
    const text = this.#text;
    const line = this.#endOfLine(this.#at);
    this.dataStart = this.#behindData < 0 ? nextLine(text, line, text.length) : this.#behindData;
    const end = endOfCopyData(text, this.dataStart);
    if (end < 0) {
      this.dataEnd = text.length;
      this.open = { what: 'copy', at: this.start };
      return;
    }
    this.dataEnd = end;
    this.#limit = line;
    this.#behindData = nextLine(text, end, text.length);
  }

  /** The end of the line that contains `at`; each line is searched once. */
  #endOfLine(at: number): number {
    if (at > this.#lineEnd) this.#lineEnd = endOfLine(this.#text, at, this.#limit);
    return this.#lineEnd;
  }

  #finish(): Found {
    if (this.#first < 0) return this.#leave(null);
    const at = this.#first;
    return this.#leave(
      this.#depth > 0 ? { what: 'parenthesis', at: this.#opened } : { what: 'statement', at },
    );
  }

  /** Finds the statement that the text leaves open, if there is one; then the end. */
  #leave(open: Open | null): Found {
    this.open = open;
    this.#at = this.#text.length;
    this.#limit = this.#text.length;
    this.#behindData = -1;
    if (this.#first < 0) return 'end';
    if (open !== null && 'close' in open) this.#last = this.#text.length;
    this.#copies = false;
    return this.#statement();
  }
}
