import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileStep } from '@tandem/files';
import { jobSteps } from '@tandem/job';
import { describe, expect, it } from 'vitest';
import { type CleanupOptions, cleanupWith } from '../src/operations/cleanup.ts';
import { type CleanupReport, folderMaker, outcomes, SIDECAR, snapshot, undone } from './cleanup-trees.ts';

const folderWith = folderMaker();

function orphans(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`S${1000 + i}.json`, SIDECAR]));
}

const movesFrom = (folder: string, { what, path }: FileStep) =>
  what === 'rename' && path.startsWith(`${folder}/S`) && path.endsWith('.json');

async function cleanedWith(
  options: CleanupOptions,
  before: (step: FileStep) => void,
): Promise<CleanupReport> {
  const report = await cleanupWith({ maxShare: 100, ...options }, jobSteps(before));
  return report.collect();
}

/** A signal that runs a function each time it is checked, which is before each proof and each move. */
function asking(work: () => void): AbortSignal {
  const { signal } = new AbortController();
  Object.defineProperty(signal, 'aborted', {
    get() {
      work();
      return false;
    },
  });
  return signal;
}

describe('an image that comes back while files are moved', () => {
  it('during the move gets its sidecar back, one after another', async () => {
    const folder = folderWith({ 'A.jpg': '', ...orphans(40) });
    const before = snapshot(folder);
    let renamed = 0;
    const report = await cleanedWith({ input: folder }, (step) => {
      if (!movesFrom(folder, step)) return;
      renamed += 1;
      writeFileSync(step.path.replace('.json', '.JPG'), '');
    });
    expect(renamed).toBe(40);
    expect(report).toMatchObject({ moved: 0, run: null, left: { image_found: 40 } });
    for (const [name, text] of before) expect(snapshot(folder).get(name)).toBe(text);
    expect(readdirSync(folder).filter((name) => name.startsWith('.tandem'))).toEqual([]);
  });

  it('in the clock tick of another move gets its sidecar back, and the manifest says so', async () => {
    const folder = folderWith({ 'A.jpg': '', ...orphans(6) });
    // Changes before the run's own move of S1001 are hidden by that move: the folder then looks as the run
    // left it.
    let manifest = '';
    const report = await cleanedWith({ input: folder }, (step) => {
      if (movesFrom(folder, step) && step.path.endsWith('S1001.json')) {
        writeFileSync(join(folder, 's1004.jpg'), '');
        writeFileSync(join(folder, 'S1005.xyz'), '');
      }
      if (step.what === 'sync-folder' && step.path.includes('.tandem-quarantine/2'))
        manifest = readFileSync(join(step.path, 'manifest.jsonl'), 'utf8');
    });
    expect(outcomes(folder, report.results)).toEqual({
      'S1000.json': 'moved',
      'S1001.json': 'moved',
      'S1002.json': 'moved',
      'S1003.json': 'moved',
      'S1004.json': 'image_found',
      'S1005.json': 'image_uncertain',
    });
    expect(manifest).toContain('{"stored":"00000005.json","not_moved":"image_found"}');
    expect(existsSync(join(folder, 'S1004.json'))).toBe(true);
    expect(await undone(folder)).toMatchObject({ restored: 4, failed: 0, left: {} });
  });

  it('before a move is noticed, however many moves after the folder was read, and its sidecar is not moved', async () => {
    const folder = folderWith({ 'A.jpg': '', ...orphans(1900) });
    const path = join(folder, 'S2890.jpg');
    const moved: string[] = [];
    let asked = 0;
    const signal = asking(() => {
      asked += 1;
      // All files are proved before the first one is moved.
      if (asked <= 1901 + 1000 || existsSync(path)) return;
      writeFileSync(path, '');
      utimesSync(folder, 1, 1);
    });
    const report = await cleanedWith({ input: folder, signal }, (step) => {
      if (movesFrom(folder, step)) moved.push(step.path);
    });
    expect(report).toMatchObject({ moved: 1899, left: { image_found: 1 } });
    expect(moved).toHaveLength(1899);
    expect(moved).not.toContain(join(folder, 'S2890.json'));
  });

  it('before every single move is noticed each time, and so is an image that a document names', async () => {
    const named = '{"yolov8":[],"image_path":"named/far.jpg"}';
    const folder = folderWith({ 'A.jpg': '', 'named/x.txt': '', ...orphans(30), 'S1029.json': named });
    let asked = 0;
    let moves = 0;
    const signal = asking(() => {
      asked += 1;
      const next = asked - 1 - 30;
      if (next < 0 || next >= 30) return;
      writeFileSync(join(folder, next === 29 ? 'named/far.jpg' : `S${1000 + next}.jpg`), '');
      utimesSync(folder, asked, asked);
    });
    const report = await cleanedWith({ input: folder, signal }, (step) => {
      if (movesFrom(folder, step)) moves += 1;
    });
    expect(report).toMatchObject({ moved: 0, left: { image_found: 29, image_elsewhere: 1 } });
    expect(moves).toBe(0);
  });

  it('cannot get its sidecar back where the name is taken; the sidecar stays in the quarantine and its row says so', async () => {
    const folder = folderWith({ 'A.jpg': '', ...orphans(2) });
    const report = await cleanedWith({ input: folder }, (step) => {
      if (movesFrom(folder, step) && step.path.endsWith('S1000.json'))
        writeFileSync(join(folder, 'S1000.jpg'), '');
      if (step.what === 'link' && step.to?.endsWith('S1000.json'))
        writeFileSync(join(folder, 'S1000.json'), 'new');
    });
    expect(outcomes(folder, report.results)).toEqual({
      'S1000.json': 'ERR_TANDEM_CHANGED',
      'S1001.json': 'moved',
    });
    expect(report.results[0]?.hint).toContain('00000001.json');
    expect(readFileSync(join(folder, 'S1000.json'), 'utf8')).toBe('new');
    rmSync(join(folder, 'S1000.json'));
    expect(await undone(folder)).toMatchObject({ restored: 2 });
  });

  it('a folder that changes before every move is read again a limited number of times, and the other files are left', async () => {
    const images = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`I${i}.jpg`, '']));
    const folder = folderWith({ ...images, ...orphans(300) });
    let asked = 0;
    const signal = asking(() => {
      asked += 1;
      if (asked > 301) utimesSync(folder, asked, asked);
    });
    const report = await cleanedWith({ input: folder, signal }, () => undefined);
    const { moved = 0, left } = report;
    // 2^20 names, and 5,000 or more per reading.
    expect(moved).toBeGreaterThan(180);
    expect(moved).toBeLessThan(215);
    expect(left).toEqual({ changed: 300 - moved });
  });
});
