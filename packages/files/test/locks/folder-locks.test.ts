import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS, TandemError } from '@tandem/engine';
import { JOB_STEPS } from '@tandem/job';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { FileSteps } from '../../src/file-steps.ts';
import { FolderLocks } from '../../src/locks/folder-locks.ts';
import { lockText } from '../../src/locks/lock-file.ts';
import { newRun } from '../../src/run-id.ts';
import { failingWith } from '../failing-steps.ts';
import { later } from '../later.ts';
import { deadRun, temporaryFolder } from '../store-files.ts';

/** The locks of the folders that one run changes: spec/locks.md, "Folders". */

const base = temporaryFolder();
const run = newRun();
const OTHER = newRun();
const OTHERS = lockText(OTHER, { operation: 'convert' });
const OURS = lockText(run, { operation: 'convert' });
const DEAD = lockText(deadRun(), { operation: 'convert' });

let trees = 0;
/** A root with a/deep and b, as raw paths that end in a slash. */
function tree(): { readonly root: string; readonly a: string; readonly deep: string; readonly b: string } {
  trees += 1;
  const root = `${join(base, `tree-${trees}`)}/`;
  mkdirSync(`${root}a/deep`, { recursive: true });
  mkdirSync(`${root}b`);
  return { root, a: `${root}a/`, deep: `${root}a/deep/`, b: `${root}b/` };
}

function locksOf(root: string, steps: FileSteps = JOB_STEPS): FolderLocks {
  return new FolderLocks({
    root,
    run,
    operation: 'convert',
    unfinished: 'bin',
    isFinished: () => true,
    steps,
  });
}

const lockOf = (folder: string): string => `${folder}.tandem-lock`;

afterEach(() => {
  vi.useRealTimers();
});

describe('a run in folders of its tree', () => {
  test('holds the lock of each folder that it entered, until it leaves', () => {
    const { root, a, b } = tree();
    const locks = locksOf(root);
    expect(locks.run).toBe(run.id);
    expect([locks.has(root), locks.has(a)]).toEqual([true, false]);
    for (const folder of [root, a, a, b]) expect(locks.enter(folder)).toBe(null);
    expect(existsSync(lockOf(root))).toBe(false);
    expect(JSON.parse(readFileSync(lockOf(a), 'utf8'))).toMatchObject({
      run: run.id,
      operation: 'convert',
      unfinished: 'bin',
    });
    locks.leave((folder) => folder === b);
    expect([locks.has(a), locks.has(b)]).toEqual([false, true]);
    expect([existsSync(lockOf(a)), existsSync(lockOf(b))]).toEqual([false, true]);
    locks.end(true);
    expect(existsSync(lockOf(b))).toBe(false);
  });

  test('learns which run holds a lock there or above, and remembers it until it leaves its folders', () => {
    const { root, a, deep } = tree();
    const locks = locksOf(root);
    writeFileSync(lockOf(a), OTHERS);
    const refused = { pid: String(OTHER.pid), host: OTHER.host, lock: lockOf(a) };
    expect(locks.enter(a)).toMatchObject(refused);
    expect(locks.enter(deep)).toMatchObject(refused);
    expect(locks.tryToEnter(deep)).toBe(false);
    expect(existsSync(lockOf(deep))).toBe(false);
    rmSync(lockOf(a));
    // Remembered until the current folders are left.
    expect(locks.enter(deep)).toMatchObject(refused);
    locks.leave();
    expect(locks.enter(deep)).toBe(null);
    locks.end(true);
  });

  test.each([
    ['its own, left by the other engine', OURS],
    ['that of a dead run', DEAD],
  ])('is not stopped by a lock above: %s', (_, text) => {
    const { root, a, deep } = tree();
    writeFileSync(lockOf(a), text);
    const locks = locksOf(root);
    expect(locks.enter(deep)).toBe(null);
    expect(locks.tryToEnter(deep)).toBe(true);
    locks.end(true);
    expect(readFileSync(lockOf(a), 'utf8')).toBe(text);
  });

  test('tries to enter without waiting, and without an error where that is refused', () => {
    const { root, a, b } = tree();
    const locks = locksOf(root);
    expect([locks.tryToEnter(a), locks.has(a)]).toEqual([true, true]);
    writeFileSync(lockOf(b), OTHERS);
    expect(locks.tryToEnter(b)).toBe(false);
    locks.end(true);
    const refused = locksOf(
      root,
      failingWith('EACCES', ({ what }) => what === 'create'),
    );
    expect(refused.tryToEnter(a)).toBe(false);
    expect(() => refused.enter(a)).toThrow(TandemError);
    refused.end(true);
  });

  test('adopts the locks that the other engine of its run left, and no others', () => {
    const { root, a, deep, b } = tree();
    const locks = locksOf(root);
    writeFileSync(lockOf(a), OURS);
    writeFileSync(lockOf(b), OTHERS);
    for (const folder of [a, a, b, deep]) locks.adopt(folder);
    expect([a, b, deep].map((folder) => locks.has(folder))).toEqual([true, false, false]);
    locks.end(true);
    expect([a, b, deep].map((folder) => existsSync(lockOf(folder)))).toEqual([false, true, false]);
  });

  test('releases a lock later where the system refuses now', () => {
    const { root, a } = tree();
    let refusals = 1;
    const locks = locksOf(
      root,
      failingWith('EPERM', ({ what, path }) => what === 'unlink' && path === lockOf(a) && refusals-- > 0),
    );
    locks.enter(a);
    locks.leave();
    expect([locks.has(a), existsSync(lockOf(a))]).toEqual([true, true]);
    locks.end(true);
    expect(existsSync(lockOf(a))).toBe(false);
  });
});

describe('the locks of a run', () => {
  const LOST = expect.objectContaining({ code: 'ERR_TANDEM_LOCK_LOST' });

  test('are all lost with one of them', () => {
    for (const lost of ['a', 'b'] as const) {
      const folders = tree();
      const locks = locksOf(folders.root);
      for (const folder of [folders.a, folders.b]) locks.enter(folder);
      writeFileSync(lockOf(folders[lost]), OTHERS);
      later(LIMITS.lockRenewMs);
      expect(() => locks.steps.mkdir(`${folders.root}new`)).toThrow(LOST);
      expect(() => locks.tryToEnter(folders.deep)).toThrow(LOST);
      expect(existsSync(`${folders.root}new`)).toBe(false);
      locks.end(true);
      expect(readFileSync(lockOf(folders[lost]), 'utf8')).toBe(OTHERS);
      vi.useRealTimers();
    }
  });

  test('that cannot be renewed are held until the lease is over', () => {
    const { root, a, b } = tree();
    const locks = locksOf(root);
    for (const folder of [a, b]) locks.enter(folder);
    rmSync(lockOf(a));
    mkdirSync(lockOf(a));
    later(LIMITS.lockRenewMs);
    locks.steps.mkdir(`${root}new`);
    later(LIMITS.lockLeaseMs);
    expect(() => locks.steps.mkdir(`${root}newer`)).toThrow(LOST);
    rmSync(lockOf(a), { recursive: true });
    locks.end(true);
  });
});
