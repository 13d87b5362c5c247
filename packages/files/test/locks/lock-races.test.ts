import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '@tandem/engine';
import { JOB_STEPS, jobSteps } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import { acquireLock, releaseLock, takeLock } from '../../src/locks/lock.ts';
import { lockText } from '../../src/locks/lock-file.ts';
import { newRun } from '../../src/run-id.ts';
import { failingWith } from '../failing-steps.ts';
import { temporaryFolder } from '../store-files.ts';

/** What a file system or another taker does between two steps of a taker. */

const base = temporaryFolder();
let folders = 0;
function freshLock(): { readonly folder: string; readonly path: string } {
  folders += 1;
  const folder = join(base, `lock-${folders}`);
  mkdirSync(folder);
  return { folder, path: join(folder, '.tandem-lock') };
}

const others = (): string => lockText(newRun(), { operation: 'convert' });

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof TandemError) return error.code;
    throw error;
  }
  return 'none';
}

describe('a lock that appears right before the taker places its own', () => {
  test.each(['link', 'create'] as const)('is respected, and stays (%s)', (what) => {
    const { folder, path } = freshLock();
    const other = others();
    // Without links the lock is created under its final name.
    const steps = jobSteps((step) => {
      const isPlacing = step.what === what && (step.to ?? step.path) === path;
      if (isPlacing) writeFileSync(path, other);
      if (what === 'create' && step.what === 'link')
        throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    });
    expect(codeOf(() => acquireLock(path, 'convert', steps))).toBe('ERR_TANDEM_LOCKED');
    expect(readFileSync(path, 'utf8')).toBe(other);
    expect(readdirSync(folder)).toEqual(['.tandem-lock']);
  });
});

describe('where a file system has no links', () => {
  test.each(['EPERM', 'ENOTSUP'])('a lock is written under its final name (%s)', (errno) => {
    const { folder, path } = freshLock();
    const steps = failingWith(errno, ({ what }) => what === 'link');
    const lock = acquireLock(path, 'convert', steps);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ run: lock.run.id, advisory: false });
    expect(readdirSync(folder)).toEqual(['.tandem-lock']);
    expect(codeOf(() => acquireLock(path, 'convert', steps))).toBe('ERR_TANDEM_LOCKED');
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a full disk leaves no empty lock', () => {
    const { folder, path } = freshLock();
    const steps = jobSteps((step) => {
      if (step.what === 'link') throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
      if (step.what === 'write' && step.path === path)
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    });
    expect(codeOf(() => acquireLock(path, 'convert', steps))).toBe('ERR_TANDEM_NO_SPACE');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a taker that fails', () => {
  test.each([
    ['link', 'EIO', 'ERR_TANDEM_OUTPUT_UNWRITABLE'],
    ['create', 'EACCES', 'ERR_TANDEM_OUTPUT_UNWRITABLE'],
    ['write', 'ENOSPC', 'ERR_TANDEM_NO_SPACE'],
  ])('at %s leaves nothing', (at, errno, code) => {
    const { folder, path } = freshLock();
    const steps = failingWith(errno, ({ what }) => what === at);
    expect(codeOf(() => acquireLock(path, 'convert', steps))).toBe(code);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('to replace a dead lock leaves that lock', () => {
    const { folder, path } = freshLock();
    const { id, pid, started, ...rest } = newRun();
    const gone = {
      ...rest,
      pid,
      started: started + 1,
      id: id.replace(`-${pid}-${started}-`, `-${pid}-${started + 1}-`),
    };
    const dead = lockText(gone, { operation: 'convert' });
    writeFileSync(path, dead);
    const steps = failingWith('EIO', ({ what }) => what === 'rename');
    expect(codeOf(() => acquireLock(path, 'convert', steps))).toBe('ERR_TANDEM_OUTPUT_UNWRITABLE');
    expect(readFileSync(path, 'utf8')).toBe(dead);
    expect(readdirSync(folder)).toEqual(['.tandem-lock']);

    // Another taker is about to do so.
    const guard = `.tandem-lock-${gone.id}`;
    writeFileSync(join(folder, guard), others());
    expect(codeOf(() => acquireLock(path, 'convert', JOB_STEPS))).toBe('ERR_TANDEM_LOCKED');
    expect(readFileSync(path, 'utf8')).toBe(dead);
    expect(readdirSync(folder)).toEqual(['.tandem-lock', guard]);
  });
});

describe('a release', () => {
  test.each([
    ['refuses', 'EROFS', false],
    ['no longer has the file', 'ENOENT', true],
  ])('returns whether the lock is gone where the system %s', (_what, errno, isGone) => {
    const { path } = freshLock();
    const run = newRun();
    const taken = takeLock(path, run, { operation: 'convert' }, jobSteps());
    const steps = failingWith(errno, ({ what }) => what === 'unlink');
    expect(releaseLock(path, taken, false, run, steps)).toBe(isGone);
  });

  test('of a lock whose folder is gone, or is no longer a folder, is not an error', () => {
    const { folder, path } = freshLock();
    const lock = acquireLock(path, 'convert', JOB_STEPS);
    rmSync(folder, { recursive: true });
    lock.release();
    const other = freshLock();
    const second = acquireLock(other.path, 'convert', JOB_STEPS);
    rmSync(other.folder, { recursive: true });
    writeFileSync(other.folder, 'a file');
    second.release();
    expect(readFileSync(other.folder, 'utf8')).toBe('a file');
  });
});
