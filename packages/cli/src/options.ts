import type { NumberReader, Option, OptionTable } from './command.ts';

// What several commands have in common. A command takes what makes sense for it; scripts of the older tool pass
// --workers to validate and --output to all.

const WORKERS: NumberReader = {
  read: (text) => (/^\d+$/.test(text) && Number(text) >= 1 ? Number(text) : undefined),
  problem: 'is no number of workers',
  cure: 'give a whole number from 1 up',
};
const SECONDS: NumberReader = {
  read: (text) => (Number(text) > 0 && Number(text) < Number.POSITIVE_INFINITY ? Number(text) : undefined),
  problem: 'is no time limit',
  cure: 'give seconds, more than 0',
};
const LEVELS: NumberReader = { ...WORKERS, problem: 'is no number of levels' };
const PERCENT: NumberReader = {
  read: (text) => (text.trim() !== '' && Number(text) >= 0 && Number(text) <= 100 ? Number(text) : undefined),
  problem: 'is no share',
  cure: 'give a percentage from 0 to 100',
};
const BYTES: NumberReader = {
  read: readSize,
  problem: 'is no size',
  cure: 'give bytes, or a number with K, M or G (powers of 1024)',
};

/** The folder. */
export const INPUT: Option = { short: 'i', value: 'DIR', about: 'the folder; all below it is looked at' };

/** Where the report goes. */
export const OUTPUT: Option = {
  short: 'o',
  value: 'FILE',
  about: "write the report to FILE, whole or not at all; '-' is stdout",
};

/** How much is told. */
export const TALK: OptionTable = {
  verbose: { about: 'tell the engine, fallbacks and time on stderr' },
  quiet: { about: 'no progress and no notes' },
};

export const TIMEOUT: Option = {
  value: 'SECONDS',
  about: 'end the run after that time; the report says how far it came',
  number: SECONDS,
};

/** Whatever runs on an engine. */
export const RUN: OptionTable = {
  workers: {
    short: 'w',
    value: 'N',
    about: 'threads; as many as the machine has unless given',
    number: WORKERS,
  },
  engine: {
    value: 'NAME',
    about: 'auto, native or typescript; else TANDEM_ENGINE, else auto',
    choices: ['auto', 'native', 'typescript'],
  },
  timeout: TIMEOUT,
  ...TALK,
};

/** Limits on what a file may be. */
export const LIMITS: OptionTable = {
  'max-size': { value: 'BYTES', about: 'a larger file is an error; 256M unless given', number: BYTES },
  'max-depth': {
    value: 'N',
    about: 'deeper nesting is an error; 1024 levels unless given',
    number: LEVELS,
  },
};

export const OPERATION_TYPE: Option = {
  value: 'OP',
  about: 'only this operation, such as face_detection or FaceDetection',
};

/** Files instead of a folder. */
export const FILES: Option = {
  value: 'LIST',
  about: "look at the files of this list instead, one a line or NUL-separated; '-' is stdin",
};

export const DRY_RUN: Option = { about: 'say what would be done, and do nothing' };

export const SUMMARY: Option = { about: 'leave out the list, give the totals only' };

export const MAX_SHARE: Option = {
  value: 'PERCENT',
  about: 'refuse when more than this share has no image; 20 unless given',
  number: PERCENT,
};

/** How a report with a row a file may be written. */
export const ROW_LAYOUTS: OptionTable = {
  format: { value: 'NAME', about: 'json (one document, the default) or ndjson', choices: ['json', 'ndjson'] },
  ndjson: { about: 'the same as --format ndjson: a row a line, no totals' },
};

function readSize(text: string): number | undefined {
  const match = /^(\d+)([kmg]?)(i?b)?$/i.exec(text);
  if (match === null) return undefined;
  const power = ['', 'k', 'm', 'g'].indexOf((match[2] ?? '').toLowerCase());
  const bytes = Number(match[1]) * 1024 ** power;
  return bytes >= 1 ? bytes : undefined;
}

/** A schema project. */
export const PROJECT: OptionTable = {
  env: { short: 'e', value: 'ENV', about: 'the environment: db/environments/ENV.yaml; local unless given' },
  'project-dir': {
    value: 'DIR',
    about: 'the folder that has db/environments; the working folder unless given',
  },
};

/** Of what is found in a schema. */
export const FINDING_FORMAT: Option = {
  value: 'NAME',
  about: 'text (the default), json, or github for annotations in CI',
  choices: ['text', 'json', 'github'],
};

export const SCHEMA_ONLY: Option = {
  about: 'leave out seeds: folders and files with seed or seeds as a word of their name',
};

/** Bytes of all files of a schema. */
export const SCHEMA_SIZE: Option = {
  value: 'BYTES',
  about: 'more input than that is an error; 2G unless given',
  number: BYTES,
};

/** A database that is made for one run. */
export const DATABASE: OptionTable = {
  database: {
    value: 'NAME',
    about:
      "auto (PGlite where it is installed, else a PostgreSQL server's programs of this machine), pglite or server",
    choices: ['auto', 'pglite', 'server'],
  },
  'database-url': {
    value: 'URL',
    about: 'a database of its own on that server, postgres://...; never the one that is named',
  },
};
