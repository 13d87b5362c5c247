import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { claimText, type FileStep, type FileSteps, newRun } from '@tandem/files';
import { jobSteps } from '@tandem/job';
import { describe, expect, it } from 'vitest';
import { failingWith } from '../../files/test/failing-steps.ts';
import type { CleanupReport } from '../src/generated/reports.ts';
import { cleanupWith } from '../src/operations/cleanup.ts';
import { purge } from '../src/operations/purge.ts';
import { quarantinedRuns, undoWith } from '../src/operations/undo.ts';
import { MANIFEST } from '../src/store/manifest.ts';
import { cleaned, folderMaker, outcomes, SIDECAR, scratchIn, undone } from './cleanup-trees.ts';
import { meddling } from './convert-fixture.ts';

const folderWith = folderMaker();
const FILES = { 'A.jpg': 'x', 'B.json': SIDECAR, 'sub/C.json': SIDECAR };
const QUARANTINE = '.tandem-quarantine';

/** The id of a run whose process is gone. */
function deadRun(): string {
  return newRun().id.replace(`-${process.pid}-`, '-4194301-');
}

async function cleanedBy(input: string, steps: FileSteps): Promise<CleanupReport> {
  return (await cleanupWith({ input }, steps)).collect();
}

/** The lines of the manifest of the only run. */
function manifestIn(folder: string): Record<string, unknown>[] {
  const [run = ''] = quarantinedRuns(folder);
  const text = readFileSync(join(folder, QUARANTINE, run, MANIFEST), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a cleanup', () => {
  it('makes no run where no file can be moved after all', async () => {
    const folder = folderWith(FILES);
    const made: string[] = [];
    const steps = jobSteps(({ what, path }) => what === 'mkdir' && made.push(path));
    const run = await cleanupWith({ input: folder }, steps);
    // Between the plan and the moves.
    for (const name of ['B.json', 'sub/C.json']) writeFileSync(join(folder, name), `${SIDECAR} `);
    const plain = await run.collect();
    expect([plain.moved, made]).toEqual([0, []]);
    expect(plain.left).toEqual({ changed: 2 });
  });

  it('lists in its manifest the files that were not moved', async () => {
    const folder = folderWith(FILES);
    const refuses = ({ what, path }: FileStep): boolean => what === 'rename' && path.endsWith('sub/C.json');
    const report = await cleanedBy(folder, failingWith('EACCES', refuses));
    expect(outcomes(folder, report.results)).toEqual({
      'B.json': 'moved',
      'sub/C.json': 'ERR_TANDEM_UNWRITABLE',
    });
    expect(manifestIn(folder).at(-1)).toEqual({
      stored: '00000002.json',
      not_moved: 'ERR_TANDEM_UNWRITABLE',
    });
  });

  it('syncs the quarantine and each folder that lost a file', async () => {
    const folder = folderWith({ ...FILES, 'sub/D.json': SIDECAR, 'other/E.jpg': '' });
    const steps: FileStep[] = [];
    const report = await cleanedBy(
      folder,
      jobSteps((step) => steps.push(step)),
    );
    const last = steps.findLastIndex(({ what, path }) => what === 'rename' && path.endsWith('.json'));
    const synced = steps.slice(last).flatMap(({ what, path }) => (what === 'sync-folder' ? [path] : []));
    expect(synced).toEqual([`${folder}/${QUARANTINE}/${report.run}/`, `${folder}/`, `${folder}/sub/`]);

    const undoing: FileStep[] = [];
    const undo = await undoWith(
      { input: folder },
      jobSteps((step) => undoing.push(step)),
    );
    expect(await undo.collect()).toMatchObject({ restored: 3 });
    const placed = undoing.findLastIndex(({ what, to }) => what === 'link' && to?.endsWith('D.json'));
    const settled = undoing.slice(placed).flatMap(({ what, path }) => (what === 'sync-folder' ? [path] : []));
    expect(settled.slice(0, 3)).toEqual([
      `${folder}/`,
      `${folder}/sub/`,
      `${folder}/${QUARANTINE}/${report.run}/`,
    ]);
  });

  it('leaves a file that vanishes right before its move', async () => {
    const folder = folderWith(FILES);
    const report = await cleanedBy(
      folder,
      meddling('rename', '/00000001.json', () => rmSync(join(folder, 'B.json'))),
    );
    expect(outcomes(folder, report.results)).toEqual({ 'B.json': 'changed', 'sub/C.json': 'moved' });
    expect(manifestIn(folder).at(-1)).toEqual({ stored: '00000001.json', not_moved: 'changed' });
  });

  it('says where a file is that cannot go back to its image', async () => {
    const folder = folderWith(FILES);
    const steps = jobSteps(({ what, path, to = '' }) => {
      if (what === 'rename' && path.endsWith('B.json')) writeFileSync(join(folder, 'B.jpg'), '');
      if (what === 'link' && to.endsWith('B.json')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
    });
    const report = await cleanedBy(folder, steps);
    expect(report.results[0]).toMatchObject({
      status: 'failed',
      hint: 'its image came back: this one is in the quarantine, as 00000001.json',
    });
    rmSync(join(folder, 'B.jpg'));
    expect(await undone(folder)).toMatchObject({ restored: 2 });
  });

  it('that is stopped at any look at its signal reports what it moved, and leaves the rest', async () => {
    const outcomes = new Set<string>();
    for (let looks = 0, isComplete = false; !isComplete; looks++) {
      const folder = folderWith({ ...FILES, 'D.json': SIDECAR });
      const orphans = ['B.json', 'D.json', 'sub/C.json'].map((name) => join(folder, name));
      let asked = 0;
      const { signal } = new AbortController();
      Object.defineProperty(signal, 'aborted', { get: () => ++asked > looks });
      const run = await cleanupWith({ input: folder, signal }, jobSteps());
      const { moved = 0, complete, results } = await run.collect();
      expect(results.filter(({ status }) => status === 'moved')).toHaveLength(moved);
      const gone = orphans.filter((path) => !existsSync(path));
      expect(results.map(({ sidecar_path }) => sidecar_path)).toEqual(gone);
      outcomes.add(`${moved} ${complete}`);
      isComplete = complete;
    }
    expect([...outcomes]).toEqual(['0 false', '1 false', '2 false', '3 true']);
  });

  it('continues if a folder vanishes after its last file was moved', async () => {
    const folder = folderWith(FILES);
    const steps = jobSteps(({ what, path }) => {
      if (what === 'sync-folder' && path === `${folder}/sub/`) rmSync(path, { recursive: true });
    });
    expect(await cleanedBy(folder, steps)).toMatchObject({ moved: 2, failed: 0 });
  });

  it('removes the folder of a run that was killed before its manifest', async () => {
    const folder = folderWith(FILES);
    mkdirSync(join(folder, QUARANTINE, '20240501T101500Z-1a2b'), { recursive: true });
    await cleaned(folder);
    await undone(folder);
    expect(scratchIn(folder)).toEqual([]);
  });
});

describe('an undo', () => {
  it('completes one that was killed between the two names of a file', async () => {
    const folder = folderWith(FILES);
    const { run } = await cleaned(folder);
    linkSync(join(folder, QUARANTINE, run ?? '', '00000001.json'), join(folder, 'B.json'));
    const { results } = await undone(folder);
    expect(outcomes(folder, results)).toEqual({ 'B.json': 'restored', 'sub/C.json': 'restored' });
    expect(statSync(join(folder, 'B.json')).nlink).toBe(1);
  });

  it('takes a name from the claim of a dead run, and from no other file', async () => {
    const folder = folderWith(FILES);
    await cleaned(folder);
    writeFileSync(join(folder, 'B.json'), claimText(deadRun()));
    writeFileSync(join(folder, 'sub/C.json'), '{}');
    const { results } = await undone(folder);
    expect(outcomes(folder, results)).toEqual({
      'B.json': 'restored',
      'sub/C.json': 'ERR_TANDEM_TARGET_EXISTS',
    });
    expect(results[1]).toMatchObject({
      error: `${join(folder, 'sub/C.json')} already exists with other content`,
      hint: 'compare the two and remove or rename one',
    });
    expect(readFileSync(join(folder, 'B.json'), 'utf8')).toBe(SIDECAR);
  });

  it('leaves a file whose folder is no longer a folder', async () => {
    const folder = folderWith(FILES);
    await cleaned(folder);
    rmSync(join(folder, 'sub'), { recursive: true });
    writeFileSync(join(folder, 'sub'), '');
    const { results } = await undone(folder);
    expect(outcomes(folder, results)).toEqual({ 'B.json': 'restored', 'sub/C.json': 'ERR_TANDEM_CHANGED' });
  });

  it('removes the scratch of a dead run in the folders that it enters', async () => {
    const folder = folderWith(FILES);
    await cleaned(folder);
    const left = join(folder, 'sub', `.tandem-${deadRun()}-0`);
    writeFileSync(left, '');
    await undone(folder);
    expect(existsSync(left)).toBe(false);
  });

  it('orders runs with the same time, which older versions did not number, by name', async () => {
    const folder = folderWith({ 'A.jpg': '' });
    const runs = ['20240501T101500Z-1a2b', '20240501T101500Z-9a2b', '20240501T101500Z-5a2b'];
    for (const run of runs) {
      mkdirSync(join(folder, QUARANTINE, run), { recursive: true });
      const header = { tandem: 'quarantine', version: 1, run, created_at: '2024-05-01T10:15:00.000Z' };
      writeFileSync(join(folder, QUARANTINE, run, MANIFEST), `${JSON.stringify(header)}\n`);
    }
    expect(quarantinedRuns(folder)).toEqual(runs.toSorted().toReversed());
  });
});

it('a purge does not report a stored file that is gone', async () => {
  const folder = folderWith(FILES);
  const { run } = await cleaned(folder);
  rmSync(join(folder, QUARANTINE, run ?? '', '00000001.json'));
  const report = await (await purge({ input: folder, all: true })).collect();
  expect(outcomes(folder, report.results)).toEqual({ 'sub/C.json': 'removed' });
  expect(readdirSync(folder)).toEqual(['A.jpg', 'sub']);
});
