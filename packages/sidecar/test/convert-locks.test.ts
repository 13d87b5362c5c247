import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { LIMITS } from '@tandem/engine';
import { claimText, type FileStep, folderOf } from '@tandem/files';
import { jobSteps } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import { lockText } from '../../files/src/locks/lock-file.ts';
import { deadRun } from '../../files/test/store-files.ts';
import { ConvertSource } from '../src/convert/convert-source.ts';
import { drain, FACE, meddling, names, requestFor, row, treeMaker } from './convert-fixture.ts';
import { converted } from './convert-trees.ts';

const rootWith = treeMaker();
const LOCK = '.tandem-lock';
/** One file a batch, one batch a group. */
const ONE_BY_ONE = { ...LIMITS, batchWeight: 1, convertGroupFiles: 1, convertGroupBatches: 1 };
/** Groups with files of two folders. */
const BY_FOLDERS = { ...LIMITS, batchWeight: 3, convertGroupFiles: 8, convertGroupBatches: 2 };
const BY_TWOS = { ...ONE_BY_ONE, convertGroupFiles: 2, convertGroupBatches: 64 };
const FILES = { 'a/1.json': FACE, 'a/2.json': FACE, 'a/3.json': FACE, 'b/4.json': FACE, 'b/5.json': FACE };

describe('the lock of a folder', () => {
  const isDocument = ({ path, to = '' }: FileStep): boolean => /\.(json|bin)$/.test(to || path);

  test.each([ONE_BY_ONE, BY_FOLDERS])('is held at every change there, and released once', async (sizes) => {
    const root = rootWith({ ...FILES, 'c/6.json': FACE, 'd/7.json': FACE });
    const without: FileStep[] = [];
    const released: string[] = [];
    const steps = jobSteps((step) => {
      if (isDocument(step) && !existsSync(folderOf(step.path) + LOCK)) without.push(step);
      if (step.what === 'unlink' && step.path.endsWith(LOCK)) released.push(step.path.slice(root.length));
    });
    await drain(new ConvertSource(requestFor(root, 'bin'), steps, null, sizes));
    expect(without).toEqual([]);
    expect(released).toEqual(['a', 'b', 'c', 'd'].map((folder) => `/${folder}/${LOCK}`));
    expect(names(root).filter((name) => name.endsWith('.bin'))).toHaveLength(7);
  });

  test.each([
    { what: 'link', at: `/a/${LOCK}`, sizes: ONE_BY_ONE, locked: [] },
    { what: 'link', at: '/b/4.bin', sizes: ONE_BY_ONE, locked: ['b'] },
    { what: 'unlink', at: '/a/3.json', sizes: BY_TWOS, locked: ['a', 'b'] },
    { what: 'unlink', at: `/a/${LOCK}`, sizes: BY_TWOS, locked: ['a', 'b'] },
  ])(
    'is released by the engine that continues, also when it is cancelled: $what of $at',
    async ({ what, at, sizes, locked }) => {
      const root = rootWith(FILES);
      const request = requestFor(root, 'bin');
      // An engine that dies there: it changes nothing from then on.
      let isDead = false;
      const dying = jobSteps((step) => {
        isDead ||= step.what === what && (step.to ?? step.path).endsWith(at);
        if (isDead) throw new Error('dead');
      });
      await expect(drain(new ConvertSource(request, dying, null, sizes))).rejects.toThrow('dead');
      const locks = (): string[] => names(root).filter((name) => name.endsWith(LOCK));
      expect(locks()).toEqual(locked.map((folder) => `${folder}/${LOCK}`));
      const next = new ConvertSource(request, jobSteps(), null, sizes);
      next.cancel();
      await drain(next);
      expect(locks()).toEqual([]);
    },
  );

  test('says again what a dead run left unfinished, if this run ends in a mistake', async () => {
    const root = rootWith(FILES);
    const left = lockText(deadRun(), { operation: 'convert', unfinished: 'bin' });
    writeFileSync(`${root}/a/${LOCK}`, left);
    const steps = jobSteps(({ what, path }) => {
      if (what === 'write' && path.includes('journal') && existsSync(`${root}/a/1.bin`))
        throw new TypeError('a mistake');
    });
    await expect(drain(new ConvertSource(requestFor(root, 'bin'), steps, null, ONE_BY_ONE))).rejects.toThrow(
      'a mistake',
    );
    expect(readFileSync(`${root}/a/${LOCK}`, 'utf8')).toBe(left);
  });
});

test('a claim of a dead run that became a document meanwhile is kept', async () => {
  const root = rootWith({ 'a.json': FACE, 'a.bin': claimText(deadRun().id) });
  const steps = meddling('sync', '-1', () => writeFileSync(`${root}/a.bin`, 'a document'));
  const { rows } = await converted({ input: root, format: 'bin' }, steps);
  expect(row(rows, 'a.json')).toMatchObject({ status: 'failed', error_code: 'ERR_TANDEM_TARGET_EXISTS' });
  expect(readFileSync(`${root}/a.bin`, 'utf8')).toBe('a document');
  expect(names(root)).toEqual(['a.bin', 'a.json']);
});
