import { describe, expect, it } from 'vitest';
import { foldKey } from '../src/pairing/fold.ts';
import { FolderPairs } from '../src/pairing/folder-pairs.ts';
import { isNamedImageThere } from '../src/pairing/named-image.ts';
import { FolderWalk } from '../src/walk/folder-walk.ts';
import { link, newFolder, plant, raw } from './scan-trees.ts';

const NFC = raw('Fam\u00edlia');
const NFD = raw('Fami\u0301lia');

describe('comparison keys', () => {
  it.each([
    ['IMG_1.JPG', 'img_1.jpg'],
    [NFC, NFD],
    [raw('ÉTÉ'), raw('e\u0301te\u0301')],
    // The Kelvin sign, the capital sharp s, and a range of step 2: Unicode 15, CaseFolding.txt, status C and S.
    [raw('\u212a.jpg'), 'k.jpg'],
    [raw('\u1e9e'), raw('ß')],
    [raw('Āā'), raw('āā')],
    [raw('\u{10400}'), raw('\u{10428}')],
    ['A\xffB', 'a\xffb'],
  ])('%j is %j', (one, other) => {
    expect(foldKey(one)).toBe(foldKey(other));
  });

  it.each([
    [raw('ı'), 'i'],
    [raw('İ'), 'i'],
    [raw('ß'), 'ss'],
    // 0xe9 is no UTF-8, though it is é in latin1.
    ['\xe9', raw('é')],
    ['\xe9', '\xc9'],
  ])('%j is not %j', (one, other) => {
    expect(foldKey(one)).not.toBe(foldKey(other));
  });
});

describe('the image of a sidecar', () => {
  const imageOf = (sidecar: string, ...images: string[]) => new FolderPairs(images.sort()).imageOf(sidecar);

  it('has the name with its extension replaced or added to', () => {
    expect(imageOf('IMG.json', 'IMG.jpg')).toBe('IMG.jpg');
    expect(imageOf('IMG.jpg.json', 'IMG.jpg')).toBe('IMG.jpg');
    expect(imageOf('IMG.JSON', 'IMG.jpg')).toBe('IMG.jpg');
    expect(imageOf('IMG_1.json', 'IMG.jpg', 'IMG_10.jpg', 'IMG_1_2.jpg')).toBe(null);
    expect(imageOf('IMG.png.json', 'IMG.jpg')).toBe(null);
    expect(imageOf('.jpg.json', 'a.jpg')).toBe(null);
    expect(imageOf('IMG.json')).toBe(null);
  });

  it('is the first by bytes among several', () => {
    expect(imageOf('IMG.json', 'IMG.png', 'IMG.CR2', 'IMG.jpg')).toBe('IMG.CR2');
    expect(imageOf('IMG.jpg.json', 'IMG.jpg.png', 'IMG.jpg')).toBe('IMG.jpg');
    expect(imageOf('img.json', 'IMG.png', 'Img.jpg')).toBe('IMG.png');
  });

  it('has the same bytes where one has, else the same key', () => {
    expect(imageOf('img.json', 'IMG.CR2', 'img.jpg')).toBe('img.jpg');
    expect(imageOf('img.jpg.json', 'IMG.jpg', 'img.jpg.png')).toBe('img.jpg.png');
    expect(imageOf(`${NFC}.json`, `${NFD}.jpg`)).toBe(`${NFD}.jpg`);
    expect(imageOf(`${NFD}.JPG.bin`, `${NFC}.jpg`)).toBe(`${NFC}.jpg`);
    expect(imageOf('X\xff.json', 'x\xff.jpg')).toBe('x\xff.jpg');
  });

  it('is covered by any sidecar with its key', () => {
    const images = ['A.jpg', 'B.jpg', 'b.png', 'c.jpg', `${NFD}.jpg`].sort();
    const covered = new FolderPairs(images).covered(['a.jpg.bin', 'b.json', `${NFC}.json`, 'd.json']);
    expect([...covered].sort()).toEqual(['A.jpg', 'B.jpg', `${NFD}.jpg`, 'b.png']);
    expect(new FolderPairs(images).covered([]).size).toBe(0);
  });
});

describe('images that are links', () => {
  it('are counted, described, and covered beside their target too', () => {
    const root = newFolder();
    plant(root, {
      'store/1.jpg': '',
      'store/1.json': '',
      'store/2.jpg': '',
      'store/2.jpg.rkyv': '',
      'store/3.jpg': '',
      'store/4.jpg': '',
      'store/4.JSON': '',
      'store/5.jpg': '',
      'view/e.json': '',
      'view/f.json': '',
      'view/real.jpg': '',
      'folder/x': '',
    });
    link(root, 'view/a.jpg', '../store/1.jpg');
    link(root, 'view/b.jpg', '../store/2.jpg');
    link(root, 'view/c.jpg', '../store/3.jpg');
    // Only exact spellings are looked for beside a target.
    link(root, 'view/d.jpg', '../store/4.jpg');
    link(root, 'view/e.jpg', '../store/5.jpg');
    link(root, 'view/f.jpg', 'no\xff where');
    link(root, 'view/g.jpg', '../folder');
    const batch = new FolderWalk(`${root}/view`, true, '').next();
    expect(batch?.counts).toMatchObject({
      images: 7,
      covered: 4,
      symlinks: 6,
      brokenSymlinks: 1,
      linkedFolder: 1,
    });
    expect(batch?.segments).toMatchObject([
      {
        names: 'e.json/f.json',
        images: 'e.jpg/f.jpg',
        imageLinks: [
          { name: 'e.jpg', target: '../store/5.jpg', broken: false },
          { name: 'f.jpg', target: 'no\xff where', broken: true },
        ],
      },
    ]);
  });
});

describe('the image that a document names', () => {
  it('is looked for from the folder and from the root, and nowhere else', () => {
    const root = newFolder();
    plant(root, { 'images/a.jpg': '', 'labels/b.jpg': '', [raw('images/é.jpg')]: '', 'images/c\\d.jpg': '' });
    link(root, 'images/gone.jpg', 'nothing');
    const isThere = (named: string) => isNamedImageThere(named, `${root}/labels/`, `${root}/`);
    expect(
      ['b.jpg', 'images/a.jpg', '../images/a.jpg', '..\\images\\a.jpg', `${root}/images/a.jpg`].map(isThere),
    ).toEqual(Array(5).fill(true));
    expect(['images/é.jpg', 'images/c\\d.jpg'].map(isThere)).toEqual([true, true]);
    expect(
      ['', 'a.jpg', 'b.jpg\0', 'images/gone.jpg', 'b.jpg/c', '\ud800.jpg', '/images/a.jpg'].map(isThere),
    ).toEqual(Array(7).fill(false));
    // A name that is longer than any can be says nothing about where the image is.
    expect(isThere('x'.repeat(5000))).toBe(true);
  });
});
