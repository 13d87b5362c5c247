import type { ErrorCode, ErrorParams } from '@tandem/engine';

/** The totals of a batch: spec/schema/join.md, "Totals". */
export interface JoinTotals {
  /**
   * Three numbers for each file: bytes that were read, lines that it adds after its separator, bytes of its
   * rows.
   */
  readonly files: readonly number[];
  /** SHA-256 in hex. */
  readonly digests: readonly string[];
  /** Indices of files that may declare what they require. */
  readonly needs: readonly number[];
  /** Seven values for each definition: file, offset, how, kind, schema, name, detail. */
  readonly definitions: readonly (string | number)[];
  readonly findings: readonly JoinFinding[];
}

/** What is wrong at one position of one file. */
export interface JoinFinding {
  /** Index of its path in the request. */
  readonly file: number;
  readonly code: ErrorCode;
  /** Bytes from the start of the file. */
  readonly offset: number | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly params: ErrorParams;
}
