import { LIMITS } from '@tandem/engine';
import { EntryReader } from './entry-reader.ts';
import { type Block, type BlockResult, LEVELS, type LineBefore, type LogSettings } from './log-block.ts';
import { masked, tokensOf } from './mask.ts';
import type { LineMatcher } from './match-line.ts';
import { ERROR, WARNING } from './read-level.ts';
import { type Leaf, TemplateTree } from './template-tree.ts';
import { TimeBuckets } from './time-buckets.ts';

// Read once: a property of another module takes longer than all else that is done with it here.
const LINE_BYTES = LIMITS.logLineBytes;
const MESSAGE_BYTES = LIMITS.logMessageBytes;
const LF = 0x0a;
/** Strings of this size are young garbage; larger ones wait for a full collection, 60 MB of them. */
const PART_BYTES = 64 * 1024;
/** The first characters of the keys of messages: their levels. */
const LEVEL_LETTERS = LEVELS.map((_, level) => String(level));

/** Analyzes blocks in TypeScript: spec/infra/logs.md. Its text has one character for each byte. */
export class BlockAnalyzer {
  readonly #settings: LogSettings;
  readonly #entry: EntryReader;
  readonly #patterns: readonly LineMatcher[];

  /** @param patterns those of the settings: match-line.ts */
  constructor(settings: LogSettings, patterns: readonly LineMatcher[] = []) {
    this.#settings = settings;
    this.#entry = new EntryReader(settings);
    this.#patterns = patterns;
  }

  analyze({ bytes, isInsideLine, before }: Block): BlockResult {
    const sums = new Sums(this.#settings);
    let last = before;
    for (let from = isInsideLine ? afterLine(bytes, 0) : 0; from < bytes.length; ) {
      const to = partEnd(bytes, from);
      last = this.#part(bytes.toString('latin1', from, to), from, last, sums);
      from = to;
    }
    return sums.result();
  }

  /** Analyzes whole lines, which begin at an offset in the block. Returns what the last line is to the next. */
  #part(s: string, offset: number, before: LineBefore, sums: Sums): LineBefore {
    const entry = this.#entry;
    let last = before;
    for (let at = 0; at < s.length; ) {
      const feed = s.indexOf('\n', at);
      const next = feed < 0 ? s.length : feed + 1;
      let end = lineEnd(s, at, next);
      sums.lines += 1;
      if (end - at > LINE_BYTES) {
        sums.long += 1;
        end = at + LINE_BYTES;
      }
      if (entry.read(s, at, end, last) && sums.add(s, offset + at, entry))
        this.#match(s, at, end, offset, sums);
      const first = s.charCodeAt(at);
      last = at < end && (first === 0x20 || first === 0x09) ? 'indented' : 'plain';
      at = next;
    }
    return last;
  }

  #match(s: string, at: number, end: number, offset: number, sums: Sums): void {
    if (this.#patterns.length === 0) return;
    const line = s.slice(at, end);
    for (const [index, pattern] of this.#patterns.entries()) {
      if (pattern(line)) sums.match(index, offset + at);
    }
  }
}

/** What is counted over the entries of one block. */
class Sums {
  lines = 0;
  long = 0;
  readonly #settings: LogSettings;
  readonly #isAll: boolean;
  readonly #matches: [count: number, first: number, last: number][];
  readonly #levels: number[] = LEVELS.map(() => 0);
  readonly #buckets = new TimeBuckets();
  /** By level and masked text, in the order of their first entries. */
  readonly #messages = new Map<string, Leaf<number>>();
  #entries = 0;
  #timed = 0;
  #unzoned = 0;
  #yearless = 0;
  #first: number | null = null;
  #last: number | null = null;

  constructor(settings: LogSettings) {
    this.#settings = settings;
    this.#matches = settings.patterns.map(() => [0, -1, -1]);
    this.#isAll = settings.since === Number.NEGATIVE_INFINITY && settings.until === Number.POSITIVE_INFINITY;
  }

  /** Counts an entry; false if it is not in the window. */
  add(s: string, at: number, entry: EntryReader): boolean {
    const { ms, level, time } = entry;
    const { since, until, templates } = this.#settings;
    if (!this.#isAll && (ms === null || ms < since || ms >= until)) return false;
    this.#entries += 1;
    this.#levels[level] = (this.#levels[level] as number) + 1;
    if (ms !== null) {
      this.#timed += 1;
      if (time.isUnzoned) this.#unzoned += 1;
      if (time.isYearless) this.#yearless += 1;
      if (this.#first === null || ms < this.#first) this.#first = ms;
      if (this.#last === null || ms > this.#last) this.#last = ms;
      this.#buckets.add(ms, level <= ERROR, level === WARNING);
    }
    if (templates) this.#count(s, at, entry);
    return true;
  }

  match(pattern: number, at: number): void {
    const matches = this.#matches[pattern] as [number, number, number];
    matches[0] += 1;
    if (matches[1] < 0) matches[1] = at;
    matches[2] = at;
  }

  result(): BlockResult {
    const tree = new TemplateTree<number>((one, other) => one < other);
    let unmined = 0;
    for (const [key, leaf] of this.#messages) {
      if (!tree.add(Number(key.charAt(0)), tokensOf(key.slice(1)), leaf)) unmined += leaf.count;
    }
    return {
      lines: this.lines,
      entries: this.#entries,
      long: this.long,
      levels: this.#levels,
      timed: this.#timed,
      unzoned: this.#unzoned,
      yearless: this.#yearless,
      first: this.#first,
      last: this.#last,
      width: this.#buckets.width,
      buckets: this.#buckets.list(),
      templates: Array.from(tree.templates(), ([level, tokens, { count, first, last }]) => [
        level,
        count,
        first,
        last,
        tokens,
      ]),
      unmined,
      patterns: this.#matches,
    };
  }

  #count(s: string, at: number, { level, message, messageEnd }: EntryReader): void {
    const text = masked(s.slice(message, Math.min(messageEnd, message + MESSAGE_BYTES)));
    const key = `${LEVEL_LETTERS[level]}${text}`;
    const known = this.#messages.get(key);
    if (known === undefined) this.#messages.set(key, { count: 1, first: at, last: at });
    else {
      known.count += 1;
      known.last = at;
    }
  }
}

/** The position after the line that begins at `at`. */
function afterLine(bytes: Buffer, at: number): number {
  const feed = bytes.indexOf(LF, at);
  return feed < 0 ? bytes.length : feed + 1;
}

/** The end of whole lines from `from` on: about PART_BYTES, or one longer line. */
function partEnd(bytes: Buffer, from: number): number {
  if (bytes.length - from <= PART_BYTES) return bytes.length;
  const feed = bytes.lastIndexOf(LF, from + PART_BYTES);
  return feed < from ? afterLine(bytes, from) : feed + 1;
}

/** The end of the text of a line. */
function lineEnd(s: string, at: number, next: number): number {
  if (s.charCodeAt(next - 1) !== 0x0a) return next;
  return next - 1 > at && s.charCodeAt(next - 2) === 0x0d ? next - 2 : next - 1;
}
