import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '@tandem/engine';
import { JOB_STEPS } from '@tandem/job';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { Lease } from '../../src/locks/lease.ts';
import { acquireLock } from '../../src/locks/lock.ts';
import { lockText } from '../../src/locks/lock-file.ts';
import { renewFile } from '../../src/locks/renew-file.ts';
import { newRun } from '../../src/run-id.ts';
import { later } from '../later.ts';
import { temporaryFolder, USING_PRODUCT } from '../store-files.ts';

/** Locks whose holder cannot be seen by others: spec/locks.md, "Lease". */

const base = temporaryFolder();
const NATIVE = process.env['TANDEM_ENGINE'] === 'native';
let locks = 0;
function freshLock(): string {
  locks += 1;
  mkdirSync(join(base, `lease-${locks}`));
  return join(base, `lease-${locks}`, '.tandem-lock');
}

const LOST = expect.objectContaining({ code: 'ERR_TANDEM_LOCK_LOST' });
const OTHER = lockText(newRun(), { operation: 'convert' });

afterEach(() => {
  vi.useRealTimers();
});

describe('a lease', () => {
  test('is renewed by the clock of the file system before a change, once it is due', () => {
    const path = freshLock();
    const lock = acquireLock(path, 'convert', JOB_STEPS);
    utimesSync(path, 1e9, 1e9);
    lock.hold();
    expect(statSync(path).mtimeMs).toBe(1e12);
    later(LIMITS.lockRenewMs);
    lock.hold();
    vi.useRealTimers();
    expect(Math.abs(statSync(path).mtimeMs - Date.now())).toBeLessThan(30_000);
    lock.release();
  });

  test.each([
    ['was taken over', (path: string) => writeFileSync(path, OTHER)],
    ['was removed', (path: string) => rmSync(path)],
  ])('that %s is lost for good', (_, happens) => {
    const path = freshLock();
    const lock = acquireLock(path, 'convert', JOB_STEPS);
    const text = readFileSync(path, 'utf8');
    happens(path);
    later(LIMITS.lockRenewMs);
    expect(() => lock.hold()).toThrow(LOST);
    writeFileSync(path, text);
    expect(() => lock.hold()).toThrow(LOST);
    lock.release();
  });

  test('is still held after a long sleep if no other run took the lock', () => {
    const lock = acquireLock(freshLock(), 'convert', JOB_STEPS);
    later(LIMITS.lockLeaseMs * 10);
    lock.hold();
    lock.release();
  });
});

describe('the time of a lease', () => {
  const clocks = ['Date', 'performance', 'setInterval', 'clearInterval'] as const;

  test('is renewed by a timer until its end, and once per interval', () => {
    vi.useFakeTimers({ toFake: [...clocks] });
    let renewals = 0;
    const lease = new Lease('/lock', () => {
      renewals += 1;
      return 'renewed';
    });
    vi.advanceTimersByTime(LIMITS.lockRenewMs - 1);
    lease.hold();
    expect(renewals).toBe(0);
    vi.advanceTimersByTime(1);
    expect(renewals).toBe(1);
    lease.hold();
    lease.hold();
    expect(renewals).toBe(1);
    vi.advanceTimersByTime(LIMITS.lockRenewMs * 2);
    expect(renewals).toBe(3);
    lease.end();
    vi.advanceTimersByTime(LIMITS.lockRenewMs * 2);
    expect(renewals).toBe(3);
  });

  test('is renewed again at each check while the system refuses', () => {
    vi.useFakeTimers({ toFake: [...clocks] });
    const answers: ('failed' | 'renewed')[] = ['failed', 'failed', 'renewed'];
    let asked = 0;
    const lease = new Lease('/lock', () => answers[asked++] ?? 'renewed');
    vi.advanceTimersByTime(LIMITS.lockRenewMs);
    expect(asked).toBe(1);
    lease.hold();
    lease.hold();
    lease.hold();
    expect(asked).toBe(3);
    lease.end();
  });
});

describe('a renewal', () => {
  test.each([
    ['is due and succeeds', LIMITS.lockRenewMs, ['renewed'], true],
    ['is due and refused keeps the lock', LIMITS.lockRenewMs, ['failed'], true],
    ['finds another holder', LIMITS.lockRenewMs, ['lost'], false],
    // Another run may be about to take over: the lock must still be there a second later.
    ['comes after the lease', LIMITS.lockLeaseMs, ['renewed', 'renewed'], true],
    ['comes after the lease, and another takes over', LIMITS.lockLeaseMs, ['renewed', 'lost'], false],
    ['comes after the lease, and is refused', LIMITS.lockLeaseMs, ['failed'], false],
    ['comes after the lease, and is then refused', LIMITS.lockLeaseMs, ['renewed', 'failed'], false],
  ] as const)('that %s', (_, ms, answers, isHeld) => {
    const left = [...answers];
    const lease = new Lease('tree/.tandem-lock', () => left.shift() ?? 'lost');
    later(ms);
    if (isHeld) lease.hold();
    else {
      const lost = { path: 'tree/.tandem-lock', message: expect.stringContaining('tree/.tandem-lock') };
      expect(() => lease.hold()).toThrow(expect.objectContaining(lost));
    }
    expect(left).toEqual([]);
    lease.end();
  });

  test('of a lock that is missing, belongs to another run, or is not a file', () => {
    const path = freshLock();
    expect(renewFile(path, 'ours')).toBe('lost');
    writeFileSync(path, 'other');
    expect(renewFile(path, 'ours')).toBe('lost');
    expect(renewFile(path, 'other')).toBe('renewed');
    rmSync(path);
    mkdirSync(path);
    expect(renewFile(path, 'ours')).toBe('failed');
  });
});

const APART = ['--pid', '--fork', '--kill-child', '--mount-proc'];
const canBeApart = spawnSync('unshare', [...APART, 'true']).status === 0;

describe.skipIf(!canBeApart)('a lock whose holder is in another process namespace', () => {
  /** Takes a lock in a process namespace of its own, and keeps it. */
  async function holderApart(path: string): Promise<ChildProcess> {
    const source = `
      ${USING_PRODUCT}
      const { acquireLock, JOB_STEPS } = product;
      acquireLock(process.argv.at(-1), 'convert', JOB_STEPS);
      process.stdout.write('held');
      setInterval(() => undefined, 1000);`;
    const child = spawn('unshare', [
      ...APART,
      process.execPath,
      '--input-type=module',
      '--eval',
      source,
      '--',
      path,
    ]);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    return child;
  }

  test('is held, and free when its lease is over, or at once where the kernel knows', async () => {
    const path = freshLock();
    const child = await holderApart(path);
    expect(() => acquireLock(path, 'convert', JOB_STEPS)).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_LOCKED' }),
    );
    const over = Date.now() / 1000 - LIMITS.lockLeaseMs / 1000 - 1;
    if (NATIVE) {
      utimesSync(path, over, over);
      expect(() => acquireLock(path, 'convert', JOB_STEPS)).toThrow(
        expect.objectContaining({ code: 'ERR_TANDEM_LOCKED' }),
      );
    }
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    if (!NATIVE) {
      expect(() => acquireLock(path, 'convert', JOB_STEPS)).toThrow(
        expect.objectContaining({ code: 'ERR_TANDEM_LOCKED' }),
      );
      utimesSync(path, over, over);
    } else {
      const now = Date.now() / 1000;
      utimesSync(path, now, now);
    }
    acquireLock(path, 'convert', JOB_STEPS).release();
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });
});
