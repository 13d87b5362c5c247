import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '@tandem/engine';
import { advisoryLock, JOB_STEPS, jobSteps } from '@tandem/job';
import { describe, expect, test, vi } from 'vitest';
import { claimAt, claimedError, claimText, isDeadClaim } from '../../src/claim.ts';
import { documentLockPath, lockDocument, sweepDead, treeLocksAbove } from '../../src/locks/document-lock.ts';
import { acquireLock, judgeOf, releaseLock, takeLock } from '../../src/locks/lock.ts';
import { folderError, isHeld, lockAt, lockedParams, lockText } from '../../src/locks/lock-file.ts';
import { newRun } from '../../src/run-id.ts';
import { failingWith } from '../failing-steps.ts';
import { deadRun, temporaryFolder } from '../store-files.ts';
import { thrownBy } from '../thrown-by.ts';

/** What locks and claims contain, and the errors about them: spec/locks.md. */

const base = temporaryFolder();
const run = newRun();
const DEAD = lockText(deadRun(), { operation: 'convert', unfinished: 'bin' });
/** On a machine whose processes cannot be seen here. */
const ELSEWHERE = 'elsewhere-s01234567-4194305-7-r0123abcd';

let files = 0;
function pathWith(text: string): string {
  files += 1;
  const folder = join(base, `file-${files}`);
  mkdirSync(folder);
  writeFileSync(join(folder, '.tandem-lock'), text);
  return join(folder, '.tandem-lock');
}

describe('the line of a lock', () => {
  const line = { tandem: 'lock', version: 1, run: run.id };

  test('has defaults for fields that older versions did not write', () => {
    expect(lockAt(pathWith(JSON.stringify(line)))?.line).toMatchObject({
      ...{ run: run.id, boot: '', namespace: '', advisory: false, unfinished: null },
    });
    const odd = { ...line, advisory: 'yes', unfinished: 7 };
    expect(lockAt(pathWith(JSON.stringify(odd)))?.line).toMatchObject({ advisory: false, unfinished: null });
    const whole = { ...line, boot: 'b', namespace: 'n', advisory: true, unfinished: 'rkyv' };
    expect(lockAt(pathWith(JSON.stringify(whole)))?.line).toMatchObject(whole);
  });

  test.each([
    { ...line, tandem: 'claim' },
    { ...line, version: 2 },
    { ...line, run: 'x' },
    { tandem: 'lock', version: 1 },
    null,
  ])('is null for %j', (other) => {
    const text = JSON.stringify(other);
    expect(lockAt(pathWith(text))).toMatchObject({ text, line: null });
  });

  test('is null without a lock; a folder that is not one is an error', () => {
    const path = pathWith('');
    expect(lockAt(`${path}-none`)).toBe(null);
    expect(lockAt(`${path.replace('.tandem-lock', 'none/')}.tandem-lock`)).toBe(null);
    expect(thrownBy(() => lockAt(`${path}/.tandem-lock`))).toMatchObject({
      code: 'ERR_TANDEM_INPUT_NOT_A_FOLDER',
      path,
    });
  });
});

describe('the text of an error', () => {
  test('says who holds a lock and since when, as far as that is known', () => {
    const found = { text: '', line: null, modifiedMs: Date.UTC(2026, 0, 2, 3, 4, 5, 678) };
    expect(lockedParams('a/.tandem-lock', found)).toEqual({
      ...{ pid: '?', host: '?', since: '2026-01-02T03:04:05Z', lock: 'a/.tandem-lock' },
    });
    expect(lockedParams('x', null)['since']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const path = pathWith(claimText(ELSEWHERE));
    expect(claimedError(path)).toMatchObject({
      path,
      message: expect.stringMatching(/pid 4194305 on elsewhere since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/),
    });
    expect(claimedError(pathWith('other')).message).toContain('pid ? on ? since 2');
  });

  test('names the folder without trailing slashes', () => {
    const missing = Object.assign(new Error('x'), { code: 'ENOENT' });
    for (const [path, folder] of [
      ['a/b/.tandem-lock', 'a/b'],
      ['a//b///.tandem-lock', 'a//b'],
      ['/.tandem-lock', '/'],
    ] as const) {
      expect(folderError(missing, path)).toMatchObject({ code: 'ERR_TANDEM_INPUT_MISSING', path: folder });
    }
    const mistake = new Error('of ours');
    expect(folderError(mistake, 'a/.tandem-lock')).toBe(mistake);
  });
});

describe('a claim', () => {
  test('of another machine is dead when it was forgotten', () => {
    const path = pathWith(claimText(ELSEWHERE));
    expect(claimAt(path)?.run.id).toBe(ELSEWHERE);
    expect(isDeadClaim(path)).toBe(false);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 30 * 24 * 3600 * 1000 });
    expect(isDeadClaim(path)).toBe(true);
    const alive = pathWith(claimText(run.id));
    expect(isDeadClaim(alive)).toBe(false);
    vi.useRealTimers();
    expect(isDeadClaim(`${path}-none`)).toBe(false);
  });

  test('is not read from any other text', () => {
    const text = claimText(ELSEWHERE);
    for (const other of [
      '',
      text.slice(0, -1),
      `${text} `,
      ` ${text}`,
      text + ' '.repeat(600),
      'x'.repeat(512),
    ]) {
      expect(claimAt(pathWith(other)), JSON.stringify(other)).toBe(null);
    }
  });
});

