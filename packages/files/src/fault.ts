import type { ErrorCode } from '@tandem/engine';

/**
 * Why one file is not valid or cannot be read, as rows and errors report it. Lines and columns count from 1.
 */
export interface Fault {
  readonly code: ErrorCode;
  /** Bytes from the start of the file. */
  readonly offset: number | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly hint: string;
}
