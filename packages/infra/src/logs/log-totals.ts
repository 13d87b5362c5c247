import type { BlockReader } from './block-reader.ts';
import { LEVELS, type Level, type LogBatch, type LogSettings } from './log-block.ts';
import type { LogBucket, LogPlace, LogReport, LogTemplate } from './log-report.ts';
import { mergeVariants } from './merge-variants.ts';
import { addLeaf, type Leaf, TemplateTree } from './template-tree.ts';
import { TimeBuckets } from './time-buckets.ts';

/** Not those of read-level.ts: what is shared with the bundle of the TypeScript engine slows it down. */
const ERROR = LEVELS.indexOf('error');
const WARNING = LEVELS.indexOf('warning');
const MINUTE_MS = 60_000;
/** Bytes of an example. */
const MOST_SHOWN = 300;
const LF = 0x0a;

const SUMS = ['lines', 'entries', 'long', 'timed', 'unzoned', 'yearless', 'unmined'] as const;
type SumName = (typeof SUMS)[number];

/** An entry in the streams of a run. */
interface Place {
  readonly stream: number;
  readonly offset: number;
  readonly text: string;
}

/** What follows from all blocks of a run: spec/infra/logs.md. */
export class LogTotals {
  readonly #levels: number[] = LEVELS.map(() => 0);
  readonly #buckets = new TimeBuckets();
  readonly #templates = new TemplateTree<Place>(isBefore);
  readonly #sums = Object.fromEntries(SUMS.map((name) => [name, 0])) as Record<SumName, number>;
  /** By the index of the pattern. */
  readonly #matches: Leaf<Place>[] = [];
  #first: number | null = null;
  #last: number | null = null;

  add({ result, block }: LogBatch): void {
    for (const name of SUMS) this.#sums[name] += result[name];
    for (const [level, count] of result.levels.entries())
      this.#levels[level] = (this.#levels[level] ?? 0) + count;
    this.#first = least(this.#first, result.first, Math.min);
    this.#last = least(this.#last, result.last, Math.max);
    this.#buckets.merge(result.width, result.buckets);
    const place = (at: number): Place => ({
      stream: block.stream,
      offset: block.offset + at,
      text: lineAt(block.bytes, at),
    });
    for (const [index, [count, first, last]] of result.patterns.entries()) {
      if (count > 0) this.#match(index, { count, first: place(first), last: place(last) });
    }
    for (const [level, count, first, last, tokens] of result.templates) {
      const isMined = this.#templates.add(level, tokens, { count, first: place(first), last: place(last) });
      if (!isMined) this.#sums.unmined += count;
    }
  }

  /** @param patterns those of the settings, by name, as the user wrote them */
  report(
    { streams }: Pick<BlockReader, 'streams'>,
    { zone, year }: LogSettings,
    complete: boolean,
    patterns: Readonly<Record<string, string>> = {},
  ): LogReport {
    const { lines, entries, long, timed, unzoned, yearless, unmined } = this.#sums;
    const levels = Object.fromEntries(LEVELS.map((level, at) => [level, this.#levels[at]]));
    const shown = ({ stream, offset, text }: Place): LogPlace => ({
      path: streams[stream]?.path ?? '',
      offset,
      text,
    });
    return {
      files: streams.map(({ path, bytes, fault }) => ({
        path,
        bytes,
        error_code: fault?.code ?? null,
        error: fault?.message ?? null,
        hint: fault?.hint ?? null,
      })),
      lines,
      bytes: streams.reduce((sum, { bytes }) => sum + bytes, 0),
      entries,
      levels: levels as Record<Level, number>,
      errors: this.#levels.slice(0, ERROR + 1).reduce((sum, count) => sum + count, 0),
      warnings: this.#levels[WARNING] ?? 0,
      timed,
      unzoned,
      assumed_zone: unzoned > 0 ? zoneText(zone) : null,
      yearless,
      assumed_year: yearless > 0 ? year : null,
      first: iso(this.#first),
      last: iso(this.#last),
      long_lines: long,
      bucket_minutes: this.#buckets.width,
      buckets: this.#bucketList(),
      templates: this.#templateList(shown),
      unmined,
      patterns: Object.entries(patterns).map(([name, pattern], index) => {
        const { count, first, last } = this.#matches[index] ?? { count: 0, first: null, last: null };
        return { name, pattern, count, first: first && shown(first), last: last && shown(last) };
      }),
      complete,
    };
  }

  #match(index: number, leaf: Leaf<Place>): void {
    const known = this.#matches[index];
    if (known === undefined) this.#matches[index] = leaf;
    else addLeaf(known, leaf, isBefore);
  }

  #bucketList(): LogBucket[] {
    const width = this.#buckets.width * MINUTE_MS;
    return this.#buckets.list().map(([index, entries, errors, warnings]) => ({
      time: new Date(index * width).toISOString(),
      entries,
      errors,
      warnings,
    }));
  }

  #templateList(shown: (place: Place) => LogPlace): LogTemplate[] {
    return mergeVariants([...this.#templates.templates()], isBefore)
      .map(([level, tokens, { count, first, last }]) => ({
        template: Buffer.from(tokens.join(' '), 'latin1').toString(),
        level: LEVELS[level] as Level,
        count,
        first: shown(first),
        last: shown(last),
      }))
      .sort((one, other) => other.count - one.count);
  }
}

function isBefore(one: Place, other: Place): boolean {
  return one.stream === other.stream ? one.offset < other.offset : one.stream < other.stream;
}

function least(
  one: number | null,
  other: number | null,
  choose: (a: number, b: number) => number,
): number | null {
  return one === null || other === null ? (one ?? other) : choose(one, other);
}

function lineAt(bytes: Buffer, at: number): string {
  const most = Math.min(bytes.length, at + MOST_SHOWN);
  const feed = bytes.subarray(at, most).indexOf(LF);
  return bytes.toString('utf8', at, feed < 0 ? most : at + feed).replace(/\r$/, '');
}

function iso(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}

function zoneText(minutes: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  const absolute = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(absolute / 60))}:${two(absolute % 60)}`;
}
