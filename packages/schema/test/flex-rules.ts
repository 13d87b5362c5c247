/**
 * The rules of PostgreSQL's scan.l and psqlscan.l as patterns, tried as flex does: the longest match wins,
 * and of equal ones the first. Slow and plain, so that it can be read beside those files; the lexer is
 * compared with it.
 */

/** Where statements end, what is open at the end of the text, and where that begins. */
export interface FlexResult {
  /** After each semicolon that ends a statement. */
  readonly ends: readonly number[];
  readonly open: { readonly what: string; readonly at: number } | null;
}

const space = '[ \\t\\n\\r\\f\\v]';
const comment = '(?:--[^\\n\\r]*)';
const whitespaceWithNewline = `(?:(?:[ \\t\\f\\v]|${comment})*[\\n\\r](?:${space}+|${comment}[\\n\\r])*)`;
const identStart = '[A-Za-z\\x80-\\xff_]';
const identifier = `${identStart}[A-Za-z\\x80-\\xff_0-9$]*`;
const tagDelimiter = `\\$(?:${identStart}[A-Za-z\\x80-\\xff_0-9]*)?\\$`;
const operator = '[~!@#^&|`?+\\-*/%<>=]';
const decinteger = '[0-9](?:_?[0-9])*';
const numeric = `(?:${decinteger}\\.(?:${decinteger})?|\\.${decinteger})`;
const real = `(?:${numeric}|${decinteger})[Ee][-+]?${decinteger}`;

type Rule = readonly [name: string, pattern: RegExp];

const rule = (name: string, pattern: string): Rule => [name, new RegExp(pattern, 'y')];

const INITIAL: readonly Rule[] = [
  rule('space', `${space}+|${comment}`),
  rule('comment', `/\\*${operator}*`),
  rule('bits', "[bBxX]'"),
  // N is a token of its own there; here it is the beginning of its literal.
  rule('string', "[nN]?'"),
  rule('escapes', "[eE]'"),
  rule('string', "[uU]&'"),
  rule('dollar', tagDelimiter),
  rule('identifier', '"'),
  rule('identifier', '[uU]&"'),
  rule('sign', '::|\\.\\.|:='),
  rule('open', '\\('),
  rule('close', '\\)'),
  rule('semicolon', ';'),
  rule('command', '\\\\'),
  rule('variable', ':[A-Za-z\\x80-\\xff_0-9]+'),
  rule('operator', `${operator}+`),
  rule('number', `\\$[0-9]+(?:${identifier})?`),
  rule('number', decinteger),
  rule('number', numeric),
  rule('number', real),
  rule('number', `(?:${numeric}|${decinteger})[Ee][-+]`),
  rule('number', `${decinteger}${identifier}`),
  rule('number', `${numeric}${identifier}`),
  rule('number', `${real}${identifier}`),
  rule('word', identifier),
  rule('sign', '[^]'),
];

/**
 * Reads Latin-1, one character per byte. Returns null for text with psql commands, which these rules do not
 * cover.
 */
export function flexRules(text: string): FlexResult | null {
  const ends: number[] = [];
  let [parens, begins, words, at] = [0, 0, 0, 0];
  let letters = '';
  let first = -1;
  let outermost = 0;
  while (at < text.length) {
    const [name, length] = longest(text, at);
    const begun = at;
    if (name === 'command') return null;
    if (name !== 'space' && name !== 'comment' && !(name === 'semicolon' && first < 0) && first < 0)
      first = at;
    at += length;
    if (name === 'comment') {
      at = afterComment(text, begun);
    } else if (name === 'bits' || name === 'string' || name === 'escapes') {
      at = afterString(text, at, name);
    } else if (name === 'identifier') {
      at = after(text, at, /(?:""|[^"])*"(?!")/y);
    } else if (name === 'dollar') {
      const close = text.indexOf(text.slice(begun, at), at);
      at = close < 0 ? -1 : close + length;
    } else if (name === 'open') {
      if (parens++ === 0) outermost = begun;
    } else if (name === 'close') parens = Math.max(0, parens - 1);
    else if (name === 'word') {
      const word = text.slice(begun, at).toLowerCase();
      if (words === 0) letters = '';
      if (words < 4)
        letters += ['create', 'function', 'procedure', 'or', 'replace'].includes(word) ? word.charAt(0) : '-';
      words++;
      if (/^c(?:or)?[fp]/.test(letters) && parens === 0) {
        if (word === 'begin' || (word === 'case' && begins > 0)) begins++;
        else if (word === 'end') begins = Math.max(0, begins - 1);
      }
    } else if (name === 'semicolon' && parens === 0 && begins === 0) {
      if (first >= 0) ends.push(at);
      words = 0;
      first = -1;
    }
    if (at < 0) return { ends, open: { what: name, at: begun } };
  }
  if (first < 0) return { ends, open: null };
  return { ends, open: parens > 0 ? { what: 'open', at: outermost } : { what: 'statement', at: first } };
}

function longest(text: string, at: number): readonly [string, number] {
  let best: readonly [string, number] = ['', 0];
  for (const [name, pattern] of INITIAL) {
    const end = after(text, at, pattern);
    if (end - at > best[1]) best = [name, end - at];
  }
  const match = text.slice(at, at + best[1]);
  // 1..: numericfail is longer than numeric, and gives both dots back.
  const fail = after(text, at, new RegExp(`${decinteger}\\.\\.`, 'y'));
  if (fail - at > best[1]) return ['number', fail - at - 2];
  if (best[0] !== 'operator') return best;
  const cut = match.search(/\/\*|--/);
  return cut < 0 ? best : ['operator', cut];
}

function after(text: string, at: number, pattern: RegExp): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

function afterComment(text: string, at: number): number {
  let depth = 0;
  for (const match of text.slice(at).matchAll(/\/\*|\*\/|./gs)) {
    if (match[0] === '/*') depth++;
    else if (match[0] === '*/' && --depth === 0) return at + match.index + 2;
  }
  return -1;
}

function afterString(text: string, at: number, kind: string): number {
  const inside = {
    bits: /[^']*'/y,
    string: /(?:''|[^'])*'(?!')/y,
    escapes: /(?:''|\\[\s\S]|[^'\\])*'(?!')/y,
  }[kind] as RegExp;
  const continued = new RegExp(`${whitespaceWithNewline}'`, 'y');
  let end = after(text, at, inside);
  for (let next = end < 0 ? -1 : after(text, end, continued); next >= 0; ) {
    end = after(text, next, inside);
    next = end < 0 ? -1 : after(text, end, continued);
  }
  return end;
}
