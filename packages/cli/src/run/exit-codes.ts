/** Every status that a command ends with; scripts rely on them. docs/cli.md says the same to users. */
export const EXIT = {
  /** Done; also when files were found invalid, since the report says so. */
  done: 0,
  /** A condition of --fail-on holds, or a command that writes failed on some items. */
  failed: 1,
  usage: 2,
  /** The run could not be done, or ran out of time. */
  notDone: 3,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
