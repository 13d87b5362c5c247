import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { processStart } from './process-start.ts';
import { NO_SCOPE, runScope } from './run-scope.ts';

/** All that Tandem leaves in a folder while it works begins so; every walker passes it over (spec/sidecar/walk.md). */
export const SCRATCH: '.tandem-' = '.tandem-';

/** The name of the lock of a folder that a run is at work in (spec/sidecar/locks.md). */
export const TREE_LOCK: '.tandem-lock' = `${SCRATCH}lock`;

/**
 * The number of the one scratch file that a run makes in a folder. Files of other numbers are a larger operation's, which knows better
 * what they are for.
 */
export const ONLY_SCRATCH = 0;

/** Who does a run. */
export interface Run {
  /** Encoded: letters, digits, dots, and `_` with two hex digits for any other byte. */
  readonly host: string;
  /** Within what its number means its process: runScope(). */
  readonly scope: string;
  readonly pid: number;
  /** Of the process: processStart(). */
  readonly started: number;
  /** `host-scope-pid-started-random`, fit for a file's name: letters, digits, `.`, `_` and the four `-`. */
  readonly id: string;
}

/** What can be said of a run from here. */
export type RunLife = 'alive' | 'dead' | 'unknown';

/** `r` and eight hex digits; the letter keeps it from being taken for a number. */
const RANDOM = 'r[0-9a-f]{8}';
const SCOPE = 's(?:0|[0-9a-f]{8})';
const RUN = new RegExp(`^([A-Za-z0-9._]+)-(${SCOPE})-(\\d+)-(\\d+)-${RANDOM}$`);
const STAGED = new RegExp(`^\\.tandem-([A-Za-z0-9._]+-${SCOPE}-\\d+-\\d+-${RANDOM})-\\d+$`);
const LONGEST_HOST = 100;

let host: string | undefined;
let started: number | undefined;

/** A new run of this process. */
export function newRun(): Run {
  // Neither changes while this process lives, and the system takes a while to say the second.
  host ??= encodeHost(hostname());
  started ??= processStart(process.pid) ?? 0;
  const scope = runScope().id;
  const id = `${host}-${scope}-${process.pid}-${started}-r${randomBytes(4).toString('hex')}`;
  return { host, scope, pid: process.pid, started, id };
}

/** Reads a run's id back; null for what newRun did not write. */
export function parseRun(id: string): Run | null {
  const [, host, scope = NO_SCOPE, pid, started] = RUN.exec(id) ?? [];
  return host === undefined ? null : { host, scope, pid: Number(pid), started: Number(started), id };
}

/** The run whose scratch file this name is (`.tandem-<run>-<n>`), or null. */
export function runOfScratch(name: string): Run | null {
  const [, id] = STAGED.exec(name) ?? [];
  return id === undefined ? null : parseRun(id);
}

/** The raw name of the run's n-th scratch file. */
export function scratchName(run: string, n: number): string {
  return `${SCRATCH}${run}-${n}`;
}

/**
 * Whether the process of a run is still there. Unknown is one of another host, of another start of this one, or of a container that
 * shares its name and not its processes: their numbers say nothing here.
 */
export function lifeOf({ host, scope, pid, started }: Omit<Run, 'id'>): RunLife {
  if (host !== encodeHost(hostname()) || scope === NO_SCOPE || scope !== runScope().id) return 'unknown';
  const now = processStart(pid);
  if (now === null) return 'dead';
  // 0: the system did not say, then or now, and the number is all there is to go by.
  return now === started || now === 0 || started === 0 ? 'alive' : 'dead';
}

/** False only where it is certain that its process is gone. */
export function isRunAlive(run: Omit<Run, 'id'>): boolean {
  return lifeOf(run) !== 'dead';
}

/** A host's name as a part of a file's name; two names never come out as one. */
function encodeHost(name: string): string {
  const encoded = Array.from(Buffer.from(name), (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9.]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
  }).join('');
  if (encoded === '') return '_';
  if (encoded.length <= LONGEST_HOST) return encoded;
  return `__${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}
