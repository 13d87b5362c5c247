import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JOB_STEPS } from '@tandem/job';
import { describe, expect, it } from 'vitest';
import { acquireLock } from '../../files/src/locks/lock.ts';
import { cleanup } from '../src/operations/cleanup.ts';
import { cleaned, error, folderMaker, SIDECAR, snapshot, undone } from './cleanup-trees.ts';

const folderWith = folderMaker();

describe('a refusal', () => {
  const many = (orphans: number, paired: number): Record<string, string> => ({
    ...Object.fromEntries(Array.from({ length: orphans }, (_, i) => [`gone_${i}.json`, SIDECAR])),
    ...Object.fromEntries(
      Array.from({ length: paired }, (_, i) => [
        [`IMG_${i}.jpg`, ''],
        [`IMG_${i}.json`, SIDECAR],
      ]).flat() as [string, string][],
    ),
  });

  it('ends a cleanup where there are no images', async () => {
    const folder = folderWith({ 'sub/IMG_1.json': SIDECAR });
    const before = snapshot(folder);
    await expect(cleanup({ input: folder })).rejects.toThrow(error('NO_IMAGES'));
    expect(snapshot(folder)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['sub']);
    expect(await cleaned(folder, { dryRun: true })).toMatchObject({
      would_move: 1,
      refusal: { code: 'ERR_TANDEM_NO_IMAGES' },
    });
    expect(await cleaned(folderWith({}))).toMatchObject({ moved: 0 });
  });

  it('ends a cleanup where too many sidecars have no image, from 50 sidecars up', async () => {
    const folder = folderWith(many(11, 39));
    await expect(cleanup({ input: folder })).rejects.toThrow(error('TOO_MANY_ORPHANS'));
    await expect(cleanup({ input: folder, maxShare: 21.9 })).rejects.toThrow(error('TOO_MANY_ORPHANS'));
    // The filter does not hide a missing mount.
    await expect(cleanup({ input: folder, operationType: 'yolov8' })).rejects.toThrow(
      error('TOO_MANY_ORPHANS'),
    );
    expect(existsSync(join(folder, '.tandem-quarantine'))).toBe(false);
    expect(existsSync(join(folder, '.tandem-lock'))).toBe(false);
    expect(await cleaned(folder, { dryRun: true })).toMatchObject({
      would_move: 11,
      refusal: { code: 'ERR_TANDEM_TOO_MANY_ORPHANS' },
    });
    expect((await cleaned(folder, { maxShare: 22 })).moved).toBe(11);
    expect((await cleaned(folderWith(many(10, 40)))).moved).toBe(10);
    expect((await cleaned(folderWith(many(48, 1)))).moved).toBe(48);
  });

  it.each([
    ['a missing folder', { input: '/none/at/all' }, 'INPUT_MISSING'],
    ['a share of 101 %', { input: tmpdir(), maxShare: 101 }, 'BAD_OPTION'],
    ['a share that is not a number', { input: tmpdir(), maxShare: Number.NaN }, 'BAD_OPTION'],
    ['an unknown operation', { input: tmpdir(), operationType: 'x' }, 'UNKNOWN_OPERATION'],
  ])('ends a cleanup with %s', async (_name, options, code) => {
    await expect(cleanup(options)).rejects.toThrow(error(code));
  });

  it('ends the second of two simultaneous runs', async () => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR });
    const first = await cleanup({ input: folder });
    await expect(cleanup({ input: folder })).rejects.toThrow(error('LOCKED'));
    await expect(undone(folder)).rejects.toThrow(error('LOCKED'));
    expect((await first.collect()).moved).toBe(1);
    const lock = acquireLock(`${folder}/.tandem-lock`, 'convert', JOB_STEPS);
    await expect(cleanup({ input: folder })).rejects.toThrow(error('LOCKED'));
    lock.release();
    expect((await cleaned(folder)).moved).toBe(0);
  });
});
