import { TandemError } from '@tandem/engine';
import { advisoryLock, JOB_STEPS, jobSteps } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import { lockText } from '../../files/src/locks/lock-file.ts';
import { failingWith } from '../../files/test/failing-steps.ts';
import { deadRun } from '../../files/test/store-files.ts';
import { thrownBy } from '../../files/test/thrown-by.ts';
import { finishInterrupted } from '../src/store/finish-interrupted.ts';
import { FACE, names, treeMaker } from './convert-fixture.ts';
import { stored } from './convert-trees.ts';

const rootWith = treeMaker();
const LIMITS = { maxSize: 1 << 20, maxDepth: 64 };
const DEAD = lockText(deadRun(), { operation: 'convert', unfinished: 'bin' });
const JUDGE = { now: Date.now, advisoryLock };

describe('an interrupted convert', () => {
  const PAIR = { 'IMG.json': FACE, 'IMG.bin': stored(FACE, 'bin'), '.tandem-lock': DEAD };
  const paths = (root: string): string[] => ['IMG.bin', 'IMG.json'].map((name) => `${root}/${name}`);

  test('is completed where the target is a sidecar of the image and has the same content', () => {
    const root = rootWith(PAIR);
    const [bin = '', json = ''] = paths(root);
    for (const some of [[], [json], [bin], [json, `${root}/other.bin`]]) {
      expect(finishInterrupted(some, LIMITS, JUDGE, JOB_STEPS)).toBe(false);
    }
    expect(finishInterrupted([bin, json], LIMITS, JUDGE, JOB_STEPS)).toBe(true);
    expect(names(root)).toEqual(['.tandem-lock', 'IMG.bin']);
  });

  test.each([
    ['the source is broken', { 'IMG.json': '{' }],
    ['the target is broken', { 'IMG.bin': 'x' }],
    ['their contents differ', { 'IMG.json': FACE.replace('2', '3') }],
  ])('is left where %s', (_, more) => {
    const root = rootWith({ ...PAIR, ...more });
    expect(finishInterrupted(paths(root), LIMITS, JUDGE, JOB_STEPS)).toBe(false);
    expect(names(root)).toEqual(['.tandem-lock', 'IMG.bin', 'IMG.json']);
  });

  test('is left where the system refuses, and the error names the file', () => {
    const root = rootWith(PAIR);
    const [, json] = paths(root);
    for (const refused of ['sync', 'sync-folder', 'unlink']) {
      const steps = failingWith('EACCES', ({ what }) => what === refused);
      const error = thrownBy(() => finishInterrupted(paths(root), LIMITS, JUDGE, steps));
      expect(error).toBeInstanceOf(TandemError);
      expect(error).toMatchObject({ code: 'ERR_TANDEM_UNWRITABLE', path: json });
    }
    expect(names(root)).toEqual(['.tandem-lock', 'IMG.bin', 'IMG.json']);
  });

  test('is also completed in the working folder', () => {
    const root = rootWith(PAIR);
    const before = process.cwd();
    process.chdir(root);
    try {
      const synced: string[] = [];
      const steps = jobSteps(({ what, path }) => {
        if (what === 'sync-folder') synced.push(path);
      });
      expect(finishInterrupted(['IMG.bin', 'IMG.json'], LIMITS, JUDGE, steps)).toBe(true);
      expect(synced).toEqual(['.']);
    } finally {
      process.chdir(before);
    }
  });
});
