import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { jobSteps } from '@tandem/job';
import { describe, expect, it } from 'vitest';
import { cleanup, cleanupWith } from '../src/operations/cleanup.ts';
import { folderMaker, outcomes, SIDECAR, snapshot, undone, writeTree } from './cleanup-trees.ts';

const folderWith = folderMaker();

describe('the proof before a move', () => {
  /** Cleans up, and changes something between the plan and the moves. */
  async function changing(folder: string, change: () => void): Promise<Record<string, string>> {
    const report = await cleanup({ input: folder });
    change();
    return outcomes(folder, (await report.collect()).results);
  }
  const files = { 'A.jpg': '', 'sub/B.json': SIDECAR, 'sub/C.json': SIDECAR };

  it('finds an image that has come back', async () => {
    const folder = folderWith(files);
    expect(await changing(folder, () => writeFileSync(join(folder, 'sub/b.JPG'), ''))).toEqual({
      'sub/B.json': 'image_found',
      'sub/C.json': 'moved',
    });
  });

  it('finds an image that the document names', async () => {
    const named = '{"sidecar_info":{"operation_type":"yolov8","image_path":"../later/B.jpg"}}';
    const folder = folderWith({ ...files, 'sub/B.json': named });
    const change = () => writeTree(folder, { 'later/B.jpg': '' });
    expect(await changing(folder, change)).toMatchObject({ 'sub/B.json': 'image_elsewhere' });
  });

  it.each([
    ['a file that was written', (path: string) => writeFileSync(path, SIDECAR.replace('[]', '{}'))],
    ['a file that was touched', (path: string) => utimesSync(path, 1, 1)],
    [
      'a file that was replaced',
      (path: string) => {
        writeFileSync(`${path}.x`, SIDECAR);
        utimesSync(`${path}.x`, 1_600_003_600, 1_600_003_600.123456);
        renameSync(`${path}.x`, path);
      },
    ],
    ['a file that was moved away', (path: string) => renameSync(path, `${path}.x`)],
    [
      'a file that became a link',
      (path: string) => {
        renameSync(path, `${path}.x`);
        symlinkSync('B.json.x', path);
      },
    ],
  ])('notices %s', async (_name, change) => {
    const folder = folderWith(files);
    const told = await changing(folder, () => change(join(folder, 'sub/B.json')));
    expect(told).toEqual({ 'sub/B.json': 'changed', 'sub/C.json': 'moved' });
  });

  it('is repeated after the manifest is durable, right before the move', async () => {
    const folder = folderWith(files);
    let synced = false;
    const steps = jobSteps(({ what, path }) => {
      // The sync of the entries: the header is synced before the first write of an entry.
      if (
        what === 'sync' &&
        path.endsWith('manifest.jsonl') &&
        !synced &&
        readFileSync(path, 'utf8').includes('C.json')
      ) {
        synced = true;
        writeFileSync(join(folder, 'sub/B.jpg'), '');
        writeFileSync(join(folder, 'sub/C.json'), '{}');
      }
    });
    const report = await (await cleanupWith({ input: folder }, steps)).collect();
    expect(outcomes(folder, report.results)).toEqual({
      'sub/B.json': 'image_found',
      'sub/C.json': 'changed',
    });
    expect(report).toMatchObject({ moved: 0, left: { image_found: 1, changed: 1 } });
    expect(readdirSync(folder).sort()).toEqual(['A.jpg', 'sub']);
    expect(await undone(folder)).toMatchObject({ restored: 0, results: [], runs: [] });
  });

  it.each([
    ['puts back', false, 'changed'],
    ['keeps', true, 'ERR_TANDEM_CHANGED'],
  ])('%s a file that took the name during the move', async (_name, again, outcome) => {
    const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR });
    const path = join(folder, 'B.json');
    const steps = jobSteps((step) => {
      if (step.what === 'rename' && step.path.endsWith('B.json')) writeFileSync(path, 'new');
      if (again && step.what === 'link' && step.to?.endsWith('B.json')) writeFileSync(path, 'newer');
    });
    const { results } = await (await cleanupWith({ input: folder }, steps)).collect();
    expect(outcomes(folder, results)).toEqual({ 'B.json': outcome });
    expect(readFileSync(path, 'utf8')).toBe(again ? 'newer' : 'new');
    // The file that could not be put back is not lost: it is in the quarantine, and its row says where.
    expect([...snapshot(folder).values()].filter((text) => text.endsWith(' new')).length).toBe(1);
  });

  it('reads a folder again for each group', async () => {
    const orphans = Array.from({ length: 2100 }, (_, i) => [`gone_${i + 1000}.json`, SIDECAR] as const);
    const folder = folderWith({ 'A.jpg': '', ...Object.fromEntries(orphans) });
    let moved = 0;
    const steps = jobSteps(({ what, path }) => {
      if (what === 'rename' && path.endsWith('.json') && ++moved === 2048)
        writeFileSync(join(folder, 'gone_3099.jpg'), '');
    });
    const report = await (await cleanupWith({ input: folder, maxShare: 100 }, steps)).collect();
    expect(report).toMatchObject({ moved: 2099, left: { image_found: 1 } });
    expect(existsSync(join(folder, 'gone_3099.json'))).toBe(true);
  });

  it('notices a folder that vanished during the run', async () => {
    const folder = folderWith(files);
    expect(await changing(folder, () => renameSync(join(folder, 'sub'), join(folder, 'sub2')))).toEqual({
      'sub/B.json': 'changed',
      'sub/C.json': 'changed',
    });
  });
});