describe('where the system refuses', () => {
  test('a clock is before all times; other errors are thrown', () => {
    const path = pathWith('');
    const refusing = failingWith('EACCES', ({ what }) => what === 'create');
    expect(judgeOf(path, run, refusing).now()).toBe(Number.NEGATIVE_INFINITY);
    const mistaken = jobSteps(() => {
      throw new Error('of ours');
    });
    expect(() => judgeOf(path, run, mistaken).now()).toThrow('of ours');
    expect(Math.abs(judgeOf(path, run, JOB_STEPS).now() - Date.now())).toBeLessThan(60_000);
  });

  test('a guard file that cannot be created ends a take-over with the reason', () => {
    const path = pathWith(DEAD);
    const refusing = failingWith('EACCES', ({ what }) => what === 'create');
    expect(thrownBy(() => acquireLock(path, 'convert', refusing))).toMatchObject({
      code: 'ERR_TANDEM_OUTPUT_UNWRITABLE',
    });
  });

  test('to read a lock, it is not released', () => {
    const path = pathWith('');
    rmSync(path);
    const taken = takeLock(path, run, { operation: 'convert' }, JOB_STEPS);
    rmSync(path);
    mkdirSync(path);
    expect(releaseLock(path, taken, false, run, JOB_STEPS)).toBe(false);
  });

  test('sweeping leaves what it may not take, and throws other errors', () => {
    const path = pathWith(DEAD);
    const folder = path.replace('.tandem-lock', '');
    // Without unfinished work under it.
    writeFileSync(`${folder}.tandem-lock-a.json`, DEAD.replace('"bin"', 'null'));
    sweepDead(
      folder,
      failingWith('EACCES', ({ what }) => what === 'create'),
    );
    expect(readdirSync(folder).sort()).toEqual(['.tandem-lock', '.tandem-lock-a.json']);
    const mistaken = jobSteps(() => {
      throw new Error('of ours');
    });
    expect(() => sweepDead(folder, mistaken)).toThrow('of ours');
    sweepDead(folder, JOB_STEPS);
    expect(readdirSync(folder).sort()).toEqual(['.tandem-lock']);
  });
});

describe('the lock of a sidecar', () => {
  test('has a name that every file system accepts', () => {
    expect(documentLockPath('a/IMG.json')).toBe('a/.tandem-lock-IMG.json');
    const long = `${'\xff'.repeat(250)}.json`;
    const digest = createHash('sha256')
      .update(Buffer.from(`.tandem-lock-${long}`, 'latin1'))
      .digest('hex');
    expect(documentLockPath(`a/${long}`)).toBe(`a/.tandem-lock-${digest}`);
  });

  test('is below the locks of all folders above, by their real paths', () => {
    const here = realpathSync('.');
    expect(treeLocksAbove('').slice(0, 1)).toEqual([`${here}/.tandem-lock`]);
    expect(treeLocksAbove('').at(-1)).toBe('/.tandem-lock');
    expect(treeLocksAbove(join(base, 'none/'))).toEqual([]);
  });

  test('is waited for until the signal aborts', async () => {
    const path = pathWith('').replace('.tandem-lock', 'IMG.json');
    const signal = AbortSignal.abort(new Error('enough'));
    const patience = { until: Number.POSITIVE_INFINITY, signal };
    await expect(lockDocument(path, patience, JOB_STEPS)).rejects.toMatchObject({
      code: 'ERR_TANDEM_ABORTED',
      cause: { message: 'enough' },
    });
  });
});

describe('a lock whose process is in another namespace', () => {
  const NATIVE = process.env['TANDEM_ENGINE'] === 'native';
  const elsewhere = { ...run, scope: 's12345678', id: run.id.replace(run.scope, 's12345678') };

  /**
   * Whether it is held while no process has an advisory lock on it, by a clock that counts from its last
   * renewal.
   */
  function held(more: Readonly<Record<string, unknown>>, ageMs = 0): boolean {
    const line = JSON.parse(lockText(elsewhere, { operation: 'convert', advisory: true })) as object;
    const path = pathWith(`${JSON.stringify({ ...line, ...more })}\n`);
    const found = lockAt(path);
    if (found === null) throw new Error('no lock');
    return isHeld(path, found, { now: () => found.modifiedMs + ageMs, advisoryLock });
  }

  test('is dead where this kernel would have kept its advisory lock', () => {
    expect(held({})).toBe(!NATIVE);
  });

  test.each([
    ['took no advisory lock', { advisory: false }],
    ['began under another kernel', { boot: 'another' }],
    ['does not name its kernel', { boot: '' }],
  ])('is judged by its lease where it %s', (_, more) => {
    expect(held(more)).toBe(true);
    expect(held(more, LIMITS.lockLeaseMs - 1)).toBe(true);
    expect(held(more, LIMITS.lockLeaseMs)).toBe(false);
  });
});
