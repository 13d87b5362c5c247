import { LIMITS } from '@tandem/engine';
import { JsonLine } from './json-line.ts';
import type { LineBefore, LogSettings } from './log-block.ts';
import {
  ERROR,
  FATAL,
  firstLevelWord,
  INFO,
  levelOfNumber,
  levelOfPriority,
  levelOfStatus,
  levelOfWord,
  NONE,
  upperLevelEnd,
  WARNING,
} from './read-level.ts';
import { isDigit, TimeReader } from './read-time.ts';

const CONTINUATIONS = [
  'Caused by:',
  'Suppressed:',
  'Traceback (',
  'During handling of',
  'The above exception',
  'goroutine ',
  '... ',
];
const LEVEL_KEYS = ['level', 'severity', 'lvl', 'loglevel', 'levelname', 'log.level'].map(quoted);
const TIME_KEYS = ['time', 'timestamp', 'ts', '@timestamp', 'date'].map(quoted);
const MESSAGE_KEYS = ['msg', 'message', 'event'].map(quoted);
/** logfmt. */
const TIME_FIELD = /(?:^| )(?:time|ts|timestamp)="?/;
const HEAD = LIMITS.logHeadBytes;

/**
 * Reads what is known of the entry that a line begins: spec/infra/logs.md. The fields hold the last entry,
 * because an object for each line would take a tenth of the time.
 */
export class EntryReader {
  readonly time: TimeReader;
  /** Milliseconds since 1970. */
  ms: number | null = null;
  level: number = NONE;
  /** The message is s[message, messageEnd), if templates are mined. */
  message = 0;
  messageEnd = 0;

  readonly #wantsMessage: boolean;

  constructor({ zone, year, templates }: LogSettings) {
    this.time = new TimeReader(zone, year);
    this.#wantsMessage = templates;
  }

  /** Reads the line s[at, end). False if it continues the entry before it. */
  read(s: string, at: number, end: number, before: LineBefore): boolean {
    this.messageEnd = end;
    const first = at < end ? s.charCodeAt(at) : 0;
    if (first === 0x7b) this.#json(s, at, end);
    else this.#text(s, at, end, first);
    return this.ms !== null || before === 'none' || !(before === 'indented' || continues(s, at, end, first));
  }

  #text(s: string, at: number, end: number, first: number): void {
    let head = at;
    let priority = -1;
    if (first === 0x3c) {
      const close = priorityEnd(s, at, end);
      if (close > 0) {
        priority = Number(s.slice(at + 1, close));
        head = afterVersion(s, close + 1, end);
      }
    }
    const { time } = this;
    this.ms = time.read(s, afterOne(s, head, end, 0x5b, 0x28), end);
    let from = at;
    let status = NONE;
    if (this.ms !== null) from = time.end;
    else {
      this.ms = this.#timeAfterLevel(s, head, end) ?? this.#commonLogTime(s, at, end);
      if (this.ms !== null && time.isCommonLog) status = statusLevel(s, time.end, end);
      this.ms ??= this.#fieldTime(s, at, end);
    }
    if (this.#wantsMessage)
      this.message = afterLevel(s, this.ms === null ? at : afterTime(s, time.end, end), end);
    if (this.ms !== null && time.klogLetter !== 0) this.level = klogLevel(time.klogLetter);
    else if (priority >= 0) this.level = levelOfPriority(priority);
    else if (status !== NONE) this.level = status;
    else this.level = firstLevelWord(s, from, Math.min(end, from + HEAD), at, end);
  }

