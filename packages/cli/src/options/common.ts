import { SECONDS, WORKER_COUNT } from './numbers.ts';
import { choice, flag, number, type ValuesOf } from './option.ts';

/** The options of every command. A command lists in `without` the ones that do not apply to it. */
export const COMMON = {
  engine: choice(['auto', 'native', 'typescript'], {
    value: 'NAME',
    about: 'the engine to use: auto, native or typescript',
    default: 'TANDEM_ENGINE, or auto',
  }),
  workers: number(WORKER_COUNT, {
    short: 'w',
    value: 'N',
    about: 'number of threads',
    default: 'TANDEM_WORKERS, or one per processor',
  }),
  timeout: number(SECONDS, {
    value: 'SECONDS',
    about: 'stop the run after this time; the report says how far it got',
    default: 'TANDEM_TIMEOUT, or no limit',
  }),
  verbose: flag('show the engine, fallbacks, times and the causes of errors on stderr'),
  quiet: flag('show no progress and no notes'),
  color: choice(['auto', 'always', 'never'], {
    value: 'WHEN',
    about: 'color errors and paths: auto (on a terminal), always or never',
    default: 'auto; NO_COLOR and FORCE_COLOR are respected',
  }),
};

export type CommonName = keyof typeof COMMON;
export type CommonValues = ValuesOf<typeof COMMON>;

/** For a command that does not use an engine. */
export const NO_ENGINE = ['engine', 'workers'] as const;
/** For a command that uses no engine and needs no time limit. */
export const NO_RUN = ['engine', 'workers', 'timeout'] as const;
