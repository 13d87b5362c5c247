import { existsSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { claimText, documentLockPath, newRun } from '@tandem/files';
import { JOB_STEPS } from '@tandem/job';
import { describe, expect, test } from 'vitest';
import { acquireLock } from '../../files/src/locks/lock.ts';
import { save } from '../src/operations/save.ts';
import { type Saved, saveDocument } from '../src/store/save-document.ts';
import { meddling } from './convert-fixture.ts';
import { as, error, folderMaker, scratchIn } from './save-fixture.ts';

const folderWith = folderMaker();
const BALLS = { sidecar_info: expect.anything(), ball_detection: { balls: [] } };

/**
 * A save during which a program without locks calls `meddle`, right after each of some readings of a file.
 */
function saveWhile(
  folder: string,
  meddle: (time: number) => void,
  times: number,
  patienceMs = 10_000,
): Promise<Saved> {
  let done = 0;
  const limits = {
    maxSize: 1 << 20,
    // Read when the document is judged.
    get maxDepth(): number {
      if (done < times) meddle(done++);
      return 64;
    },
  };
  return saveDocument(
    {
      image: `${folder}/a.jpg`,
      operation: 'ball_detection',
      value: Buffer.from('{"balls":[]}'),
      format: 'json',
      onlyNew: false,
      limits,
    },
    { until: performance.now() + patienceMs },
    JOB_STEPS,
  );
}

function documentAt(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

test('changes by another program during a save are not overwritten', async () => {
  const folder = folderWith({ 'a.jpg': '', 'a.json': '{"face_detection":{"faces":[]}}' });
  await saveWhile(folder, () => writeFileSync(`${folder}/a.json`, '{"sidecar_info":{"theirs":true}}'), 1);
  expect(JSON.parse(readFileSync(`${folder}/a.json`, 'utf8'))).toEqual({
    sidecar_info: { theirs: true },
    ball_detection: { balls: [] },
  });
});

test('a file that changes all the time is left to its writer', async () => {
  const folder = folderWith({ 'a.jpg': '', 'a.json': '{"face_detection":{}}' });
  const theirs = (time: number): string => JSON.stringify({ face_detection: { time: 'x'.repeat(time + 1) } });
  let last = '';
  const saving = saveWhile(
    folder,
    (time) => {
      last = theirs(time);
      writeFileSync(`${folder}/a.json`, last);
    },
    Number.POSITIVE_INFINITY,
  );
  await expect(saving).rejects.toThrow(error('CHANGED', { path: `${folder}/a.jpg` }));
  expect(readFileSync(`${folder}/a.json`, 'utf8')).toBe(last);
  expect(scratchIn(folder)).toEqual([]);
});

describe('a sidecar that vanishes during a save', () => {
  test('during the first search is replaced by a new one', async () => {
    const folder = folderWith({ 'a.jpg': '', 'a.json': '{"face_detection":{}}' });
    const saved = await saveWhile(folder, () => unlinkSync(`${folder}/a.json`), 1);
    expect(saved).toEqual({ path: `${folder}/a.json`, created: true });
    expect(documentAt(saved.path)).toEqual(BALLS);
  });

  test('during the search under its lock is replaced by a new one', async () => {
    const folder = folderWith({ 'a.jpg': '', 'a.json': '{"face_detection":{}}' });
    let isGone = false;
    const saved = await saveWhile(
      folder,
      () => {
        if (isGone || !existsSync(documentLockPath(`${folder}/a.json`))) return;
        isGone = true;
        unlinkSync(`${folder}/a.json`);
      },
      Number.POSITIVE_INFINITY,
    );
    expect(isGone).toBe(true);
    expect(saved).toEqual({ path: `${folder}/a.json`, created: true });
    expect(documentAt(saved.path)).toEqual(BALLS);
  });

  test('is ignored where there is another', async () => {
    const folder = folderWith({ 'a.jpg': '', 'a.bin': as('bin', {}), 'a.json': '{"yolov8":[]}' });
    const saved = await saveWhile(folder, () => unlinkSync(`${folder}/a.bin`), 1);
    expect(saved).toEqual({ path: `${folder}/a.json`, created: false });
    expect(documentAt(saved.path)).toEqual({ yolov8: [], ball_detection: { balls: [] } });
    expect(readdirSync(folder)).toEqual(['a.jpg', 'a.json']);
  });
});

test('nothing is written into a sidecar that becomes a claim before it is read', async () => {
  const folder = folderWith({ 'a.jpg': '', 'a.json': '{"face_detection":{}}' });
  const claim = claimText(newRun().id);
  const lock = documentLockPath(`${folder}/a.json`);
  let isClaimed = false;
  const saving = saveWhile(
    folder,
    () => {
      if (isClaimed || !existsSync(lock)) return;
      isClaimed = true;
      writeFileSync(`${folder}/a.json`, claim);
    },
    Number.POSITIVE_INFINITY,
    50,
  );
  await expect(saving).rejects.toThrow(error('LOCKED', { path: `${folder}/a.json` }));
  expect(readFileSync(`${folder}/a.json`, 'utf8')).toBe(claim);
});

describe('a file that appears between the search for a sidecar and its lock', () => {
  const options = { onlyNew: false, timeout: 0.02 };

  test('is saved under its own lock if it is another, preferred sidecar', async () => {
    const folder = folderWith({ 'a.jpg': '', 'a.json': '{"face_detection":{}}' });
    const theirs = as('bin', { yolov8: 1 });
    const steps = meddling('link', documentLockPath('a.json'), () =>
      writeFileSync(`${folder}/a.bin`, theirs),
    );
    const writing = acquireLock(documentLockPath(`${folder}/a.bin`), 'save', JOB_STEPS);
    await expect(save(`${folder}/a.jpg`, 'yolov8', 2, options, steps)).rejects.toThrow(
      error('LOCKED', { path: documentLockPath(`${folder}/a.bin`) }),
    );
    writing.release();
    expect(readFileSync(`${folder}/a.bin`).equals(theirs)).toBe(true);
  });

  test('is saved under its own lock if it is the new sidecar itself', async () => {
    const folder = folderWith({ 'a.jpg': '' });
    const theirs = as('bin', { yolov8: 1 });
    const steps = meddling('link', documentLockPath('a.json'), () =>
      writeFileSync(`${folder}/a.bin`, theirs),
    );
    const writing = acquireLock(documentLockPath(`${folder}/a.bin`), 'save', JOB_STEPS);
    await expect(save(`${folder}/a.jpg`, 'yolov8', 2, { ...options, format: 'bin' }, steps)).rejects.toThrow(
      error('LOCKED', { path: documentLockPath(`${folder}/a.bin`) }),
    );
    writing.release();
    expect(readFileSync(`${folder}/a.bin`).equals(theirs)).toBe(true);
  });
});
