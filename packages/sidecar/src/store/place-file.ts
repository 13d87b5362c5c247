import { closeSync, openSync, readSync } from 'node:fs';
import { errnoOf } from '../walk/entry-kind.ts';
import { toFsPath } from '../walk/raw-path.ts';
import { removeQuietly } from './atomic-write.ts';
import type { FileSteps } from './file-steps.ts';
import { isRunAlive, parseRun } from './run-id.ts';

/** What a system says that has no hard links (FAT, some network shares), or no more of them for this file. */
export const NO_LINKS: ReadonlySet<string> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EINVAL',
  'EMLINK',
]);

/**
 * Gives a staged file its name, if nothing has that name; false where something has. With links it is one step that nobody comes
 * between. Without them the name is claimed first by a file that says so, and then the staged file replaces the claim.
 * The staged name is gone after it. Throws what the system throws.
 */
export function placeFile(staged: string, target: string, run: string, steps: FileSteps): boolean {
  try {
    steps.link(staged, target);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'EEXIST') return false;
    if (!NO_LINKS.has(errno)) throw error;
    return placeByClaim(staged, target, run, steps);
  }
  removeQuietly(staged, steps);
  return true;
}

/** Whether a file is a claim that a run made and did not live to fill: it holds nothing and may be removed. */
export function isDeadClaim(path: string): boolean {
  const run = claimingRun(firstBytes(path));
  return run !== null && !isRunAlive(run);
}

/** Whether a file's bytes are a claim, of a run dead or alive. */
export function isClaim(bytes: Uint8Array): boolean {
  return claimingRun(bytes) !== null;
}

function placeByClaim(staged: string, target: string, run: string, steps: FileSteps): boolean {
  let fd: number;
  try {
    fd = steps.create(target);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    steps.write(fd, target, Buffer.from(`${CLAIM}"run":"${run}"}\n`));
  } catch (error) {
    removeQuietly(target, steps);
    throw error;
  } finally {
    closeSync(fd);
  }
  try {
    steps.rename(staged, target);
  } catch (error) {
    removeQuietly(target, steps);
    throw error;
  }
  return true;
}

const CLAIM = '{"tandem":"claim","version":1,';
/** No claim is longer. */
const MOST_BYTES = 512;

function claimingRun(bytes: Uint8Array): ReturnType<typeof parseRun> {
  if (bytes.length > MOST_BYTES || bytes.length < CLAIM.length) return null;
  const [, id] =
    /^"run":"([^"]*)"\}\n$/.exec(Buffer.from(bytes).toString('latin1').slice(CLAIM.length)) ?? [];
  const isOurs = Buffer.from(bytes.subarray(0, CLAIM.length)).toString('latin1') === CLAIM;
  return isOurs && id !== undefined ? parseRun(id) : null;
}

function firstBytes(path: string): Uint8Array {
  let fd = -1;
  try {
    fd = openSync(toFsPath(path), 'r');
    const bytes = Buffer.alloc(MOST_BYTES + 1);
    return bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0));
  } catch {
    return Buffer.alloc(0);
  } finally {
    if (fd >= 0) closeSync(fd);
  }
}
