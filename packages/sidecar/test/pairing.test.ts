import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { foldKey } from '../src/pairing/fold.ts';
import { FolderPairs } from '../src/pairing/folder-pairs.ts';
import { isNamedImageThere } from '../src/pairing/named-image.ts';
import { FolderWalk } from '../src/walk/folder-walk.ts';
import { classOf, type NameClass } from '../src/walk/name-class.ts';
import { link, newFolder, plant, raw } from './scan-trees.ts';

const NFC = raw('Fam\u00edlia');
const NFD = raw('Fami\u0301lia');

describe('comparison keys', () => {
  it.each([
    ['IMG_1.JPG', 'img_1.jpg'],
    [NFC, NFD],
    [raw('ÉTÉ'), raw('e\u0301te\u0301')],
    // The Kelvin sign, the capital sharp s, and a range of step 2: Unicode 15, CaseFolding.txt, status C and
    // S.
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
    // 0xe9 is not UTF-8, though it is é in latin1.
    ['\xe9', raw('é')],
    ['\xe9', '\xc9'],
  ])('%j is not %j', (one, other) => {
    expect(foldKey(one)).not.toBe(foldKey(other));
  });
});

interface PairingCase {
  readonly name: string;
  readonly latin1?: boolean;
  readonly files: readonly string[];
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/pairing.json', import.meta.url), 'utf8'),
) as {
  readonly images: readonly (PairingCase & { sidecar: string; image: string | null; uncertain?: boolean })[];
  readonly covered: readonly (PairingCase & { covered: readonly string[] })[];
};

/** Raw names of a class, in byte order. */
function named(wanted: NameClass, { files, latin1 }: PairingCase): string[] {
  return files
    .map((name) => (latin1 ? name : raw(name)))
    .filter((name) => classOf(name) === wanted)
    .sort();
}

describe('the golden pairs', () => {
  it.each(vectors.images)('$name', (one) => {
    const spelled = (name: string): string => (one.latin1 ? name : raw(name));
    const sidecar = spelled(one.sidecar);
    const pairs = new FolderPairs(named('image', one), named('unknown', one));
    expect(classOf(sidecar)).toBe('candidate');
    expect(pairs.imageOf(sidecar)).toBe(one.image === null ? null : spelled(one.image));
    if (one.image === null) expect(pairs.mayHaveImage(sidecar)).toBe(one.uncertain ?? false);
  });

  it.each(vectors.covered)('covered: $name', (one) => {
    const covered = new FolderPairs(named('image', one)).covered(named('candidate', one));
    expect([...covered].sort()).toEqual(one.covered.map(raw).sort());
  });
});

describe('images that are links', () => {
  it('are counted and described, and covered also by a sidecar beside their target', () => {
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
    // Beside a target only exact spellings count.
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
    // A name that is longer than any path says nothing about where the image is.
    expect(isThere('x'.repeat(5000))).toBe(true);
  });
});
