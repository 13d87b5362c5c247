import { BYTES } from './numbers.ts';
import { choice, file, flag, folder, number, text } from './option.ts';

/** The options that select a schema project. */
export const PROJECT = {
  env: text({
    short: 'e',
    value: 'ENV',
    about: 'the environment, configured in db/environments/ENV.yaml',
    default: 'local',
  }),
  'project-dir': folder({
    value: 'DIR',
    about: 'the folder that contains db/environments',
    default: 'the current folder',
  }),
};

export const SCHEMA_OUTPUT = file({
  short: 'o',
  value: 'FILE',
  about: "write the schema to FILE, complete or not at all; '-' is stdout",
  default: 'db/generated/schema_ENV.sql',
});

export const SCHEMA_ONLY = flag('leave out seeds: folders and files named with the word seed or seeds');

export const SOURCE_MAP = flag("also write FILE.map.json, for 'tandem schema where'");

/** The limit on the total size of all files. */
export const SCHEMA_SIZE = number(BYTES, {
  value: 'BYTES',
  about: 'stop with an error if the files are larger in total',
  default: '2G',
});

export const TEXT_OR_JSON = choice(['text', 'json'], {
  value: 'NAME',
  about: 'text or json',
  default: 'text',
});

export const FINDING_FORMAT = choice(['text', 'json', 'github'], {
  value: 'NAME',
  about: 'text, json, or github for annotations in CI',
  default: 'text',
});

/** The options for a database that is created for one run. */
export const DATABASE = {
  database: choice(['auto', 'pglite', 'server'], {
    value: 'NAME',
    about:
      'where to apply the schema: pglite, server (the PostgreSQL programs of this machine), or auto (pglite if it is installed)',
    default: 'auto',
  }),
  'database-url': text({
    value: 'URL',
    about:
      'create a temporary database on this server, postgres://...; the database in the URL stays untouched',
  }),
};
