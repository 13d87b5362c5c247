/**
 * How a database is provided: embedded, by server binaries of this machine, or next to the one that a URL
 * names.
 */
export type DatabaseKind = 'pglite' | 'server' | 'url';

/** A temporary database that exists until it is closed. It is used for one operation at a time. */
export interface ScratchDatabase {
  readonly kind: DatabaseKind;
  /** For display, such as `PostgreSQL 18.6 (PGlite 0.5.16)`. */
  readonly about: string;
  /**
   * Runs one statement by itself, as psql does: without a transaction around it. Throws SqlFailure if
   * PostgreSQL rejects it.
   */
  apply(sql: string): Promise<void>;
  /** Runs COPY ... FROM STDIN with its data lines. Throws SqlFailure as apply does. */
  copyIn(sql: string, data: Uint8Array): Promise<void>;
  /** The first column of every row of a query; the column must be text. */
  texts(query: string): Promise<string[]>;
  /**
   * Drops the database, and stops everything that was started for it. It may be called repeatedly, and while
   * another operation is in progress.
   */
  close(): Promise<void>;
}

/** Options for opening a database. */
export interface OpenOptions {
  /** Aborts the operation in progress, which then throws; the database is gone once close() has resolved. */
  readonly signal: AbortSignal;
  /** Extensions that the schema requests. */
  readonly extensions: ReadonlySet<string>;
}
