import { badOption } from '@tandem/job';

/** The most that a counted repetition may ask for, all around it included. */
const MOST_REPEATS = 1000;
/** What \s is in both engines; Rust's own has a vertical tab, too. */
const SPACE = '\\t\\n\\f\\r ';
const CONTROLS = 'tnrf';
const CLASSES = 'dDwW';

/**
 * Translates a pattern into one that both engines read alike, in time that is linear in the line: a subset of RE2's
 * syntax, over bytes (docs/logs.md).
 * @throws {TandemError} ERR_TANDEM_BAD_OPTION, which names what it cannot have
 */
export function translatePattern(name: string, pattern: string): string {
  return new Translation(name, pattern).run();
}

class Translation {
  readonly #name: string;
  readonly #source: string;
  readonly #letters: readonly string[];
  #at = 0;
  #out = '';
  /** The repetitions around the current position multiply. */
  readonly #groups: { start: number; repeats: number }[] = [];
  /** Where the last item begins in the output, which a quantifier may follow; null if nothing may be repeated. */
  #item: number | null = null;
  #itemRepeats = 1;

  constructor(name: string, pattern: string) {
    this.#name = name;
    this.#source = pattern;
    this.#letters = [...pattern];
  }

  run(): string {
    if (this.#source.startsWith('(?i)')) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is meant
      if (/[^\x00-\x7f]/.test(this.#source)) throw this.#refuse('(?i) with letters that are not ASCII');
      this.#take('(?i)', false);
      this.#at = 4;
    }
    while (this.#at < this.#letters.length) this.#next();
    if (this.#groups.length > 0) throw this.#refuse("a '(' without ')'");
    return this.#out;
  }

  #next(): void {
    const letter = this.#letters[this.#at] as string;
    if (letter === '\\') this.#escape();
    else if (letter === '[') this.#class();
    else if (letter === '(') this.#open();
    else if (letter === ')') this.#close();
    else if ('*+?{'.includes(letter)) this.#quantifier(letter);
    else {
      this.#at += 1;
      this.#take(isAscii(letter) ? letter : bytesOf(letter), !'|^$'.includes(letter));
    }
  }

  #escape(): void {
    const letter = this.#letters[this.#at + 1] ?? '';
    if (letter === 'b' || letter === 'B') {
      this.#at += 2;
      this.#take(`\\${letter}`, false);
    } else if (letter === 's' || letter === 'S') {
      this.#at += 2;
      this.#take(`[${letter === 'S' ? '^' : ''}${SPACE}]`, true);
    } else this.#take(this.#escaped(), true);
  }

  /** An escape that is the same inside a class. */
  #escaped(): string {
    const letter = this.#letters[this.#at + 1] ?? '';
    if (letter === 'x') {
      const hex = this.#letters.slice(this.#at + 2, this.#at + 4).join('');
      if (!/^[0-9A-Fa-f]{2}$/.test(hex)) throw this.#refuse('\\x without two hexadecimal digits');
      this.#at += 4;
      return `\\x${hex}`;
    }
    const isKnown = CONTROLS.includes(letter) || CLASSES.includes(letter) || /^[!-/:-@[-`{-~ ]$/.test(letter);
    if (letter === '' || !isKnown)
      throw this.#refuse(/[1-9]/.test(letter) ? `the backreference \\${letter}` : `\\${letter}`);
    this.#at += 2;
    return `\\${letter}`.replace('\\ ', ' ');
  }

  #class(): void {
    let text = '[';
    this.#at += 1;
    if (this.#letters[this.#at] === '^') {
      text += '^';
      this.#at += 1;
    }
    for (let first = true; this.#letters[this.#at] !== ']' || first; first = false) {
      const letter = this.#letters[this.#at];
      const two = this.#letters.slice(this.#at, this.#at + 2).join('');
      if (letter === undefined) throw this.#refuse("a '[' without ']'");
      if (['&&', '--', '~~'].includes(two))
        throw this.#refuse(`${two} in [ ]: write a backslash before each`);
      if (letter === '[' || letter === ']') throw this.#refuse(`${letter} in [ ]: write \\${letter}`);
      if (!isAscii(letter)) throw this.#refuse(`'${letter}' in [ ]: it is more than one byte`);
      if (two === '\\s') {
        text += SPACE;
        this.#at += 2;
      } else if (letter === '\\') text += this.#escaped();
      else {
        text += letter;
        this.#at += 1;
      }
    }
    this.#at += 1;
    this.#take(`${text}]`, true);
  }

  #open(): void {
    const three = this.#letters.slice(this.#at, this.#at + 3).join('');
    if (three.startsWith('(?') && three !== '(?:') {
      const what = /^\(\?[=!]/.test(three)
        ? 'the lookahead'
        : /^\(\?</.test(three)
          ? 'the lookbehind or name'
          : 'the flag';
      throw this.#refuse(`${what} ${three}`);
    }
    this.#groups.push({ start: this.#out.length, repeats: 1 });
    this.#at += three === '(?:' ? 3 : 1;
    this.#take('(?:', false);
  }

  #close(): void {
    const group = this.#groups.pop();
    if (group === undefined) throw this.#refuse("a ')' without '('");
    this.#at += 1;
    this.#out += ')';
    this.#item = group.start;
    this.#itemRepeats = group.repeats;
  }

  #quantifier(letter: string): void {
    if (this.#item === null) throw this.#refuse(`'${letter}' with nothing before it to repeat`);
    const [text] = letter === '{' ? (/^\{\d+(?:,\d*)?\}/.exec(this.#rest()) ?? []) : [letter];
    if (text === undefined) throw this.#refuse("'{' that is no repetition: write \\{");
    const [least = 1, most = least] = (text.match(/\d+/g) ?? []).map(Number);
    const repeats = this.#itemRepeats * Math.max(1, least, most);
    if (repeats > MOST_REPEATS || most < least)
      throw this.#refuse(`the repetition ${text}: at most ${MOST_REPEATS} in all`);
    const around = this.#groups.at(-1);
    if (around !== undefined) around.repeats = Math.max(around.repeats, repeats);
    this.#at += text.length;
    this.#out += text;
    if (this.#letters[this.#at] === '?') {
      this.#at += 1;
      this.#out += '?';
    }
    this.#item = null;
  }

  #take(text: string, isItem: boolean): void {
    this.#item = isItem ? this.#out.length : null;
    this.#itemRepeats = 1;
    this.#out += text;
  }

  #rest(): string {
    return this.#letters.slice(this.#at, this.#at + 12).join('');
  }

  #refuse(what: string): Error {
    const cure =
      'the syntax is that of RE2 without groups by name, flags but (?i), and Unicode classes; see docs/logs.md';
    return badOption('patterns', `${this.#name} cannot have ${what}`, cure);
  }
}

function isAscii(letter: string): boolean {
  return letter <= '\x7f';
}

function bytesOf(letter: string): string {
  const bytes = [...Buffer.from(letter)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`);
  return `(?:${bytes.join('')})`;
}
