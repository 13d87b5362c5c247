// The photo folder of the demo and of the samples in the docs: the same bytes on every machine.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCorpus } from '../../bench/corpus.mjs';
import { capture } from './processes.mjs';

export const PHOTOS = join('demo', 'photos');
export const DEMO_SEED = 1;
const CORPUS = { images: 3000, perFolder: 100, seed: DEMO_SEED, mix: 'all', broken: 0.02, uncovered: 0.03 };

/**
 * Makes `demo/photos` below a folder, replacing an old one. Two of its folders are converted, so that the
 * tree has every format.
 * @returns the result of makeCorpus
 */
export async function makeDemoPhotos(below) {
  const photos = join(below, PHOTOS);
  rmSync(photos, { recursive: true, force: true });
  // Here, because its codec is there only after the setup that the demo runs first.
  const { drawPicture } = await import('./demo-picture.mjs');
  const pictures = [];
  const onPhoto = (path, document, takenAt) => pictures.push({ path, document, takenAt });
  const truth = makeCorpus(photos, { ...CORPUS, onPhoto });
  for (const { path, document, takenAt } of pictures.filter(({ path }) => /\.jpg$/i.test(path)))
    writeFileSync(path, await drawPicture(document, takenAt));
  await convertPhotos(join(photos, 'season-2020', 'game-00021'), 'rkyv');
  await convertPhotos(join(photos, 'season-2020', 'game-00022'), 'bin');
  return truth;
}

/** Status 1 is expected: some of the files are broken. Nothing is synced: the folder can be made again. */
export async function convertPhotos(folder, format) {
  const flags = ['--input', folder, '--format', format, '--durability', 'none'];
  const command = [join('bin', 'tandem'), 'sidecar', 'convert', ...flags];
  const { status, stderr } = await capture(process.execPath, command);
  if (status > 1) {
    throw new Error(`tandem sidecar convert ended with status ${status}: ${stderr}`);
  }
}
