import type { ServerMessage } from './sql-failure.ts';

/** What PGlite's thread is started with. */
export interface PgliteSetup {
  /** The file of PGlite that require() loads. */
  readonly main: string;
  /** Extensions to have at hand, by the names of their modules. */
  readonly contrib: readonly string[];
}

/** One thing to do. */
export interface PgliteRequest {
  readonly kind: 'apply' | 'texts';
  readonly sql: string;
  /** Of a COPY ... FROM STDIN. */
  readonly data?: Uint8Array;
}

/** What came of it; the first one says that the database is open. */
export type PgliteReply =
  | { readonly texts: readonly string[] }
  | { readonly server: ServerMessage }
  | { readonly broken: string };
