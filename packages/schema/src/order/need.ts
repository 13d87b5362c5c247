/** One file that another must come after, as a line of it says. */
export interface Need {
  /** Index of the file that has the line. */
  readonly file: number;
  /** From 1. */
  readonly line: number;
  /** As it is written. */
  readonly target: string;
}

/** A need whose target was found. */
export interface ResolvedNeed {
  readonly file: number;
  readonly line: number;
  /** Index of the file that has to come first. */
  readonly target: number;
}
