/** How a database came about: embedded, by server binaries of this machine, or beside the one that a URL names. */
export type DatabaseKind = 'pglite' | 'server' | 'url';

/** A fresh database that lives until it is closed. One thing is done with it at a time. */
export interface ScratchDatabase {
  readonly kind: DatabaseKind;
  /** For people, such as `PostgreSQL 18.6 (PGlite 0.5.16)`. */
  readonly about: string;
  /** Runs one statement by itself, as psql does: without a transaction around it. Throws SqlFailure where PostgreSQL refuses it. */
  apply(sql: string): Promise<void>;
  /** Runs COPY ... FROM STDIN with its lines of data. Throws SqlFailure as well. */
  copyIn(sql: string, data: Uint8Array): Promise<void>;
  /** The first column of every row of a query, which has to be text. */
  texts(query: string): Promise<string[]>;
  /** Drops it, with all that was started for it. It may be called again, and while something else is under way. */
  close(): Promise<void>;
}

/** What a database is opened with. */
export interface OpenOptions {
  /** Ends what is under way, which then throws; the database is gone when close() has come back. */
  readonly signal: AbortSignal;
  /** Extensions that the schema asks for. */
  readonly extensions: ReadonlySet<string>;
}
