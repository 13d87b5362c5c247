import type { ErrorCode } from '@tandem/engine';

/** What is wrong with a file, as rows and errors tell it. Lines and columns count from 1. */
export interface Fault {
  readonly code: ErrorCode;
  /** Bytes from the start of the file. */
  readonly offset: number | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly hint: string;
}
