import { BYTES, DEPTH, PERCENT } from './numbers.ts';
import { choice, file, flag, folder, number, text } from './option.ts';

/** The folder of a run. */
export const INPUT = folder({
  short: 'i',
  value: 'DIR',
  about: 'the folder to work on, with everything below it',
  asWord: true,
});

/** A list of files, instead of a folder. */
export const FILES = file({
  value: 'LIST',
  about: "read file names from LIST instead of a folder, one per line or NUL-separated; '-' is stdin",
});

/** The destination of the report of a command that only reads. */
export const REPORT = file({
  short: 'o',
  value: 'FILE',
  about: "write the report to FILE, complete or not at all; '-' is stdout",
  default: 'stdout',
});

/** The destination of the report of a command that changes files. */
export const CHANGE_REPORT = file({
  short: 'o',
  value: 'FILE',
  about: "write a JSON report to FILE; '-' is stdout; without it, a summary is printed",
});

export const OPERATION_TYPE = text({
  value: 'OP',
  about: 'only this operation, such as face_detection or FaceDetection',
});

export const SUMMARY = flag('totals only, without the list of files');

export const DRY_RUN = flag('show what would be done, and do nothing');

export const MAX_SHARE = number(PERCENT, {
  value: 'PERCENT',
  about: 'refuse to run when a larger share of the sidecars has no image',
  default: '20',
});

/** The layouts of a report with a row for each file. */
export const ROW_LAYOUTS = {
  format: choice(['json', 'ndjson'], {
    value: 'NAME',
    about: 'json (one document) or ndjson (a row per line)',
    default: 'json; a text on a terminal',
  }),
  ndjson: flag('same as --format ndjson: a row per line, no totals'),
};

/** Limits on the size and the nesting of a file. */
export const LIMITS = {
  'max-size': number(BYTES, {
    value: 'BYTES',
    about: 'report larger files as errors',
    default: '256M',
  }),
  'max-depth': number(DEPTH, {
    value: 'N',
    about: 'report deeper nesting as an error',
    default: '1024 levels',
  }),
};

/** The folder of an undo or a purge. */
export const CLEANED_UP = { ...INPUT, about: 'the folder that was cleaned up' };

/** The name of a quarantined run, such as 20240501T101500Z-1a2b. A word of another form is the folder. */
export const RUN_WORD = { name: 'RUN', pattern: /^\d{8}T\d{6}Z-[0-9a-f]{4}$/ };
