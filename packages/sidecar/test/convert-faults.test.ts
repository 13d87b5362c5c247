import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jobSteps } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import { failingWith } from '../../files/test/failing-steps.ts';
import { temporaryFolder, treeOf } from '../../files/test/store-files.ts';
import { FACE, meddling, names, row, treeMaker } from './convert-fixture.ts';
import { converted, stored } from './convert-trees.ts';

const base = temporaryFolder();
const rootWith = treeMaker();

describe('sources', () => {
  const later = '{"face_detection":[9],"later":true}';
  const sameSize = stored(FACE.replace('2', '3'), 'bin');

  test.each([
    ['before they are placed', 'create', '-1'],
    // The first step after the proof; the removal checks the source once more.
    ['between placing and removal', 'append', ''],
  ] as const)('that change %s stay, and no target is left', async (_when, what, on) => {
    const root = rootWith({ 'a.json': FACE });
    const steps = meddling(what, on, () => writeFileSync(`${root}/a.json`, later));
    const { rows, totals } = await converted({ input: root, format: 'bin' }, steps);
    expect(rows[0]).toMatchObject({ status: 'failed', error_code: 'ERR_TANDEM_CHANGED', bytes_after: null });
    expect(totals).toMatchObject({ converted: 0, failed: 1, bytes_after: 0 });
    expect(treeOf(root)).toEqual(new Map([['a.json', later]]));
  });

  test('that change before they are replaced stay', async () => {
    const root = rootWith({ 'a.bin': stored(FACE, 'legacy') });
    const steps = meddling('create', '-1', () => writeFileSync(`${root}/a.bin`, later));
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(rows[0]?.error_code).toBe('ERR_TANDEM_CHANGED');
    expect(treeOf(root)).toEqual(new Map([['a.bin', later]]));
  });

  test.skipIf(process.platform === 'win32')(
    'that change without a new time or size are recognized as changed',
    async () => {
      const root = rootWith({ 'a.json': FACE });
      const ofItsTime = join(base, 'of-its-time');
      const steps = meddling('write', '-1', () => {
        execFileSync('touch', ['-r', `${root}/a.json`, ofItsTime]);
        writeFileSync(`${root}/a.json`, FACE.replace('2', '3'));
        execFileSync('touch', ['-r', ofItsTime, `${root}/a.json`]);
      });
      const { rows } = await converted({ input: root, format: 'bin' }, steps);
      expect(rows[0]?.error_code).toBe('ERR_TANDEM_CHANGED');
      expect(names(root)).toEqual(['a.json']);
    },
  );

  test('that vanish leave nothing of the run', async () => {
    const root = rootWith({ 'a.json': FACE, 'sub/b.json': FACE });
    const steps = meddling('create', '-1', () => unlinkSync(`${root}/a.json`));
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(row(rows, 'a.json').error_code).toBe('ERR_TANDEM_NOT_FOUND');
    expect(names(root)).toEqual(['sub/b.bin']);
  });

  test('whose folder is moved away during the run stay whole there', async () => {
    const root = rootWith({ 'a.json': FACE, 'sub/b.json': FACE });
    const away = join(base, 'away');
    const steps = meddling('create', '-2', () => renameSync(`${root}/sub`, away));
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(row(rows, 'b.json').error_code).toBe('ERR_TANDEM_NOT_FOUND');
    // The lock of the folder went with it, and is dead once this process has ended.
    expect([...treeOf(away)].filter(([name]) => name !== '.tandem-lock')).toEqual([['b.json', FACE]]);
    expect(names(root)).toEqual(['a.bin']);
  });

  test.each([
    ['is gone', (target: string) => unlinkSync(target), null],
    ['has other content', (target: string) => writeFileSync(target, later), later],
    ['is another file', (target: string) => replaceBy(target, later), later],
    ['has other bytes of its size', (target: string) => writeFileSync(target, sameSize, 'latin1'), sameSize],
    ['is another file of its size', (target: string) => replaceBy(target, sameSize), sameSize],
  ] as const)('stay where their target %s before they are removed', async (_when, meddle, left) => {
    const root = rootWith({ 'a.json': FACE });
    const steps = meddling('append', '', () => meddle(`${root}/a.bin`));
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(rows[0]).toMatchObject({
      status: 'failed',
      error_code: 'ERR_TANDEM_TARGET_CHANGED',
      from: 'json',
      target_path: `${root}/a.bin`,
      bytes_before: FACE.length,
      bytes_after: null,
    });
    const target: [string, string][] = left === null ? [] : [['a.bin', left]];
    expect([...treeOf(root)]).toEqual([...target, ['a.json', FACE]]);
  });

  test('that vanish while their staged file is synced leave nothing', async () => {
    const root = rootWith({ 'a.json': FACE });
    const steps = meddling('sync', '-1', () => unlinkSync(`${root}/a.json`));
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(rows[0]?.error_code).toBe('ERR_TANDEM_NOT_FOUND');
    expect(names(root)).toEqual([]);
  });

  test('are removed where their target is another file with the same bytes', async () => {
    const root = rootWith({ 'a.json': FACE });
    const steps = meddling('append', '', () => replaceBy(`${root}/a.bin`, stored(FACE, 'bin')));
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(rows[0]?.status).toBe('converted');
    expect([...treeOf(root)]).toEqual([['a.bin', stored(FACE, 'bin')]]);
  });

  test('that another program removes after the placing live on in their target', async () => {
    const root = rootWith({ 'a.json': FACE });
    const steps = jobSteps((step) => {
      if (step.what === 'append') unlinkSync(`${root}/a.json`);
    });
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(rows[0]?.status).toBe('converted');
    expect(names(root)).toEqual(['a.bin']);
  });
});