  #timeAfterLevel(s: string, at: number, end: number): number | null {
    const next = afterLevel(s, at, end);
    return next === at ? null : this.time.read(s, afterOne(s, next, end, 0x5b, 0x28), end);
  }

  #commonLogTime(s: string, at: number, end: number): number | null {
    const to = Math.min(end, at + HEAD);
    for (let open = at; open < to; open++) {
      if (s.charCodeAt(open) !== 0x5b) continue;
      const ms = this.time.commonLog(s, open + 1, end);
      if (ms !== null) return ms;
    }
    return null;
  }

  #fieldTime(s: string, at: number, end: number): number | null {
    const head = s.slice(at, Math.min(end, at + HEAD));
    // Most lines have no `=` there, and a regular expression would cost more than all before it.
    if (!head.includes('=')) return null;
    const found = TIME_FIELD.exec(head);
    return found === null ? null : this.time.value(s, at + found.index + found[0].length, end);
  }

  #json(s: string, at: number, end: number): void {
    const line = new JsonLine(s.slice(at, end));
    const { time } = this;
    this.ms = null;
    line.find(TIME_KEYS, () => {
      this.ms = time.value(s, at + line.start, at + line.end);
      return this.ms !== null;
    });
    this.level = NONE;
    line.find(LEVEL_KEYS, () => {
      const from = at + line.start;
      this.level = line.isText ? levelOfWord(s, from, at + line.end) : numberLevel(s, from, end);
      return this.level !== NONE;
    });
    if (!this.#wantsMessage) return;
    const hasMessage = line.find(MESSAGE_KEYS, () => line.isText);
    this.message = hasMessage ? at + line.start : at;
    this.messageEnd = hasMessage ? at + line.end : end;
  }
}

/** Whether a line without a time continues the entry before it, by its own bytes. */
function continues(s: string, at: number, end: number, first: number): boolean {
  if (at === end || first === 0x20 || first === 0x09) return true;
  return CONTINUATIONS.some(
    (word) => first === word.charCodeAt(0) && at + word.length <= end && s.startsWith(word, at),
  );
}

/** The position of the `>` of a syslog priority; 0 if there is none. */
function priorityEnd(s: string, at: number, end: number): number {
  let to = at + 1;
  while (to < end && to < at + 4 && isDigit(s.charCodeAt(to))) to++;
  const isOne = to > at + 1 && to < end && s.charCodeAt(to) === 0x3e && Number(s.slice(at + 1, to)) <= 191;
  return isOne ? to : 0;
}

function afterVersion(s: string, at: number, end: number): number {
  return at + 1 < end && isDigit(s.charCodeAt(at)) && s.charCodeAt(at + 1) === 0x20 ? at + 2 : at;
}

function afterOne(s: string, at: number, end: number, one: number, other: number): number {
  const c = at < end ? s.charCodeAt(at) : 0;
  return c === one || c === other ? at + 1 : at;
}

/**
 * The position after a level word in upper case, in brackets or not, and the spaces after it; `at` if there is
 * none.
 */
function afterLevel(s: string, at: number, end: number): number {
  const from = afterOne(s, at, end, 0x5b, 0x28);
  const word = upperLevelEnd(s, from, end);
  if (word === from) return at;
  const marked = afterOne(s, afterOne(s, word, end, 0x5d, 0x29), end, 0x3a, 0x3a);
  const next = afterSpaces(s, marked, end);
  return next === marked ? at : next;
}

function afterSpaces(s: string, at: number, end: number): number {
  let to = at;
  while (to < end && s.charCodeAt(to) === 0x20) to++;
  return to;
}

function afterTime(s: string, at: number, end: number): number {
  return afterSpaces(s, afterOne(s, at, end, 0x5d, 0x29), end);
}

function klogLevel(letter: number): number {
  return letter === 0x46 ? FATAL : letter === 0x45 ? ERROR : letter === 0x57 ? WARNING : INFO;
}

/** The level of the status after the first `" `; NONE if there is none. */
function statusLevel(s: string, at: number, end: number): number {
  const line = s.slice(at, end);
  const quote = line.indexOf('" ');
  const digits = quote < 0 ? 0 : digitsAt(line, quote + 2);
  const isWhole = quote + 5 === line.length || line.charCodeAt(quote + 5) === 0x20;
  return digits === 3 && isWhole ? levelOfStatus(line.charCodeAt(quote + 2) - 0x30) : NONE;
}

function digitsAt(line: string, at: number): number {
  let to = at;
  while (isDigit(line.charCodeAt(to))) to++;
  return to - at;
}

function numberLevel(s: string, at: number, end: number): number {
  let to = at;
  while (to < end && to < at + 3 && isDigit(s.charCodeAt(to))) to++;
  return to === at ? NONE : levelOfNumber(Number(s.slice(at, to)));
}

function quoted(key: string): string {
  return `"${key}"`;
}
