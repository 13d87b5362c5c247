import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileStep, FileSteps } from '@tandem/files';
import { jobSteps, type Report } from '@tandem/job';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cleanup, cleanupWith } from '../src/operations/cleanup.ts';
import { purgeWith } from '../src/operations/purge.ts';
import { undoWith } from '../src/operations/undo.ts';
import {
  type CleanupReport,
  cleaned,
  outcomes,
  SIDECAR,
  snapshot,
  type UndoReport,
  undone,
  writeTree,
} from './cleanup-trees.ts';
import { newFolder } from './scan-trees.ts';

/** Seconds; the time limit of runs whose clock jumps ahead by the same time. */
const LIMIT = 100_000;
const OVER = 1e-9;

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/**
 * Lets the clock jump when a step is about to be taken for the `count`th time, so that the time limit is
 * reached after it.
 */
function timeIsOverAt(count: number, wanted: (step: FileStep) => boolean): FileSteps {
  let seen = 0;
  return jobSteps((step) => {
    if (!wanted(step) || ++seen !== count) return;
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + LIMIT * 1000);
  });
}

function photos(): string {
  const folder = newFolder();
  const orphans = Array.from({ length: 5 }, (_, i) => [`sub/gone_${i}.json`, SIDECAR] as const);
  writeTree(folder, { 'A.jpg': '', ...Object.fromEntries(orphans) });
  return folder;
}

async function stopped<Told extends object>(report: Promise<Report<object, Told>>): Promise<Told> {
  const run = await report;
  const told = await run.collect();
  expect(run.stoppedBy?.code).toBe('ERR_TANDEM_TIMEOUT');
  return told;
}

const isStored = ({ to, path }: FileStep): boolean => `${to ?? ''}${path}`.includes('.tandem-quarantine/');

describe('a time limit in the environment', () => {
  it.each(['TANDEM_TIMEOUT', 'SPORTBALL_RUST_TIMEOUT'])(
    'applies to cleanup, undo and purge: %s',
    async (name) => {
      const folder = photos();
      const before = snapshot(folder);
      vi.stubEnv(name, String(OVER));
      expect(await stopped<CleanupReport>(cleanup({ input: folder }))).toMatchObject({
        moved: 0,
        run: null,
        results: [],
        complete: false,
      });
      expect(snapshot(folder)).toEqual(before);
      vi.unstubAllEnvs();

      const { run } = await cleaned(folder);
      vi.stubEnv(name, String(OVER));
      const steps = jobSteps();
      expect(await stopped(undoWith({ input: folder }, steps))).toMatchObject({
        restored: 0,
        complete: false,
      });
      const all = purgeWith({ input: folder, all: true }, steps);
      expect(await stopped(all)).toMatchObject({ removed: 0, runs: [run], complete: false });
      vi.unstubAllEnvs();
      expect((await undone(folder)).restored).toBe(5);
      expect(snapshot(folder)).toEqual(before);
      expect(readdirSync(folder)).toEqual(['A.jpg', 'sub']);
    },
  );

  it('does not apply to a run with its own limit', async () => {
    vi.stubEnv('TANDEM_TIMEOUT', String(OVER));
    expect(await cleaned(photos(), { timeout: LIMIT })).toMatchObject({ moved: 5, complete: true });
  });

  it('that is invalid refuses the run, and nothing is locked', async () => {
    const folder = photos();
    vi.stubEnv('TANDEM_TIMEOUT', 'soon');
    const steps = jobSteps();
    for (const run of [cleanup({ input: folder }), undoWith({ input: folder }, steps)]) {
      await expect(run).rejects.toThrow("TANDEM_TIMEOUT: invalid time limit: 'soon'");
    }
    expect(readdirSync(folder)).toEqual(['A.jpg', 'sub']);
  });
});

describe('a time limit that is reached', () => {
  it('in the plan leaves everything, and the report has the counts so far', async () => {
    const folder = photos();
    const before = snapshot(folder);
    const dry = await stopped<CleanupReport>(cleanup({ input: folder, timeout: OVER, dryRun: true }));
    expect(dry).toMatchObject({ would_move: 0, refusal: null, complete: false });
    expect(snapshot(folder)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['A.jpg', 'sub']);
  });

  it('in the middle of a cleanup leaves the rest, and the manifest says so', async () => {
    const folder = photos();
    const before = snapshot(folder);
    const steps = timeIsOverAt(3, (step) => step.what === 'rename' && isStored(step));
    const report = await stopped<CleanupReport>(cleanupWith({ input: folder, timeout: LIMIT }, steps));
    expect(outcomes(folder, report.results)).toEqual({
      'sub/gone_0.json': 'moved',
      'sub/gone_1.json': 'moved',
      'sub/gone_2.json': 'moved',
    });
    expect(report).toMatchObject({ moved: 3, failed: 0, left: {}, complete: false });
    const run = join(folder, '.tandem-quarantine', report.run ?? '');
    const lines = readFileSync(join(run, 'manifest.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.slice(-2).map((line) => JSON.parse(line) as object)).toEqual([
      { stored: '00000004.json', not_moved: 'stopped' },
      { stored: '00000005.json', not_moved: 'stopped' },
    ]);
    vi.restoreAllMocks();
    expect(await undone(folder)).toMatchObject({ restored: 3, failed: 0, left: {} });
    expect(snapshot(folder)).toEqual(before);
  });

  it('before the first move leaves no empty run behind', async () => {
    const folder = photos();
    const before = snapshot(folder);
    // The second write to the manifest lists the files; the first is its header.
    const steps = timeIsOverAt(2, ({ what, path }) => what === 'write' && path.endsWith('.jsonl'));
    const report = await stopped<CleanupReport>(cleanupWith({ input: folder, timeout: LIMIT }, steps));
    expect(report).toMatchObject({ moved: 0, run: null, results: [], complete: false });
    expect(snapshot(folder)).toEqual(before);
    expect(readdirSync(folder)).toEqual(['A.jpg', 'sub']);
  });

  it('at the very end of the work does not stop the run', async () => {
    const folder = photos();
    const steps = timeIsOverAt(5, (step) => step.what === 'rename' && isStored(step));
    const report = await cleanupWith({ input: folder, timeout: LIMIT }, steps);
    expect(await report.collect()).toMatchObject({ moved: 5, complete: true });
  });

  it('in the middle of an undo leaves the rest in the quarantine', async () => {
    const folder = photos();
    const before = snapshot(folder);
    await cleaned(folder);
    const steps = timeIsOverAt(2, (step) => step.what === 'link' && isStored(step));
    const report = await stopped<UndoReport>(undoWith({ input: folder, timeout: LIMIT }, steps));
    expect(report).toMatchObject({ restored: 2, failed: 0, complete: false });
    expect(report.results.map(({ status }) => status)).toEqual(['restored', 'restored']);
    vi.restoreAllMocks();
    expect((await undone(folder)).restored).toBe(3);
    expect(snapshot(folder)).toEqual(before);
  });

  it('in the middle of a purge leaves the rest, which an undo restores', async () => {
    const folder = photos();
    const { run } = await cleaned(folder);
    const steps = timeIsOverAt(2, (step) => step.what === 'unlink' && isStored(step));
    const options = { input: folder, run: run ?? '', timeout: LIMIT };
    expect(await stopped<UndoReport>(purgeWith(options, steps))).toMatchObject({ removed: 2 });
    vi.restoreAllMocks();
    expect(await undone(folder)).toMatchObject({ restored: 3, failed: 0 });
  });
});