/** Like a program that writes by a rename. */
function replaceBy(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, 'latin1');
  renameSync(`${path}.new`, path);
}

test('an existing scratch name is skipped', async () => {
  const root = rootWith({ 'a.json': FACE });
  let taken = '';
  const steps = jobSteps(({ what, path }) => {
    if (taken !== '' || what !== 'create' || !path.endsWith('-1')) return;
    taken = path;
    writeFileSync(path, 'of another engine');
  });
  const { rows } = await converted({ input: root, format: 'bin' }, steps);
  expect(rows[0]?.status).toBe('converted');
  expect(readFileSync(taken, 'utf8')).toBe('of another engine');
  expect(readFileSync(`${root}/a.bin`, 'latin1')).toBe(stored(FACE, 'bin'));
});

describe('a disk that fails', () => {
  test.each(['create', 'write', 'attributes', 'sync', 'link', 'sync-folder', 'unlink'] as const)(
    'at %s fails those files, leaves only their sources, and the rest is converted',
    async (what) => {
      const root = rootWith({
        'a.json': FACE,
        'b/b.json': FACE,
        'c.bin': stored(FACE, 'legacy'),
        'd.json': FACE,
      });
      const steps = failingWith(
        'ENOSPC',
        (step) => step.what === what && /\/b\/(?!.*journal)/.test(`${step.path}/`),
      );
      const { rows } = await converted({ input: root, format: 'bin' }, steps);
      expect(row(rows, 'b.json')).toMatchObject({ status: 'failed', error_code: 'ERR_TANDEM_NO_SPACE' });
      const left = names(root).filter((name) => !name.includes('.tandem-'));
      // Nothing can be cleaned up where nothing can be removed.
      if (what !== 'unlink') expect(names(root)).toEqual(left);
      expect(left.filter((name) => name !== 'b/b.bin')).toEqual(['a.bin', 'b/b.json', 'c.bin', 'd.bin']);
      if (what !== 'unlink') expect(left).not.toContain('b/b.bin');
      expect(readFileSync(`${root}/b/b.json`, 'latin1')).toBe(FACE);
      expect(readFileSync(`${root}/c.bin`, 'latin1')).toBe(stored(FACE, 'bin'));
    },
  );

  test('leaves a target whose source another program removed: it may be the last copy', async () => {
    const root = rootWith({ 'a.json': FACE });
    const steps = jobSteps(({ what }) => {
      if (what !== 'sync-folder') return;
      unlinkSync(`${root}/a.json`);
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
    });
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(rows[0]).toMatchObject({ status: 'failed', error_code: 'ERR_TANDEM_UNWRITABLE' });
    expect(treeOf(root)).toEqual(new Map([['a.bin', stored(FACE, 'bin')]]));
  });

  test('after a file was replaced leaves the new file', async () => {
    const root = rootWith({ 'a.bin': stored(FACE, 'legacy') });
    const steps = failingWith('EIO', ({ what }) => what === 'sync-folder');
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(rows[0]).toMatchObject({ status: 'failed', error_code: 'ERR_TANDEM_UNWRITABLE' });
    expect(treeOf(root)).toEqual(new Map([['a.bin', stored(FACE, 'bin')]]));
  });

  test('with other bytes in the staged file replaces no file', async () => {
    const legacy = stored(FACE, 'legacy');
    const root = rootWith({ 'a.bin': legacy });
    const steps = jobSteps(({ what, path }) => {
      if (what === 'sync' && path.endsWith('-1')) appendFileSync(path, 'x');
    });
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(rows[0]?.error_code).toBe('ERR_TANDEM_PROOF_FAILED');
    expect(treeOf(root)).toEqual(new Map([['a.bin', legacy]]));
  });

  test('leaves a file that another program put in place of a target', async () => {
    const root = rootWith({ 'a.json': FACE });
    const steps = meddling('sync-folder', '/', () => replaceBy(`${root}/a.bin`, 'mine'));
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(rows[0]?.error_code).toBe('ERR_TANDEM_PROOF_FAILED');
    expect(treeOf(root)).toEqual(
      new Map([
        ['a.bin', 'mine'],
        ['a.json', FACE],
      ]),
    );
  });

  test('with other bytes in the target removes no source', async () => {
    const root = rootWith({ 'a.json': FACE });
    const steps = meddling('sync-folder', '/', () => appendFileSync(`${root}/a.bin`, 'x'));
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(rows[0]?.error_code).toBe('ERR_TANDEM_PROOF_FAILED');
    expect(treeOf(root)).toEqual(new Map([['a.json', FACE]]));
  });
});
