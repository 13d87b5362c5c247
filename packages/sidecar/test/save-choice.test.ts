import { lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { treeOf } from '../../files/test/store-files.ts';
import { openSidecar } from '../src/document.ts';
import { readData, sidecarPath } from '../src/operations/read.ts';
import { saveSidecarData } from '../src/operations/save.ts';
import { listPlace, placesOf, sidecarsAt } from '../src/store/image-sidecars.ts';
import { as, error, folderMaker, scratchIn } from './save-fixture.ts';

const folderWith = folderMaker();

describe('the sidecar of an image', () => {
  const document = (count: number) => ({ sidecar_info: {}, count });
  it.each([
    ['replaces the extension', ['IMG.jpg'], ['IMG.json'], 'IMG.jpg', 'IMG.json'],
    ['adds to the extension', ['IMG.jpg'], ['IMG.jpg.json', 'IMG.json'], 'IMG.jpg', 'IMG.jpg.json'],
    ['is shared by a JPEG and its raw file', ['IMG.jpg', 'IMG.CR2'], ['IMG.json'], 'IMG.jpg', 'IMG.json'],
    ['is found in another case', ['IMG.JPG'], ['img.JSON'], 'IMG.JPG', 'img.JSON'],
    [
      'is found in the other Unicode form',
      ['Famille\u0301.jpg'],
      ['Famill\u00e9.json'],
      'Famille\u0301.jpg',
      'Famill\u00e9.json',
    ],
    [
      'is not the one with the exact name of another image',
      ['IMG.jpg', 'img.jpg'],
      ['IMG.json'],
      'img.jpg',
      null,
    ],
    [
      'is not guessed between two images that differ in case',
      ['IMG.jpg', 'img.JPG'],
      ['Img.json'],
      'img.JPG',
      null,
    ],
    ['is not one with an unrelated name', ['IMG.jpg'], ['X.json'], 'IMG.jpg', null],
    [
      'is its exact one beside an image that differs in case',
      ['IMG.jpg', 'img.jpg'],
      ['IMG.json'],
      'IMG.jpg',
      'IMG.json',
    ],
    [
      'is not the one with the exact stem of another image',
      ['img.jpg', 'IMG.png'],
      ['IMG.json'],
      'img.jpg',
      null,
    ],
    [
      'is not the one with the exact full name of another image',
      ['a.jpg.png', 'A.jpg'],
      ['A.jpg.json'],
      'a.jpg.png',
      null,
    ],
    [
      'is found by folding if it belongs to no other image',
      ['img.jpg', 'X.png'],
      ['IMG.json'],
      'img.jpg',
      'IMG.json',
    ],
    [
      'is bin before rkyv before json',
      ['IMG.jpg'],
      ['IMG.json', 'IMG.rkyv', 'IMG.bin'],
      'IMG.jpg',
      'IMG.bin',
    ],
  ])('%s', (_name, images, sidecars, image, found) => {
    const files = Object.fromEntries([
      ...images.map((name) => [name, ''] as const),
      ...sidecars.map(
        (name, i) =>
          [
            name,
            as(name.endsWith('bin') ? 'bin' : name.endsWith('rkyv') ? 'rkyv' : 'json', document(i)),
          ] as const,
      ),
    ]);
    const folder = folderWith(files);
    expect(sidecarPath(join(folder, image))).toBe(found === null ? null : join(folder, found));
    expect(readData(join(folder, image)) === null).toBe(found === null);
  });

  it('is the one that contains the operation, in any format', async () => {
    const folder = folderWith({
      'IMG.jpg': '',
      'IMG.bin': as('bin', { ball_detection: 1 }),
      'IMG.json': '{"Face_detector": 1}',
    });
    const image = join(folder, 'IMG.jpg');
    expect(await saveSidecarData(image, 'face_detection', 2)).toEqual({
      path: join(folder, 'IMG.json'),
      created: false,
    });
    expect(readFileSync(join(folder, 'IMG.json'), 'utf8')).toBe('{"Face_detector": 2}');
    expect((await saveSidecarData(image, 'unified', 3)).path).toBe(join(folder, 'IMG.bin'));
    expect(readData(image)).toEqual({ ball_detection: 1, unified: 3 });
    expect(readData(image, { operation: 'face_detection' })).toEqual({ Face_detector: 2 });
  });

  it('is not chosen if another one cannot be read and may contain the operation', async () => {
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.bin': 'broken', 'IMG.json': '{"unified": 1}' });
    const image = join(folder, 'IMG.jpg');
    const before = treeOf(folder);
    await expect(saveSidecarData(image, 'face_detection', 2)).rejects.toThrow(
      error('UNKNOWN_FORMAT', { path: join(folder, 'IMG.bin') }),
    );
    expect(treeOf(folder)).toEqual(before);
    await saveSidecarData(image, 'unified', 2);
    expect(readFileSync(join(folder, 'IMG.json'), 'utf8')).toBe('{"unified": 2}');
  });

  it('is the preferred one where no operation is requested, even if it cannot be read', () => {
    const folder = folderWith({ 'IMG.jpg': '', 'IMG.bin': 'broken', 'IMG.json': '{"unified": 1}' });
    expect(sidecarPath(join(folder, 'IMG.jpg'))).toBe(join(folder, 'IMG.bin'));
  });

  it('is the first by format, then by spelling, then by the longer name', () => {
    const spellings = ['img.jpg', 'img', 'IMG.jpg', 'IMG'];
    const order = ['bin', 'rkyv', 'json'].flatMap((format) => spellings.map((name) => `${name}.${format}`));
    const folder = folderWith({ 'img.jpg': '', ...Object.fromEntries(order.map((name) => [name, '{}'])) });
    const [place] = placesOf(join(folder, 'img.jpg'));
    expect(sidecarsAt(place, listPlace(place))).toEqual(order.map((name) => join(folder, name)));
  });

  it('is not the preferred one where another may contain the operation and cannot be read', async () => {
    const folder = folderWith({
      'IMG.jpg': '',
      'IMG.bin': as('bin', { yolov8: 1 }),
      'IMG.json': '{"unified": 1',
    });
    const before = treeOf(folder);
    await expect(saveSidecarData(join(folder, 'IMG.jpg'), 'unified', 2)).rejects.toThrow(
      error('JSON_TRUNCATED', { path: join(folder, 'IMG.json') }),
    );
    expect(treeOf(folder)).toEqual(before);
  });

  it('is that of the target of a linked image', async () => {
    const folder = folderWith({ 'originals/DSC_1.jpg': '', 'album/x.txt': '' });
    const link = join(folder, 'album', 'best.jpg');
    symlinkSync('../originals/DSC_1.jpg', link);
    const saved = await saveSidecarData(link, 'unified', 1);
    expect(saved.path).toBe(join(folder, 'originals', 'DSC_1.json'));
    expect(openSidecar(saved.path).summary.imagePath).toBe(join(folder, 'originals', 'DSC_1.jpg'));
    expect((await saveSidecarData(link, 'yolov8', 2)).created).toBe(false);
    expect(readData(join(folder, 'originals', 'DSC_1.jpg'))).toMatchObject({ unified: 1, yolov8: 2 });
  });

  it('is that of the target of a link with the same name in another folder', async () => {
    const folder = folderWith({ 'originals/IMG.jpg': '', 'album/IMG.json': '{"here":1}' });
    const link = join(folder, 'album', 'IMG.jpg');
    symlinkSync('../originals/IMG.jpg', link);
    expect(sidecarPath(link)).toBe(join(folder, 'album', 'IMG.json'));
    expect(placesOf(link).map((place) => place.folder)).toEqual([`${folder}/originals/`, `${folder}/album/`]);
    writeFileSync(join(folder, 'originals', 'IMG.json'), '{"there":1}');
    expect(sidecarPath(link)).toBe(join(folder, 'originals', 'IMG.json'));
  });

  it('is that of the target of a link with another name in its folder', () => {
    const folder = folderWith({ 'IMG.jpg': '' });
    symlinkSync('IMG.jpg', join(folder, 'best.jpg'));
    expect(placesOf(join(folder, 'best.jpg')).map(({ name }) => name)).toEqual(['IMG.jpg', 'best.jpg']);
    // A link to the folder does not make another image.
    symlinkSync('.', join(folder, 'here'));
    expect(placesOf(join(folder, 'here', 'IMG.jpg'))).toEqual([
      { folder: `${folder}/here/`, name: 'IMG.jpg' },
    ]);
    writeFileSync(join(folder, 'IMG.json'), '{}');
    expect(sidecarPath(join(folder, 'here', 'IMG.jpg'))).toBe(join(folder, 'here', 'IMG.json'));
  });

  it('is found and created in the working folder', async () => {
    const folder = folderWith({ 'IMG.jpg': '' });
    const before = process.cwd();
    process.chdir(folder);
    try {
      expect(placesOf('IMG.jpg')).toEqual([{ folder: '', name: 'IMG.jpg' }]);
      expect(sidecarPath('IMG.jpg')).toBe(null);
      expect(await saveSidecarData('IMG.jpg', 'unified', 1)).toEqual({ path: 'IMG.json', created: true });
      expect(sidecarPath('IMG.jpg')).toBe('IMG.json');
      expect((await saveSidecarData('IMG.jpg', 'unified', 2)).created).toBe(false);
      expect(readData('IMG.jpg')).toMatchObject({ unified: 2 });
    } finally {
      process.chdir(before);
    }
    expect(scratchIn(folder)).toEqual([]);
  });

  it('is not looked for in a folder that cannot be listed', () => {
    const folder = `${folderWith({ x: '' })}/${'d'.repeat(300)}/`;
    expect(() => listPlace({ folder, name: 'IMG.jpg' })).toThrow(
      error('FOLDER_UNREADABLE', { path: folder }),
    );
  });

  it('may be a link itself, and stays one', async () => {
    const folder = folderWith({ 'IMG.jpg': '', 'store/x.json': '{"unified":1}' });
    symlinkSync('store/x.json', join(folder, 'IMG.json'));
    await saveSidecarData(join(folder, 'IMG.jpg'), 'unified', 2);
    expect(lstatSync(join(folder, 'IMG.json')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'store/x.json'), 'utf8')).toBe('{"unified":2}');
    symlinkSync('gone.json', join(folder, 'B.json'));
    writeFileSync(join(folder, 'B.jpg'), '');
    await expect(saveSidecarData(join(folder, 'B.jpg'), 'unified', 2)).rejects.toThrow(
      error('BROKEN_SYMLINK', { path: join(folder, 'B.json') }),
    );
  });

  it('has any name that a disk accepts', async () => {
    const folder = folderWith({ x: '' });
    const raw = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('caf\xe9\n"x" .jpg', 'latin1')]);
    writeFileSync(raw, '');
    const saved = await saveSidecarData(raw, 'unified', 1);
    expect(saved.path).toBe(join(folder, 'caf\ufffd\n"x" .json'));
    expect((await saveSidecarData(raw, 'unified', 2)).created).toBe(false);
    expect(readData(raw)).toMatchObject({ unified: 2 });
    const long = `${'x'.repeat(250)}.jpg`;
    writeFileSync(join(folder, long), '');
    expect((await saveSidecarData(join(folder, long), 'unified', 1)).created).toBe(true);
    expect((await saveSidecarData(join(folder, long), 'unified', 2)).created).toBe(false);
    expect(scratchIn(folder)).toEqual([]);
  });
});
