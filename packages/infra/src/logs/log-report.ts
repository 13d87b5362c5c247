import type { ErrorCode } from '@tandem/engine';
import type { Level } from './log-block.ts';

/** Where an entry begins. */
export interface LogPlace {
  readonly path: string;
  /** Bytes from the beginning of the file, after gzip or zstd was undone. */
  readonly offset: number;
  /** The first line of the entry, shortened. */
  readonly text: string;
}

/** Messages that are equal but for what varies. */
export interface LogTemplate {
  /** `<*>` stands for what varies. */
  readonly template: string;
  readonly level: Level;
  readonly count: number;
  readonly first: LogPlace;
  readonly last: LogPlace;
}

/** The entries that match a pattern of the user. */
export interface LogMatches {
  readonly name: string;
  readonly pattern: string;
  readonly count: number;
  readonly first: LogPlace | null;
  readonly last: LogPlace | null;
}

/** The entries of a time. */
export interface LogBucket {
  /** Its beginning, ISO 8601 in UTC. */
  readonly time: string;
  readonly entries: number;
  /** Fatal ones included. */
  readonly errors: number;
  readonly warnings: number;
}

/** One file of an analysis. */
export interface LogFile {
  readonly path: string;
  /** Bytes read, after gzip or zstd was undone. */
  readonly bytes: number;
  /** Why it was not read to its end. */
  readonly error_code: ErrorCode | null;
  readonly error: string | null;
  readonly hint: string | null;
}

/** The result of an analysis. */
export interface LogReport {
  readonly files: readonly LogFile[];
  readonly lines: number;
  readonly bytes: number;
  /** Lines that begin an entry; the others continue the one before them, such as a stack trace. */
  readonly entries: number;
  readonly levels: Readonly<Record<Level, number>>;
  /** Fatal ones included. */
  readonly errors: number;
  readonly warnings: number;
  /** Entries with a time. */
  readonly timed: number;
  /** Of them, those without a zone; they are taken as being in `assumed_zone`. */
  readonly unzoned: number;
  /** Such as `+02:00`; null if no time was without a zone. */
  readonly assumed_zone: string | null;
  /** Entries whose time has no year; they are taken as being of `assumed_year`. */
  readonly yearless: number;
  readonly assumed_year: number | null;
  /** The least and the greatest time, ISO 8601 in UTC. */
  readonly first: string | null;
  readonly last: string | null;
  /** Lines of which only the beginning was examined. */
  readonly long_lines: number;
  readonly bucket_minutes: number;
  readonly buckets: readonly LogBucket[];
  /** The most frequent first; empty unless they were mined. */
  readonly templates: readonly LogTemplate[];
  /** Entries that would have needed another template than the limit allows. */
  readonly unmined: number;
  readonly patterns: readonly LogMatches[];
  /** False if the run was stopped: by a time limit, a signal or an abort. */
  readonly complete: boolean;
}
