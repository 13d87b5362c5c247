import { EXIT } from '../run/exit-codes.ts';

/** A status that a command may end with, and what it means. */
export type StatusMeaning = readonly [status: number, meaning: string];

const USAGE: StatusMeaning = [EXIT.usage, 'the command line or a variable is wrong; nothing was done'];
const NOT_DONE: StatusMeaning = [EXIT.notDone, 'the run could not be done, or ran out of time'];
const INTERRUPTED: StatusMeaning = [EXIT.interrupted, 'interrupted by Ctrl-C, SIGINT or SIGTERM'];

/** The meanings of the statuses, by the first word of a command. */
const MEANINGS: Readonly<Record<string, readonly StatusMeaning[]>> = {
  sidecar: [
    [EXIT.done, 'done, even if invalid files were found: the report lists them'],
    [
      EXIT.failed,
      'the condition of --fail-on is met, or a command that changes files failed on some of them',
    ],
    USAGE,
    NOT_DONE,
    INTERRUPTED,
  ],
  schema: [
    [EXIT.done, 'done; schema watch also ends with 0 when it is interrupted'],
    [EXIT.failed, 'the files have an error, the schema does not apply, or the condition of --fail-on is met'],
    USAGE,
    NOT_DONE,
    INTERRUPTED,
  ],
  logs: [
    [EXIT.done, 'done'],
    [EXIT.failed, 'some files were not read to their end'],
    USAGE,
    NOT_DONE,
    INTERRUPTED,
  ],
  doctor: [[EXIT.done, 'Tandem works here'], USAGE, [EXIT.notDone, 'Tandem does not work here']],
  bench: [[EXIT.done, 'done'], USAGE, [EXIT.notDone, 'nothing could be measured or saved']],
  completions: [[EXIT.done, 'done'], USAGE],
};
const GENERAL: readonly StatusMeaning[] = [
  [EXIT.done, 'done'],
  [EXIT.failed, 'something was found that the command is to fail on; see the help of each command'],
  USAGE,
  NOT_DONE,
  INTERRUPTED,
];

/**
 * Returns what each status means.
 * @param path the words of a command or of a group of commands
 */
export function statusMeanings(path: string): readonly StatusMeaning[] {
  return MEANINGS[path.split(' ')[0] ?? ''] ?? GENERAL;
}
