import { LIMITS } from '@tandem/engine';

/** Entries, errors and warnings of one bucket. */
export type BucketCounts = [entries: number, errors: number, warnings: number];

const MINUTE_MS = 60_000;
/** The widths of buckets in minutes: 1, 10, 60, 1,440 and then times ten. */
const FIRST_WIDTHS = [1, 10, 60, 1440];

/**
 * Counts by time. The width of the buckets grows as their number requires, so it follows from the times
 * alone, not from their order: spec/infra/logs.md, "Buckets".
 */
export class TimeBuckets {
  /** Minutes. */
  width = 1;
  #buckets = new Map<number, BucketCounts>();
  /** The bucket that was counted last: nearly always that of the next entry. */
  #lastIndex = Number.NaN;
  #last: BucketCounts = [0, 0, 0];

  add(ms: number, isError: boolean, isWarning: boolean): void {
    const index = Math.floor(ms / (this.width * MINUTE_MS));
    if (index !== this.#lastIndex) this.#find(index);
    this.#last[0] += 1;
    if (isError) this.#last[1] += 1;
    if (isWarning) this.#last[2] += 1;
    while (this.#buckets.size > LIMITS.logBuckets) this.#widen();
  }

  /** Adds buckets of a width. */
  merge(width: number, buckets: readonly (readonly [index: number, ...counts: BucketCounts])[]): void {
    while (this.width < width) this.#widen();
    for (const [index, entries, errors, warnings] of buckets) {
      this.#find(Math.floor((index * width) / this.width));
      this.#last[0] += entries;
      this.#last[1] += errors;
      this.#last[2] += warnings;
      while (this.#buckets.size > LIMITS.logBuckets) this.#widen();
    }
  }

  /** In the order of their time. */
  list(): [index: number, entries: number, errors: number, warnings: number][] {
    return [...this.#buckets]
      .sort(([one], [other]) => one - other)
      .map(([index, [entries, errors, warnings]]) => [index, entries, errors, warnings]);
  }

  #find(index: number): void {
    let counts = this.#buckets.get(index);
    if (counts === undefined) {
      counts = [0, 0, 0];
      this.#buckets.set(index, counts);
    }
    this.#lastIndex = index;
    this.#last = counts;
  }

  #widen(): void {
    const before = this.#buckets;
    const from = this.width;
    this.width = wider(from);
    this.#buckets = new Map();
    for (const [index, [entries, errors, warnings]] of before) {
      this.#find(Math.floor((index * from) / this.width));
      this.#last[0] += entries;
      this.#last[1] += errors;
      this.#last[2] += warnings;
    }
    this.#lastIndex = Number.NaN;
  }
}

function wider(width: number): number {
  return FIRST_WIDTHS.find((each) => each > width) ?? width * 10;
}
