import { existsSync, mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentLockPath, newRun } from '@tandem/files';
import { expect, test } from 'vitest';
import { lockText } from '../../files/src/locks/lock-file.ts';
import { runModule, temporaryFolder } from '../../files/test/store-files.ts';
import { readData } from '../src/operations/read.ts';
import { cleaned, outcomes, SIDECAR, undone, writeTree } from './cleanup-trees.ts';

/**
 * Cleanup and undo at the same time as saves of the same sidecars: spec/sidecar/cleanup.md and convert.md,
 * "Saves".
 */

const base = temporaryFolder();
let folders = 0;

function folderWith(files: Readonly<Record<string, string>>): string {
  folders += 1;
  const folder = join(base, `cleanup-${folders}`);
  mkdirSync(folder);
  writeTree(folder, files);
  return folder;
}

/** A lock that has been held for longer than any save takes. */
function plantLock(sidecar: string): void {
  const path = documentLockPath(sidecar);
  writeFileSync(path, lockText(newRun(), { operation: 'save' }));
  utimesSync(path, 1e9, 1e9);
}

test('a cleanup leaves a sidecar whose save does not end', async () => {
  const folder = folderWith({ 'A.jpg': '', 'sub/B.json': SIDECAR, 'sub/C.json': SIDECAR });
  plantLock(join(folder, 'sub/B.json'));
  const { results } = await cleaned(folder);
  expect(outcomes(folder, results)).toEqual({ 'sub/B.json': 'ERR_TANDEM_LOCKED', 'sub/C.json': 'moved' });
  expect(results[0]).toMatchObject({
    status: 'failed',
    error: expect.stringContaining(`pid ${process.pid}`),
  });
  expect(existsSync(join(folder, 'sub/B.json'))).toBe(true);
});

test('a cleanup waits for a running save, and notices what it has written', async () => {
  const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR });
  const mark = join(base, 'mark');
  // A save can write into a sidecar after its image is gone.
  const child = runModule(
    `
    import { writeFileSync } from 'node:fs';
    const { save, jobSteps } = product;
    const [image, mark] = process.argv.slice(-2);
    const steps = jobSteps(({ what }) => {
      if (what !== 'rename') return;
      writeFileSync(mark, '');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
    });
    await save(image, 'yolov8', 1, { onlyNew: false }, steps);`,
    [join(folder, 'B.jpg'), mark],
  );
  while (!existsSync(mark)) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(outcomes(folder, (await cleaned(folder)).results)).toEqual({ 'B.json': 'changed' });
  expect(await child).toMatchObject({ code: 0, stderr: '' });
  expect(readData(join(folder, 'B.jpg'))).toMatchObject({ yolov8: 1 });
  expect(readdirSync(folder)).toEqual(['A.jpg', 'B.json']);
});

test('an undo leaves a file in the quarantine while a save works on its name', async () => {
  const folder = folderWith({ 'A.jpg': '', 'B.json': SIDECAR, 'C.json': SIDECAR });
  await cleaned(folder);
  plantLock(join(folder, 'B.json'));
  expect(await undone(folder)).toMatchObject({
    restored: 1,
    failed: 1,
    results: [{ status: 'failed', error_code: 'ERR_TANDEM_LOCKED' }, { status: 'restored' }],
  });
  expect(existsSync(join(folder, 'B.json'))).toBe(false);
});
