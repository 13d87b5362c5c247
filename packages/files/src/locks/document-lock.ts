import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { LIMITS, TandemError } from '@tandem/engine';
import type { FileSteps } from '../file-steps.ts';
import { pause } from '../pause.ts';
import { folderOf, rootPrefix, toFsPath } from '../raw-path.ts';
import { existingPath } from '../real-path.ts';
import { newRun, SCRATCH, TREE_LOCK } from '../run-id.ts';
import { sweepScratch } from '../sweep-scratch.ts';
import { acquireLock, isDeadLock, judgeOf, type Lock } from './lock.ts';
import { holderOf, type LockJudge, lockedError, lockedParams } from './lock-file.ts';

const LOCK = `${SCRATCH}lock-`;
/** Bytes that a name may have on every system. */
const LONGEST_NAME = 255;
const FIRST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 50;
/** A save takes only milliseconds. */
const LOOK_AGAIN_MS = 5;

/** How long to wait for others that are at work on the same file. */
export interface Patience {
  /** Milliseconds, by performance.now(). */
  readonly until: number;
  readonly signal?: AbortSignal | undefined;
}

/** The raw path of the lock of one document (spec/sidecar/save.md): `.tandem-lock-<name>` beside it. */
export function documentLockPath(document: string): string {
  const folder = folderOf(document);
  const name = LOCK + document.slice(folder.length);
  if (name.length <= LONGEST_NAME) return folder + name;
  return folder + LOCK + createHash('sha256').update(Buffer.from(name, 'latin1')).digest('hex');
}

/** Whether a name may be that of such a lock. */
export function isDocumentLock(name: string): boolean {
  return name.startsWith(LOCK);
}

/**
 * Takes the lock of one document, and waits for it: many writers are normal. It also waits for runs that are
 * at work on a whole tree that contains the document, and does so without holding its own lock: such runs skip
 * a locked document (spec/locks.md, "Saves").
 * @throws {TandemError} ERR_TANDEM_LOCKED when the time is over; ERR_TANDEM_ABORTED; what acquireLock throws
 * for the folder
 */
export async function lockDocument(document: string, patience: Patience, steps: FileSteps): Promise<Lock> {
  const path = documentLockPath(document);
  const trees = treeLocksAbove(folderOf(document));
  const judge = judgeOf(path, newRun(), steps);
  for (;;) {
    const lock = await patiently(() => acquireLock(path, 'save', steps), patience);
    if (trees.every((tree) => holderOf(tree, judge) === null)) return lock;
    lock.release();
    await patiently(() => refuseHeld(trees, judge), patience);
  }
}

/** Tries again as long as another process has the lock and time remains. */
async function patiently<T>(take: () => T, { until, signal }: Patience): Promise<T> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    if (signal?.aborted) throw new TandemError('ERR_TANDEM_ABORTED', { cause: signal.reason });
    try {
      return take();
    } catch (error) {
      const isLocked = error instanceof TandemError && error.code === 'ERR_TANDEM_LOCKED';
      if (!isLocked || performance.now() >= until) throw error;
    }
    // A random factor, so that not all waiters try at the same moment.
    await setTimeout(pause * (0.5 + Math.random()));
  }
}

/** @throws {TandemError} ERR_TANDEM_LOCKED for the first lock that is held */
export function refuseHeld(locks: readonly string[], judge: LockJudge): void {
  for (const lock of locks) {
    const holder = holderOf(lock, judge);
    if (holder !== null) throw lockedError(lock, holder);
  }
}

/**
 * The locks of all trees that contain a folder, that of the folder first: by its real path, which their
 * holders also use.
 */
export function treeLocksAbove(folder: string): string[] {
  const locks: string[] = [];
  const real = existingPath(folder === '' ? '.' : folder);
  for (let at = real === null ? '' : rootPrefix(real); at !== ''; at = folderOf(at.slice(0, -1)))
    locks.push(at + TREE_LOCK);
  return locks;
}

/**
 * Waits for a save that is at work on a file; null when there is none, otherwise the parameters of the text
 * of ERR_TANDEM_LOCKED. Only for the holder of the tree's lock: every save it waits for is older than that
 * lock, so it waits for one second in total (spec/locks.md, "Saves").
 */
export function outwaitSave(document: string, judge: LockJudge): Record<string, string> | null {
  const path = documentLockPath(document);
  const most = LIMITS.saveWaitMs;
  const began = performance.now();
  let first = holderOf(path, judge);
  for (let now = first; now !== null; now = holderOf(path, judge)) {
    if (first === null || first.line === null) first = now;
    else if (now.line !== null && now.line.run !== first.line.run) return null;
    if (Date.now() - now.modifiedMs >= most || performance.now() - began >= most)
      return lockedParams(path, now);
    pause(LOOK_AGAIN_MS);
  }
  return null;
}

/**
 * Removes what saves whose processes are gone left in a folder: scratch files, and locks, each by taking it
 * over. What belongs to a whole tree (its lock, its journal, its quarantine) is not touched.
 * @param folder raw, with a trailing slash; '' for the current folder
 */
export function sweepDead(folder: string, steps: FileSteps): void {
  sweepScratch(folder, steps);
  for (const name of readdirSync(toFsPath(folder === '' ? '.' : folder), 'latin1')) {
    if (name.startsWith(LOCK)) takeOverDead(folder + name, steps);
  }
}

function takeOverDead(path: string, steps: FileSteps): void {
  try {
    if (isDeadLock(path, judgeOf(path, newRun(), steps))) acquireLock(path, 'save', steps).release();
  } catch (error) {
    // Another process was faster, or has permissions that this one lacks: this is only cleanup.
    if (!(error instanceof TandemError)) throw error;
  }
}
