import { readFileSync, writeFileSync } from 'node:fs';
import { type FileStep, scratchName } from '@tandem/files';
import { jobSteps } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import { lockText } from '../../files/src/locks/lock-file.ts';
import { deadRun } from '../../files/test/store-files.ts';
import { saveSidecarData } from '../src/operations/save.ts';
import { FACE, names, treeMaker } from './convert-fixture.ts';
import { converted, stored } from './convert-trees.ts';

const rootWith = treeMaker();
const LOCK = '.tandem-lock';

describe('what a convert left that was killed between the listing of its folder and the taking of its lock', () => {
  const LEFT = lockText(deadRun(), { operation: 'convert', unfinished: 'bin' });
  const SCRATCH = scratchName(deadRun().id, 3);

  test.each([
    // A run sweeps the root before it enters the folder, which it has listed by then.
    ['in a folder without other work', {}, (step: FileStep) => step.path.endsWith(SCRATCH)],
    ['in a folder with other work', { 'a/2.bin': stored(FACE, 'bin') }, isLockOf('a')],
  ])('%s stays on record, so that a save does not make two documents', async (_, more, isMoment) => {
    const root = rootWith({ 'a/IMG.json': FACE, 'a/IMG.jpg': '', [SCRATCH]: '', ...more });
    let isKilled = false;
    const steps = jobSteps((step) => {
      if (isKilled || !isMoment(step)) return;
      isKilled = true;
      writeFileSync(`${root}/a/IMG.bin`, stored(FACE, 'bin'), 'latin1');
      writeFileSync(`${root}/a/${LOCK}`, LEFT);
    });
    await converted({ input: root, format: 'json' }, steps);
    expect(isKilled).toBe(true);
    expect(readFileSync(`${root}/a/${LOCK}`, 'utf8')).toBe(LEFT);
    await saveSidecarData(`${root}/a/IMG.jpg`, 'yolov8', 1);
    expect(names(root).filter((name) => name.startsWith('a/IMG.'))).toEqual(['a/IMG.bin', 'a/IMG.jpg']);
    // The next convert finishes what is left, and the record goes.
    await converted({ input: root, format: 'json' });
    expect(names(root).filter((name) => name.startsWith('a/') && !name.includes('2'))).toEqual([
      'a/IMG.jpg',
      'a/IMG.json',
    ]);
  });
});

/** Whether a step begins to take the lock of a folder. */
function isLockOf(folder: string): (step: FileStep) => boolean {
  return ({ what, path }) => what === 'create' && path.includes(`/${folder}/.tandem-`) && path.endsWith('-0');
}
