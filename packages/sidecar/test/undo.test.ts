import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { jobSteps } from '@tandem/job';
import { describe, expect, it, vi } from 'vitest';
import { purge } from '../src/operations/purge.ts';
import { quarantinedRuns, undo, undoWith } from '../src/operations/undo.ts';
import {
  cleaned,
  error,
  folderMaker,
  outcomes,
  SIDECAR,
  scratchIn,
  snapshot,
  type UndoReport,
  undone,
  writeTree,
} from './cleanup-trees.ts';
import { stored } from './convert-trees.ts';

const folderWith = folderMaker();
const FILES = { 'A.jpg': 'x', 'B.json': SIDECAR, 'sub/deep/C.jpg.json': SIDECAR, 'sub/D.json': SIDECAR };

async function purged(input: string, options: { run?: string; all?: boolean }): Promise<UndoReport> {
  return (await purge({ input, ...options })).collect();
}

describe('undo', () => {
  it('restores the last run, or the named one', async () => {
    const folder = folderWith(FILES);
    const before = snapshot(folder);
    const first = (await cleaned(folder)).run ?? '';
    writeTree(folder, { 'E.json': SIDECAR });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const second = (await cleaned(folder)).run ?? '';
    expect(quarantinedRuns(folder)).toEqual([second, first]);
    expect(await undone(folder)).toMatchObject({ runs: [second], restored: 1, failed: 0 });
    expect(await undone(folder, first)).toMatchObject({ runs: [first], restored: 3 });
    rmSync(join(folder, 'E.json'));
    expect(snapshot(folder)).toEqual(before);
    expect(scratchIn(folder)).toEqual([]);
    expect(await undone(folder)).toMatchObject({ runs: [], restored: 0, results: [] });
    await expect(undo({ input: folder, run: first })).rejects.toThrow(error('NO_SUCH_RUN'));
    await expect(undo({ input: folder, run: '../..' })).rejects.toThrow(error('NO_SUCH_RUN'));
  });

  it('takes the last of many runs within a second, also after the clock was set back', async () => {
    const folder = folderWith({ 'A.jpg': 'x' });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 5, 1) });
    const runs: string[] = [];
    try {
      for (let n = 0; n < 12; n++) {
        if (n === 8) vi.setSystemTime(Date.UTC(2025, 0, 1));
        writeTree(folder, { [`S${n}.json`]: SIDECAR });
        runs.unshift((await cleaned(folder)).run ?? '');
      }
    } finally {
      vi.useRealTimers();
    }
    expect(quarantinedRuns(folder)).toEqual(runs);
    for (let n = 11; n >= 0; n--) {
      expect(outcomes(folder, (await undone(folder)).results)).toEqual({ [`S${n}.json`]: 'restored' });
      rmSync(join(folder, `S${n}.json`));
    }
  });

  it('takes runs of older versions, which have no number, as older than others, ordered by time', async () => {
    const folder = folderWith({ 'A.jpg': 'x' });
    const runs: string[] = [];
    for (const n of [0, 1, 2, 3]) {
      writeTree(folder, { [`S${n}.json`]: SIDECAR });
      runs.push((await cleaned(folder)).run ?? '');
    }
    const [a, b, c, d] = runs as [string, string, string, string];
    const rewrite = (run: string, header: Readonly<Record<string, unknown>>) => {
      const path = join(folder, '.tandem-quarantine', run, 'manifest.jsonl');
      const [first = '', ...rest] = readFileSync(path, 'utf8').split('\n');
      const { sequence: _, ...older } = JSON.parse(first) as Record<string, unknown>;
      writeFileSync(path, [JSON.stringify({ ...older, ...header }), ...rest].join('\n'));
    };
    rewrite(b, { created_at: '2026-01-01T00:00:00.002Z' });
    rewrite(c, { created_at: '2026-01-01T00:00:00.001Z' });
    rewrite(d, { created_at: '2036-01-01T00:00:00.000Z', sequence: 'many' });
    expect(quarantinedRuns(folder)).toEqual([a, d, b, c]);
    // Without a readable header, only the second in the name is known.
    writeFileSync(join(folder, '.tandem-quarantine', d, 'manifest.jsonl'), '{"tandem"');
    expect(quarantinedRuns(folder)[0]).toBe(a);
    expect(new Set(quarantinedRuns(folder))).toEqual(new Set(runs));
  });

  it('creates missing folders', async () => {
    const folder = folderWith(FILES);
    const before = snapshot(folder);
    await cleaned(folder);
    rmSync(join(folder, 'sub'), { recursive: true });
    expect((await undone(folder)).restored).toBe(3);
    expect(snapshot(folder)).toEqual(before);
  });

  it('never replaces an existing file', async () => {
    const folder = folderWith(FILES);
    const { run } = await cleaned(folder);
    writeFileSync(join(folder, 'B.json'), 'mine');
    writeFileSync(join(folder, 'sub/D.json'), SIDECAR);
    const report = await undone(folder);
    expect(outcomes(folder, report.results)).toEqual({
      'B.json': 'ERR_TANDEM_TARGET_EXISTS',
      'sub/D.json': 'already',
      'sub/deep/C.jpg.json': 'restored',
    });
    expect(report).toMatchObject({ restored: 1, failed: 1, left: { already: 1 } });
    expect(readFileSync(join(folder, 'B.json'), 'utf8')).toBe('mine');
    expect(quarantinedRuns(folder)).toEqual([run]);
    renameSync(join(folder, 'B.json'), join(folder, 'mine.txt'));
    expect(outcomes(folder, (await undone(folder)).results)).toEqual({
      'B.json': 'restored',
      'sub/D.json': 'already',
    });
    expect(await purged(folder, { all: true })).toMatchObject({ removed: 1 });
    expect(scratchIn(folder)).toEqual([]);
  });

  it('makes no second document of a sidecar, and restores those that were two before', async () => {
    const folder = folderWith({
      'A.jpg': 'x',
      'B.json': SIDECAR,
      'C.json': SIDECAR,
      'C.bin': Buffer.from(stored(SIDECAR, 'bin'), 'latin1'),
      'D.json': SIDECAR,
      'D.bin': 'broken, and left where it is',
    });
    const before = snapshot(folder);
    await cleaned(folder);
    // Made again in the meantime, in another format.
    await new Promise((resolve) => setTimeout(resolve, 20));
    writeFileSync(join(folder, 'B.bin'), stored(SIDECAR, 'bin'));
    expect(await undone(folder)).toMatchObject({ restored: 3, failed: 0, left: { sidecar_exists: 1 } });
    expect(existsSync(join(folder, 'B.json'))).toBe(false);
    rmSync(join(folder, 'B.bin'));
    expect(await undone(folder)).toMatchObject({ restored: 1, failed: 0, left: {} });
    expect(snapshot(folder)).toEqual(before);
  });

  it('does not restore a file that is not the one that was stored', async () => {
    const folder = folderWith(FILES);
    const { run } = await cleaned(folder);
    const stored = join(folder, '.tandem-quarantine', run ?? '', '00000001.json');
    writeFileSync(stored, SIDECAR.replace('faces', 'feces'));
    const report = await undone(folder);
    expect(outcomes(folder, report.results)).toMatchObject({
      'B.json': 'ERR_TANDEM_PROOF_FAILED',
      'sub/D.json': 'restored',
    });
    expect(existsSync(stored)).toBe(true);
    expect(existsSync(join(folder, 'B.json'))).toBe(false);
  });

  it('reports a file that is missing in both places', async () => {
    const folder = folderWith(FILES);
    const { run } = await cleaned(folder);
    rmSync(join(folder, '.tandem-quarantine', run ?? '', '00000002.json'));
    expect((await undone(folder)).left).toEqual({ missing: 1 });
  });

  it('follows no link and no path out of the folder', async () => {
    const folder = folderWith(FILES);
    const outside = folderWith({ 'x.txt': '' });
    const { run } = await cleaned(folder);
    rmSync(join(folder, 'sub'), { recursive: true });
    symlinkSync(outside, join(folder, 'sub'));
    const manifest = join(folder, '.tandem-quarantine', run ?? '', 'manifest.jsonl');
    const evil = { stored: '00000001.json', path: '../../evil.json', size: 1, sha256: '0'.repeat(64) };
    appendFileSync(
      manifest,
      `${JSON.stringify(evil)}\n${JSON.stringify({ ...evil, stored: '../x' })}\nno JSON\n`,
    );
    const report = await undone(folder);
    expect(report.results.map(({ status, error_code }) => error_code ?? status)).toEqual([
      'restored',
      'ERR_TANDEM_CHANGED',
      'ERR_TANDEM_CHANGED',
      'ERR_TANDEM_READ_FAILED',
      'ERR_TANDEM_READ_FAILED',
      'ERR_TANDEM_READ_FAILED',
    ]);
    expect(readdirSync(outside)).toEqual(['x.txt']);
  });

  it('works without hard links', async () => {
    const folder = folderWith(FILES);
    const before = snapshot(folder);
    await cleaned(folder);
    const steps = jobSteps(({ what, to }) => {
      if (what === 'link' && to?.endsWith('.json'))
        throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    });
    expect((await (await undoWith({ input: folder }, steps)).collect()).restored).toBe(3);
    expect(snapshot(folder)).toEqual(before);
  });
});

