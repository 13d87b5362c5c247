import type { ServerMessage } from './sql-failure.ts';

/** The data with which PGlite's thread is started. */
export interface PgliteSetup {
  /** The file of PGlite that require() loads. */
  readonly main: string;
  /** Extensions to make available, by the names of their modules. */
  readonly contrib: readonly string[];
}

/** One operation. */
export interface PgliteRequest {
  readonly kind: 'apply' | 'texts';
  readonly sql: string;
  /** The data of a COPY ... FROM STDIN. */
  readonly data?: Uint8Array;
}

/** The result of a request; the first reply reports that the database is open. */
export type PgliteReply =
  | { readonly texts: readonly string[] }
  | { readonly server: ServerMessage }
  | { readonly broken: string };
