/**
 * The files of a schema, one after another: spec/schema/join.md. Complete and checked: an engine has no defaults of its own.
 * Paths are raw: one byte a character. Threads are told by the RunContext.
 */
export interface JoinRequest {
  readonly paths: readonly string[];
  /** As many as there are paths; text. */
  readonly labels: readonly string[];
  /** The separator in front of a file is the pieces with its label between them. */
  readonly pieces: readonly string[];
  /** Else the bytes of each file as they are, with a NUL behind them. */
  readonly text: boolean;
  /** Look into the SQL too. */
  readonly lex: boolean;
  /** Count the lines of each file. */
  readonly lines: boolean;
  readonly digests: boolean;
  /** Tell what statements create: spec/schema/definitions.md; with `lex` only. */
  readonly definitions: boolean;
  /** Bytes that one file may have. */
  readonly maxSize: number;
  /** The cursor of the last batch that was handed out, or '' to begin. */
  readonly after: string;
}
