import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '@tandem/engine';
import { advisoryLock } from '@tandem/job';
import { expect, test } from 'vitest';
import { documentLockPath, outwaitSave } from '../../src/locks/document-lock.ts';
import { lockText } from '../../src/locks/lock-file.ts';
import { newRun } from '../../src/run-id.ts';
import { temporaryFolder } from '../store-files.ts';

const base = temporaryFolder();
/**
 * A save on another machine: only the clock says whether it is alive, so the clock is called at every check
 * of its lock.
 */
function saveElsewhere(): string {
  const run = newRun();
  const id = run.id.replace(run.host, 'elsewhere');
  return lockText({ ...run, host: 'elsewhere', id }, { operation: 'save' });
}

/**
 * The number of checks of the lock, and whether it is still held; `happens` is called at the second check.
 */
function outwaited(name: string, happens: (lock: string) => void): { looks: number; held: boolean } {
  const sidecar = join(base, name);
  const lock = documentLockPath(sidecar);
  writeFileSync(lock, saveElsewhere());
  let looks = 0;
  const params = outwaitSave(sidecar, {
    now: () => {
      looks += 1;
      if (looks === 2) happens(lock);
      return Date.now();
    },
    advisoryLock,
  });
  return { looks, held: params !== null };
}

test('a save that ends is outwaited', () => {
  expect(outwaited('ends.json', (lock) => rmSync(lock))).toEqual({ looks: 2, held: false });
});

test('another save that follows it is not waited for', () => {
  expect(outwaited('other.json', (lock) => writeFileSync(lock, saveElsewhere()))).toEqual({
    looks: 3,
    held: false,
  });
});

test('a save that does not end is waited for up to a second', () => {
  const { looks, held } = outwaited('stays.json', () => undefined);
  expect(held).toBe(true);
  expect(looks).toBeGreaterThan(3);
});

test('a renewed lock does not extend the wait', () => {
  const sidecar = join(base, 'renews.json');
  const lock = documentLockPath(sidecar);
  writeFileSync(lock, saveElsewhere());
  const params = outwaitSave(sidecar, {
    now: () => {
      utimesSync(lock, new Date(), new Date());
      return Date.now();
    },
    advisoryLock,
  });
  expect(params).toMatchObject({ lock });
});

test('a save that has run for a second is not waited for', () => {
  const sidecar = join(base, 'old.json');
  const lock = documentLockPath(sidecar);
  writeFileSync(lock, saveElsewhere());
  const before = (Date.now() - LIMITS.saveWaitMs) / 1000;
  utimesSync(lock, before, before);
  let looks = 0;
  const params = outwaitSave(sidecar, {
    now: () => {
      looks += 1;
      return Date.now();
    },
    advisoryLock,
  });
  expect([looks, params]).toEqual([1, expect.objectContaining({ lock })]);
});
