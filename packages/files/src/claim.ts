import { closeSync, fstatSync, readSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import { openToRead } from './open-file.ts';
import { lifeOf, parseRun, type Run } from './run-id.ts';
import { shownText } from './shown-text.ts';
import { isForgotten } from './sweep-scratch.ts';

/**
 * What holds a name on a system without links until the staged file replaces it: spec/sidecar/convert.md,
 * step 3.
 */
export interface Claim {
  readonly run: Run;
  readonly modifiedMs: number;
}

const CLAIM = '{"tandem":"claim","version":1,';
const REST = /^"run":"([^"]*)"\}\n$/;
/** The maximum size of a claim. */
const MOST_BYTES = 512;

export function claimText(run: string): string {
  return `${CLAIM}"run":"${run}"}\n`;
}

/** Whether a file's bytes are a claim, whether its run is dead or alive. */
export function isClaim(bytes: Uint8Array): boolean {
  return claimingRun(bytes) !== null;
}

/** The claim that occupies a name; null if there is none, or if the file cannot be read. */
export function claimAt(path: string): Claim | null {
  let fd = -1;
  try {
    fd = openToRead(path);
    const stats = fstatSync(fd);
    if (!stats.isFile() || stats.size > MOST_BYTES) return null;
    const bytes = Buffer.alloc(MOST_BYTES + 1);
    const run = claimingRun(bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0)));
    return run === null ? null : { run, modifiedMs: stats.mtimeMs };
  } catch {
    return null;
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}

/** Whether a file is a claim whose run died before it filled it: it holds nothing and may be removed. */
export function isDeadClaim(path: string): boolean {
  const claim = claimAt(path);
  if (claim === null) return false;
  const life = lifeOf(claim.run);
  return life === 'dead' || (life === 'unknown' && isForgotten(path));
}

/** The error for a name that another run has claimed and does not fill in time. */
export function claimedError(path: string): TandemError {
  const claim = claimAt(path);
  const since = new Date(claim?.modifiedMs ?? Date.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  const { pid = '?', host = '?' } = claim?.run ?? {};
  const lock = shownText(path);
  return new TandemError('ERR_TANDEM_LOCKED', { path: lock, params: { pid, host, since, lock } });
}

function claimingRun(bytes: Uint8Array): Run | null {
  if (bytes.length > MOST_BYTES || bytes.length < CLAIM.length) return null;
  const text = Buffer.from(bytes).toString('latin1');
  if (!text.startsWith(CLAIM)) return null;
  const [, id] = REST.exec(text.slice(CLAIM.length)) ?? [];
  return id === undefined ? null : parseRun(id);
}