describe('purge', () => {
  it('removes the files that the manifest names, and nothing else', async () => {
    const folder = folderWith(FILES);
    const { run } = await cleaned(folder);
    const inRun = join(folder, '.tandem-quarantine', run ?? '');
    writeFileSync(join(inRun, 'mine.txt'), 'mine');
    writeFileSync(join(inRun, '00000002.json'), 'changed');
    expect(await purged(folder, { run: run ?? '' })).toMatchObject({ removed: 2, left: { changed: 1 } });
    expect(readdirSync(inRun).sort()).toEqual(['00000002.json', 'manifest.jsonl', 'mine.txt']);
    rmSync(join(inRun, 'mine.txt'));
    rmSync(join(inRun, '00000002.json'));
    expect(await purged(folder, { all: true })).toMatchObject({ removed: 0 });
    expect(scratchIn(folder)).toEqual([]);
    expect(await undone(folder)).toMatchObject({ restored: 0 });
  });

  it('needs either a run or all', async () => {
    const folder = folderWith(FILES);
    await cleaned(folder);
    await expect(purge({ input: folder })).rejects.toThrow(error('BAD_OPTION'));
    await expect(purge({ input: folder, run: 'x', all: true })).rejects.toThrow(error('BAD_OPTION'));
    await expect(purge({ input: folder, run: 'x' })).rejects.toThrow(error('NO_SUCH_RUN'));
    expect((await undone(folder)).restored).toBe(3);
  });
});

it('a time in the distant past is kept', async () => {
  const folder = folderWith(FILES);
  utimesSync(join(folder, 'B.json'), -1_000_000_000.5, -1_000_000_000.5);
  const before = snapshot(folder);
  expect((await cleaned(folder)).moved).toBe(3);
  await undone(folder);
  expect(snapshot(folder)).toEqual(before);
});
