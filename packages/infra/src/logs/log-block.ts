import type { Batch } from '@tandem/engine';

/** The levels of entries, in the order of their counts. */
export const LEVELS = ['fatal', 'error', 'warning', 'info', 'debug', 'trace', 'none'] as const;
export type Level = (typeof LEVELS)[number];

/** What the last line of a block is to the line after it: spec/infra/logs.md, "Blocks". */
export type LineBefore = 'none' | 'plain' | 'indented';

/** The options of an analysis that both engines get. */
export interface LogSettings {
  /** Mine templates. */
  readonly templates: boolean;
  /** Count the entries whose first line has a match: translatePattern(). */
  readonly patterns: readonly string[];
  /** Milliseconds since 1970: entries from this time on. -Infinity for all. */
  readonly since: number;
  /** Entries before this time. Infinity for all. */
  readonly until: number;
  /** Minutes east of UTC of a time without a zone. */
  readonly zone: number;
  /** The year of a time without one. */
  readonly year: number;
}

/** A part of a stream that can be analyzed on its own. */
export interface Block {
  /** Bytes, valid until the block was analyzed. */
  readonly bytes: Buffer;
  /** Whether it begins inside a line that began in an earlier block. */
  readonly isInsideLine: boolean;
  readonly before: LineBefore;
}

/** A block and its position in the streams of a run. */
export interface StreamBlock extends Block {
  /** The index of its stream. */
  readonly stream: number;
  /** The offset of its first byte in the stream. */
  readonly offset: number;
  /** Whether it is all that was there of a stream that is followed. */
  readonly isCaughtUp: boolean;
}

/** A template of a block; null stands for any token. */
export type BlockTemplate = readonly [
  level: number,
  count: number,
  first: number,
  last: number,
  tokens: readonly (string | null)[],
];

/** The result for one block: spec/infra/logs.md, "Result of a block". */
export interface BlockResult {
  readonly lines: number;
  readonly entries: number;
  readonly long: number;
  /** In the order of LEVELS. */
  readonly levels: readonly number[];
  readonly timed: number;
  readonly unzoned: number;
  readonly yearless: number;
  readonly first: number | null;
  readonly last: number | null;
  /** Minutes. */
  readonly width: number;
  readonly buckets: readonly (readonly [index: number, entries: number, errors: number, warnings: number])[];
  readonly templates: readonly BlockTemplate[];
  readonly unmined: number;
  /** For each pattern the entries that match, and the offsets of the first and the last; -1 without one. */
  readonly patterns: readonly (readonly [count: number, first: number, last: number])[];
}

/** One analyzed block of a run. */
export interface LogBatch extends Batch {
  readonly result: BlockResult;
  /** Its bytes are valid until the next batch is requested. */
  readonly block: StreamBlock;
}
