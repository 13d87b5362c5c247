import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '@tandem/engine';
import { type FileSteps, FolderLocks, newRun, ONLY_SCRATCH, scratchName } from '@tandem/files';
import { JOB_STEPS } from '@tandem/job';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { lockText } from '../../files/src/locks/lock-file.ts';
import { failingWith } from '../../files/test/failing-steps.ts';
import { deadRun, temporaryFolder } from '../../files/test/store-files.ts';
import { enterFolder, savedFault, tidyFolder } from '../src/store/enter-folder.ts';
import { stepFault } from '../src/store/step-fault.ts';

/** How a run enters a folder out of or into which it moves files: spec/locks.md, "Folders". */

const base = temporaryFolder();
const run = newRun();
const OTHERS = lockText(newRun(), { operation: 'convert' });
const LEFT = scratchName(deadRun().id, ONLY_SCRATCH);

let trees = 0;
function tree(steps: FileSteps = JOB_STEPS): { readonly locks: FolderLocks; readonly folder: string } {
  trees += 1;
  const root = `${join(base, `tree-${trees}`)}/`;
  mkdirSync(`${root}sub`, { recursive: true });
  return { locks: new FolderLocks({ root, run, operation: 'cleanup', steps }), folder: `${root}sub/` };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('entering a folder', () => {
  test('takes its lock, and removes the scratch of a dead run', () => {
    const { locks, folder } = tree();
    writeFileSync(folder + LEFT, '');
    expect(enterFolder(locks, folder)).toBe(null);
    expect([locks.has(folder), readdirSync(folder)]).toEqual([true, ['.tandem-lock']]);
    // A later file belongs to another run, which will see the lock.
    writeFileSync(folder + LEFT, '');
    expect(enterFolder(locks, folder)).toBe(null);
    expect(readdirSync(folder)).toEqual(['.tandem-lock', LEFT].sort());
    locks.end(true);
  });

  test('names the run that holds the folder’s lock', () => {
    const { locks, folder } = tree();
    writeFileSync(`${folder}.tandem-lock`, OTHERS);
    expect(enterFolder(locks, folder)).toMatchObject({
      code: 'ERR_TANDEM_LOCKED',
      message: expect.stringContaining(`pid ${process.pid}`),
      hint: expect.stringContaining(`${folder}.tandem-lock`),
    });
    expect(locks.has(folder)).toBe(false);
    locks.end(true);
  });

  test.each([
    ['EACCES', 'ERR_TANDEM_UNWRITABLE'],
    ['ENOSPC', 'ERR_TANDEM_NO_SPACE'],
  ])('reports a refusal of the system: %s', (errno, code) => {
    const { locks, folder } = tree(failingWith(errno, ({ what }) => what === 'create'));
    expect(enterFolder(locks, folder)).toMatchObject({ code });
    locks.end(true);
  });

  test('throws where the locks of the run are lost', () => {
    const { locks, folder } = tree();
    expect(enterFolder(locks, folder)).toBe(null);
    rmSync(`${folder}.tandem-lock`);
    mkdirSync(`${folder}more`);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + LIMITS.lockRenewMs });
    expect(() => enterFolder(locks, `${folder}more/`)).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_LOCK_LOST' }),
    );
    locks.end(true);
  });
});

describe('tidying a folder', () => {
  test('takes its lock only where scratch was left, and no other run is there', () => {
    const { locks, folder } = tree();
    writeFileSync(`${folder}IMG.json`, '');
    tidyFolder(locks, folder);
    tidyFolder(locks, `${folder}none/`);
    expect(locks.has(folder)).toBe(false);
    writeFileSync(folder + LEFT, '');
    writeFileSync(`${folder}.tandem-lock`, OTHERS);
    tidyFolder(locks, folder);
    expect(readdirSync(folder)).toContain(LEFT);
    rmSync(`${folder}.tandem-lock`);
    tidyFolder(locks, folder);
    expect([locks.has(folder), readdirSync(folder)]).toEqual([true, ['.tandem-lock', 'IMG.json'].sort()]);
    locks.end(true);
  });
});

describe('the fault of a step', () => {
  test('is the error of the system; any other error is thrown', () => {
    const full = Object.assign(new Error('x'), { code: 'ENOSPC' });
    expect(stepFault(full)).toMatchObject({ code: 'ERR_TANDEM_NO_SPACE', hint: expect.any(String) });
    expect(() => stepFault(new Error('of ours'))).toThrow('of ours');
  });

  test('is null where no save is at work on a sidecar', () => {
    const { folder } = tree();
    expect(savedFault(`${folder}IMG.json`, JOB_STEPS)).toBe(null);
    writeFileSync(`${folder}.tandem-lock-IMG.json`, OTHERS.replace('"convert"', '"save"'));
    expect(savedFault(`${folder}IMG.json`, JOB_STEPS)).toMatchObject({ code: 'ERR_TANDEM_LOCKED' });
  });
});
