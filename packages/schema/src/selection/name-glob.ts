/** One part of a glob: matches the name of a file or folder. */
export type NameGlob = (name: string) => boolean;

/**
 * One element of a pattern: a literal character, any character, a character of a class, or any sequence of
 * characters.
 */
type Token = string | typeof ANY | typeof STAR | CharacterClass;

interface CharacterClass {
  readonly negated: boolean;
  /** First and last code point of each range. */
  readonly ranges: readonly (readonly [number, number])[];
}

const ANY: unique symbol = Symbol('?');
const STAR: unique symbol = Symbol('*');

/**
 * Compiles a part without `/`. `*` and `?` have their usual meaning, `[a-z]` and `[!a-z]` are classes, and an
 * unclosed bracket and a backslash stand for themselves. No pattern is slow: time grows at most with the
 * product of both lengths.
 * @returns what is wrong, for an invalid class
 */
export function parseNameGlob(pattern: string): NameGlob | { readonly problem: string } {
  const tokens: Token[] = [];
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] as string;
    const end = character === '[' ? classEnd(characters, at) : -1;
    if (end > 0) {
      const body = parseClass(characters.slice(at + 1, end));
      if (typeof body === 'string')
        return { problem: `has the class ${characters.slice(at, end + 1).join('')}, ${body}` };
      tokens.push(body);
      at = end;
    } else if (character === '*') {
      if (tokens.at(-1) !== STAR) tokens.push(STAR);
    } else tokens.push(character === '?' ? ANY : character);
  }
  return plainGlob(tokens) ?? ((name) => matches(tokens, [...name]));
}

/** A name, or a star followed by an ending: nearly every pattern is one of them. */
function plainGlob(tokens: readonly Token[]): NameGlob | null {
  const hasStar = tokens[0] === STAR;
  const rest = hasStar ? tokens.slice(1) : tokens;
  if (!rest.every((token) => typeof token === 'string')) return null;
  const text = rest.join('');
  return hasStar ? (name) => name.endsWith(text) : (name) => name === text;
}

/**
 * The index at which the class opened at `start` is closed, or -1. A bracket at the very beginning is one of
 * its characters.
 */
function classEnd(characters: readonly string[], start: number): number {
  let from = start + 1;
  if (characters[from] === '!' || characters[from] === '^') from += 1;
  if (characters[from] === ']') from += 1;
  return characters.indexOf(']', from);
}

function parseClass(body: readonly string[]): CharacterClass | string {
  const negated = body[0] === '!' || body[0] === '^';
  const ranges: (readonly [number, number])[] = [];
  for (let at = negated ? 1 : 0; at < body.length; at += 1) {
    const first = body[at] as string;
    if (first === '\\') return 'and a backslash has no meaning in one';
    const isRange = body[at + 1] === '-' && at + 2 < body.length;
    const last = isRange ? (body[at + 2] as string) : first;
    if (isRange) at += 2;
    const range = [codePoint(first), codePoint(last)] as const;
    if (range[0] > range[1]) return `and its range ${first}-${last} runs backwards`;
    ranges.push(range);
  }
  return { negated, ranges };
}

/**
 * Backtracks to the last star only: what an earlier star matched can stay unchanged, so that nothing is tried
 * twice.
 */
function matches(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let taken = 0;
  while (at < name.length) {
    if (tokens[token] === STAR) {
      star = token;
      taken = at;
      token += 1;
    } else if (token < tokens.length && matchesOne(tokens[token] as Token, name[at] as string)) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      taken += 1;
      at = taken;
      token = star + 1;
    } else return false;
  }
  while (tokens[token] === STAR) token += 1;
  return token === tokens.length;
}

function matchesOne(token: Token, character: string): boolean {
  if (token === ANY) return true;
  if (typeof token === 'string') return token === character;
  if (token === STAR) return false;
  const code = codePoint(character);
  return token.ranges.some(([first, last]) => first <= code && code <= last) !== token.negated;
}

function codePoint(character: string): number {
  return character.codePointAt(0) as number;
}
