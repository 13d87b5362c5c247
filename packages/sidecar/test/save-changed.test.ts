import { readFileSync, writeFileSync } from 'node:fs';
import { FILE_STEPS } from '@tandem/files';
import { expect, test } from 'vitest';
import { saveDocument } from '../src/store/save-document.ts';
import { error, folderMaker, scratchIn } from './save-fixture.ts';

const folderWith = folderMaker();

/** A save during which somebody who knows nothing of locks writes the file, right after each of some readings of it. */
async function saveWhile(folder: string, write: (time: number) => void, times: number): Promise<void> {
  let done = 0;
  const limits = {
    maxSize: 1 << 20,
    // Looked at when what was read is judged.
    get maxDepth(): number {
      if (done < times) write(done++);
      return 64;
    },
  };
  await saveDocument(
    {
      image: `${folder}/a.jpg`,
      operation: 'ball_detection',
      value: Buffer.from('{"balls":[]}'),
      format: 'json',
      onlyNew: false,
      limits,
    },
    { until: performance.now() + 10_000 },
    FILE_STEPS,
  );
}

test('what somebody else writes while a save is under way is not written over', async () => {
  const folder = folderWith({ 'a.jpg': '', 'a.json': '{"face_detection":{"faces":[]}}' });
  await saveWhile(folder, () => writeFileSync(`${folder}/a.json`, '{"sidecar_info":{"theirs":true}}'), 1);
  expect(JSON.parse(readFileSync(`${folder}/a.json`, 'utf8'))).toEqual({
    sidecar_info: { theirs: true },
    ball_detection: { balls: [] },
  });
});

test('a file that never stays the same is left to who writes it', async () => {
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
  await expect(saving).rejects.toThrow(error('CHANGED'));
  expect(readFileSync(`${folder}/a.json`, 'utf8')).toBe(last);
  expect(scratchIn(folder)).toEqual([]);
});
