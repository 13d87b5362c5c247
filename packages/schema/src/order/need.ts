/** A file that another file must follow, as one of the other file's lines declares. */
export interface Need {
  /** Index of the file that contains the line. */
  readonly file: number;
  /** From 1. */
  readonly line: number;
  /** As written. */
  readonly target: string;
}

/** A need whose target was found. */
export interface ResolvedNeed {
  readonly file: number;
  readonly line: number;
  /** Index of the file that must come first. */
  readonly target: number;
}
