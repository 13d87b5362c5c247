/** Every exit status; scripts rely on them, and docs/cli.md documents them. */
export const EXIT = {
  /** Done, even if invalid files were found, because the report lists them. */
  done: 0,
  /** The condition of --fail-on is met, or a command that changes files failed on some of them. */
  failed: 1,
  usage: 2,
  /** The run could not be done, or ran out of time. */
  notDone: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
