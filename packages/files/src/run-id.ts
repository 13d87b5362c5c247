import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { processStart } from './process-start.ts';
import { NO_SCOPE, runScope } from './run-scope.ts';

/** Every working file of Tandem has a name that begins so; every walker skips it (spec/sidecar/walk.md). */
export const SCRATCH: '.tandem-' = '.tandem-';

/** The name of the lock of a folder in which a run is at work (spec/locks.md). */
export const TREE_LOCK: '.tandem-lock' = `${SCRATCH}lock`;

/**
 * The number of the only scratch file that a run makes in a folder. Files with other numbers belong to a
 * larger operation, which manages them itself.
 */
export const ONLY_SCRATCH = 0;

/** The process of a run. */
export interface Run {
  /** Encoded: letters, digits, dots, and `_` with two hex digits for any other byte. */
  readonly host: string;
  /** The scope in which its number identifies a process: runScope(). */
  readonly scope: string;
  readonly pid: number;
  /** Of the process: processStart(). */
  readonly started: number;
  /** `host-scope-pid-started-random`, safe in a file name: letters, digits, `.`, `_` and the four `-`. */
  readonly id: string;
}

/** The state of a run as seen from this process. */
export type RunLife = 'alive' | 'dead' | 'unknown';

/** `r` and eight hex digits; the letter distinguishes it from a number. */
const RANDOM = 'r[0-9a-f]{8}';
const SCOPE = 's(?:0|[0-9a-f]{8})';
const RUN = new RegExp(`^([A-Za-z0-9._]+)-(${SCOPE})-(\\d+)-(\\d+)-${RANDOM}$`);
const STAGED = new RegExp(`^\\.tandem-([A-Za-z0-9._]+-${SCOPE}-\\d+-\\d+-${RANDOM})-\\d+$`);
const LONGEST_HOST = 100;

let host: string | undefined;
let started: number | undefined;

/** A new run of this process. */
export function newRun(): Run {
  // Neither changes while this process lives, and the system takes a while to report the second.
  host ??= encodeHost(hostname());
  started ??= processStart(process.pid) ?? 0;
  const scope = runScope().id;
  const id = `${host}-${scope}-${process.pid}-${started}-r${randomBytes(4).toString('hex')}`;
  return { host, scope, pid: process.pid, started, id };
}

/** Parses a run's id; null for text that newRun did not write. */
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
 * Whether the process of a run is alive. It is unknown for a run of another host, of another boot of this
 * one, or of a container that shares the host's name and not its processes: their numbers mean nothing here.
 */
export function lifeOf({ host, scope, pid, started }: Omit<Run, 'id'>): RunLife {
  if (host !== encodeHost(hostname()) || scope === NO_SCOPE || scope !== runScope().id) return 'unknown';
  const now = processStart(pid);
  if (now === null) return 'dead';
  // 0: the system did not report it, then or now, and only the number can be compared.
  return now === started || now === 0 || started === 0 ? 'alive' : 'dead';
}

/** False only if its process is certainly gone. */
export function isRunAlive(run: Omit<Run, 'id'>): boolean {
  return lifeOf(run) !== 'dead';
}

/** A host's name as a part of a file name; two names never encode to the same text. */
function encodeHost(name: string): string {
  const encoded = Array.from(Buffer.from(name), (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9.]/.test(character) ? character : `_${byte.toString(16).padStart(2, '0')}`;
  }).join('');
  if (encoded === '') return '_';
  if (encoded.length <= LONGEST_HOST) return encoded;
  return `__${createHash('sha256').update(name).digest('hex').slice(0, 32)}`;
}
