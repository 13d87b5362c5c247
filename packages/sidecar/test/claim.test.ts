import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { claimText, newRun } from '@tandem/files';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../files/test/store-files.ts';
import { openSidecar } from '../src/document.ts';
import { readData, sidecarPath } from '../src/operations/read.ts';
import { createSidecar, saveSidecarData } from '../src/operations/save.ts';

/**
 * The content of a name that convert or a save has claimed and not yet filled, or never will:
 * spec/sidecar/save.md.
 */

const base = temporaryFolder();
let folders = 0;
const LIVE = claimText(newRun().id);
const { host, scope, pid, started } = newRun();
const DEAD = claimText(`${host}-${scope}-${pid}-${started + 1}-r00000000`);

function folderWith(files: Readonly<Record<string, string>>): string {
  folders += 1;
  const folder = join(base, `claim-${folders}`);
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

describe.each([
  ['alive', LIVE],
  ['dead', DEAD],
])('a claim of a run that is %s', (_, claim) => {
  it('is not a document', () => {
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.bin': claim });
    expect(readData(join(folder, 'IMG.jpg'))).toBe(null);
    expect(sidecarPath(join(folder, 'IMG.jpg'))).toBe(null);
    expect(() => openSidecar(join(folder, 'IMG.bin'))).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_NOT_FOUND' }),
    );
  });

  it('is ignored where there is a document', async () => {
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.bin': claim, 'IMG.json': '{"keep":1}' });
    expect(readData(join(folder, 'IMG.jpg'))).toEqual({ keep: 1 });
    const saved = await saveSidecarData(join(folder, 'IMG.jpg'), 'yolov8', 2);
    expect(saved).toEqual({ path: join(folder, 'IMG.json'), created: false });
    expect(readFileSync(join(folder, 'IMG.bin'), 'utf8')).toBe(claim);
    await expect(createSidecar(join(folder, 'IMG.jpg'), 'yolov8', 2)).rejects.toMatchObject({
      code: 'ERR_TANDEM_TARGET_EXISTS',
      path: join(folder, 'IMG.json'),
    });
  });
});

it.each([saveSidecarData, createSidecar])('dead claims make room for a new sidecar: %s', async (save) => {
  const folder = folderWith({ 'IMG.jpg': '', 'IMG.bin': DEAD, 'IMG.json': DEAD });
  expect(await save(join(folder, 'IMG.jpg'), 'yolov8', 2)).toMatchObject({ created: true });
  expect(readData(join(folder, 'IMG.jpg'))).toMatchObject({ yolov8: 2 });
  expect(readdirSync(folder)).toEqual(['IMG.jpg', 'IMG.json']);
});

it('a save waits for a live claim, and saves into the document that replaces it', async () => {
  const folder = folderWith({ 'IMG.jpg': '', 'IMG.json': LIVE, staged: '{"keep":1}' });
  const image = join(folder, 'IMG.jpg');
  const saving = saveSidecarData(image, 'yolov8', 2);
  // Longer than the retries without a claim.
  await new Promise((resolve) => setTimeout(resolve, 400));
  renameSync(join(folder, 'staged'), join(folder, 'IMG.json'));
  expect(await saving).toMatchObject({ created: false });
  expect(readData(image)).toEqual({ keep: 1, yolov8: 2 });
});

it('a live claim that stays is reported with its holder', async () => {
  const folder = folderWith({ 'IMG.jpg': '', 'IMG.json': LIVE });
  await expect(
    saveSidecarData(join(folder, 'IMG.jpg'), 'yolov8', 2, { timeout: 0.02 }),
  ).rejects.toMatchObject({
    code: 'ERR_TANDEM_LOCKED',
    path: join(folder, 'IMG.json'),
    message: expect.stringContaining(`pid ${process.pid} on `),
  });
  expect(readdirSync(folder)).toEqual(['IMG.jpg', 'IMG.json']);
});
