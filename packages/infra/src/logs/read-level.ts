import { isDigit, isLetter } from './read-time.ts';

export const FATAL = 0;
export const ERROR = 1;
export const WARNING = 2;
export const INFO = 3;
export const DEBUG = 4;
export const TRACE = 5;
export const NONE = 6;

/** The words of spec/infra/logs.md, "Level". */
const WORDS: readonly (readonly [word: string, level: number])[] = [
  ['fatal', FATAL],
  ['critical', FATAL],
  ['crit', FATAL],
  ['emergency', FATAL],
  ['emerg', FATAL],
  ['alert', FATAL],
  ['panic', FATAL],
  ['error', ERROR],
  ['err', ERROR],
  ['severe', ERROR],
  ['warning', WARNING],
  ['warn', WARNING],
  ['info', INFO],
  ['notice', INFO],
  ['debug', DEBUG],
  ['trace', TRACE],
  ['verbose', TRACE],
];
const SHORTEST = 3;
const LONGEST = 9;
/** Beside the first and the last byte of a line. */
const OUTSIDE = -1;
/** By first letter, so that most words of a message are passed over at once. */
const BY_LETTER: readonly (readonly (readonly [word: string, level: number])[])[] = Array.from(
  { length: 26 },
  (_, at) => WORDS.filter(([word]) => word.charCodeAt(0) === 0x61 + at),
);

/** The level of a word in any case; NONE if it is not one. */
export function levelOfWord(s: string, from: number, to: number): number {
  const length = to - from;
  if (length < SHORTEST || length > LONGEST) return NONE;
  const words = BY_LETTER[(s.charCodeAt(from) | 0x20) - 0x61];
  if (words === undefined) return NONE;
  for (const [word, level] of words) if (word.length === length && isWordAt(s, from, word)) return level;
  return NONE;
}

/** The level of a value of a JSON line that is a number. */
export function levelOfNumber(value: number): number {
  if (value >= 60) return FATAL;
  return [TRACE, TRACE, DEBUG, INFO, WARNING, ERROR][Math.floor(value / 10)] ?? TRACE;
}

/** The level of a syslog priority. */
export function levelOfPriority(priority: number): number {
  return [FATAL, FATAL, FATAL, ERROR, WARNING, INFO, INFO, DEBUG][priority % 8] as number;
}

/** The level of the status of an access log. */
export function levelOfStatus(hundreds: number): number {
  return hundreds === 5 ? ERROR : hundreds === 4 ? WARNING : INFO;
}

/** The first level word of s[from, to); `begin` and `end` are those of its line. */
export function firstLevelWord(s: string, from: number, to: number, begin: number, end: number): number {
  for (let at = from; at < to; at++) {
    if (!isLetter(s.charCodeAt(at))) continue;
    const word = at;
    while (at < end && isLetter(s.charCodeAt(at))) at++;
    const level = levelOfWord(s, word, at);
    if (level !== NONE && isMarked(s, word, at, begin, end)) return level;
  }
  return NONE;
}

/** The end of a level word in upper case at a position, or the position itself. */
export function upperLevelEnd(s: string, at: number, end: number): number {
  let to = at;
  while (to < end && to - at <= LONGEST && isUpper(s.charCodeAt(to))) to++;
  return levelOfWord(s, at, to) === NONE ? at : to;
}

function isWordAt(s: string, from: number, word: string): boolean {
  for (let at = 1; at < word.length; at++) {
    if ((s.charCodeAt(from + at) | 0x20) !== word.charCodeAt(at)) return false;
  }
  return true;
}

function isMarked(s: string, from: number, to: number, begin: number, end: number): boolean {
  const before = from > begin ? s.charCodeAt(from - 1) : OUTSIDE;
  const after = to < end ? s.charCodeAt(to) : OUTSIDE;
  if (isDigit(before) || before === 0x5f || isDigit(after) || after === 0x5f) return false;
  if (isAllUpper(s, from, to)) return true;
  switch (before) {
    case 0x5b: // [
      return after === 0x5d;
    case 0x28: // (
      return after === 0x29;
    case 0x3c: // <
      return after === 0x3e;
    case 0x3d: // =
      return true;
    case 0x22: // "
      return from - 1 > begin && s.charCodeAt(from - 2) === 0x3d;
    case 0x20:
    case OUTSIDE:
      return after === 0x3a;
    default:
      return false;
  }
}

function isAllUpper(s: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (!isUpper(s.charCodeAt(at))) return false;
  return true;
}

function isUpper(c: number): boolean {
  return c >= 0x41 && c <= 0x5a;
}
