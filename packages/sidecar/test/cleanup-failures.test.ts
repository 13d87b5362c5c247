import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { jobSteps } from '@tandem/job';
import { describe, expect, it } from 'vitest';
import { cleanupWith } from '../src/operations/cleanup.ts';
import { cleaned, error, folderMaker, SIDECAR, snapshot, undone } from './cleanup-trees.ts';

const folderWith = folderMaker();

describe('a move that fails', () => {
  it.each([
    ['EXDEV', 'ERR_TANDEM_UNWRITABLE', /another file system/],
    ['EACCES', 'ERR_TANDEM_UNWRITABLE', /write permission/],
    ['ENOSPC', 'ERR_TANDEM_NO_SPACE', /free some space/],
  ])('with %s gives a row, and the file stays', async (errno, code, hint) => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR, 'C.json': SIDECAR });
    const steps = jobSteps(({ what, path }) => {
      if (what === 'rename' && path.endsWith('B.json'))
        throw Object.assign(new Error(errno), { code: errno });
    });
    const { results } = await (await cleanupWith({ input: folder }, steps)).collect();
    expect(results).toEqual([
      expect.objectContaining({
        status: 'failed',
        error_code: code,
        hint: expect.stringMatching(hint),
        stored_path: null,
      }),
      expect.objectContaining({ status: 'moved' }),
    ]);
    expect(readFileSync(join(folder, 'B.json'), 'utf8')).toBe(SIDECAR);
  });

  it('because the manifest cannot be written moves nothing and ends the run', async () => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR });
    const before = snapshot(folder);
    const steps = jobSteps(({ what, path }) => {
      if (what === 'write' && path.endsWith('.jsonl'))
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    });
    const report = await cleanupWith({ input: folder }, steps);
    await expect(report.collect()).rejects.toThrow(error('NO_SPACE'));
    expect(existsSync(join(folder, '.tandem-lock'))).toBe(false);
    await undone(folder);
    expect(snapshot(folder)).toEqual(before);
  });

  it('because the quarantine is a link does not follow the link', async () => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR, 'other/x.txt': '' });
    symlinkSync('other', join(folder, '.tandem-quarantine'));
    await expect(cleaned(folder)).rejects.toThrow(error('UNWRITABLE'));
    expect(readdirSync(join(folder, 'other'))).toEqual(['x.txt']);
  });

  it('because the run is aborted reports that, and the moved files stay whole', async () => {
    const files = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`gone_${i}.json`, SIDECAR]));
    const folder = folderWith({ 'A.jpg': '', ...files });
    const before = snapshot(folder);
    const abort = new AbortController();
    const steps = jobSteps(({ what, path }) => {
      if (what === 'rename' && path.endsWith('.json')) abort.abort();
    });
    const report = await cleanupWith({ input: folder, maxShare: 100, signal: abort.signal }, steps);
    expect(await report.collect()).toMatchObject({ complete: false, moved: 1 });
    expect(report.stoppedBy?.code).toBe('ERR_TANDEM_ABORTED');
    expect((await undone(folder)).restored).toBe(1);
    expect(snapshot(folder)).toEqual(before);
  });
});
