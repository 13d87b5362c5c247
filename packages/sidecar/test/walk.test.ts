import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { TandemError } from '@tandem/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FolderWalk } from '../src/walk/folder-walk.ts';
import { ListWalk } from '../src/walk/list-walk.ts';
import { classOf, promisedBy } from '../src/walk/name-class.ts';
import { extensionOf, folderOf, rootPrefix, stemOf } from '../src/walk/raw-path.ts';
import type { BatchWalk, WalkBatch } from '../src/walk/walk-batch.ts';
import { link, newFolder, plant, raw } from './scan-trees.ts';

function batchesOf(walk: BatchWalk): WalkBatch[] {
  const batches: WalkBatch[] = [];
  for (let batch = walk.next(); batch !== null; batch = walk.next()) batches.push(batch);
  return batches;
}

/** Candidates as paths below the root, with their mark where it is not `f`; folders with a row as `path/ CODE`. */
function pathsOf(batches: readonly WalkBatch[]): string[] {
  return batches.flatMap(({ segments }) =>
    segments.flatMap(({ folder, fault, names, marks }) =>
      fault !== null
        ? [`${folder} ${fault}`]
        : names
            .split('/')
            .map((name, i) => folder + name + ((marks[i] ?? 'f') === 'f' ? '' : ` ${marks[i]}`)),
    ),
  );
}

const cursorText = ({ cursor }: WalkBatch): string => Buffer.from(cursor, 'base64').toString('latin1');
const walkOf = (root: string, weight?: number): WalkBatch[] =>
  batchesOf(new FolderWalk(root, false, '', weight));

describe('names', () => {
  it('a dot at the very beginning is no extension', () => {
    expect(['.json', '..json', 'a.b.JSON', 'a.', 'a'].map(extensionOf)).toEqual(['', 'json', 'JSON', '', '']);
    expect(['.json', 'a.jpg.json', 'a'].map(stemOf)).toEqual(['.json', 'a.jpg', 'a']);
  });

  it('are told by their extension in any ASCII case', () => {
    expect(['x.JSON', 'x.Bin', 'x.rkyv', 'x.JPG', 'x.cr2', 'x.txt', '.json', 'json'].map(classOf)).toEqual([
      ...['candidate', 'candidate', 'candidate', 'image', 'image', 'other', 'other', 'other'],
    ]);
    // U+212A folds to k, and yet this is no .rkyv.
    expect(classOf(raw('x.r\u212ayv'))).toBe('other');
    expect(['a.BIN', 'a.txt', 'a'].map(promisedBy)).toEqual(['bin', 'json', 'json']);
  });

  it('have folders and prefixes without doubled slashes', () => {
    expect(['/', '.', '', 'a/b'].map(rootPrefix)).toEqual(['/', './', '', 'a/b/']);
    expect(['a', 'a/b', '/a', 'a/'].map(folderOf)).toEqual(['', 'a/', '/', 'a/']);
  });
});

describe('the walk of a folder', () => {
  it('gives files by bytes, and then folders by bytes with all below them', () => {
    const root = newFolder();
    plant(root, {
      'b.json': '',
      'B.json': '',
      'a/2.bin': '',
      'a/1.rkyv': '',
      'a/z/1.json': '',
      'a.json': '',
      'A/1.json': '',
      'a0/1.json': '',
      'a-/1.json': '',
      [raw('é.json')]: '',
      '\xe9.json': '',
      '\xff/\n.json': '',
      'x.txt': '',
      'x.jpg': '',
      'empty/': '',
    });
    expect(pathsOf(walkOf(root))).toEqual([
      'B.json',
      'a.json',
      'b.json',
      raw('é.json'),
      '\xe9.json',
      'A/1.json',
      'a/1.rkyv',
      'a/2.bin',
      'a/z/1.json',
      'a-/1.json',
      'a0/1.json',
      '\xff/\n.json',
    ]);
  });

  it('closes batches by weight; a cursor is the last candidate or folder', () => {
    const root = newFolder();
    plant(root, { '1.json': '', '2.json': '', '3.json': '', 'a/4.json': '', 'b/': '', 'c/5.json': '' });
    const batches = walkOf(root, 3);
    expect(batches.map((batch) => [pathsOf([batch]), cursorText(batch)])).toEqual([
      [['1.json', '2.json'], '2.json'],
      [['3.json', 'a/4.json'], 'a/4.json'],
      [['c/5.json'], 'c/5.json'],
    ]);
    expect(walkOf(root, 1).map(cursorText)).toEqual([
      ...['/', '1.json', '2.json', '3.json', 'a/', 'a/4.json', 'b/', 'c/', 'c/5.json'],
    ]);
  });

  it('has 512 in a batch, and one batch with nothing in it for an empty folder', () => {
    const root = newFolder();
    expect(walkOf(root).map((batch) => [batch.segments, cursorText(batch)])).toEqual([[[], '/']]);
    plant(root, Object.fromEntries(Array.from({ length: 1023 }, (_, i) => [`${1000 + i}.json`, ''])));
    expect(walkOf(root).map((batch) => [pathsOf([batch]).length, cursorText(batch)])).toEqual([
      [511, '1510.json'],
      [512, '2022.json'],
    ]);
  });

  it('passes over and counts by reason', async () => {
    const root = newFolder();
    plant(root, {
      '._a.json': '',
      '.DS_Store': '',
      '@eaDir/x.json': '',
      '._folder/x.json': '', // system
      '.tandem-lock': '',
      '.tandem-quarantine/x.json': '', // scratch
      'sub/@eaDir': '',
      'x.json/in.json': '',
      'ok.json': '',
    });
    execFileSync('mkfifo', [`${root}/pipe.json`, `${root}/pipe.txt`]);
    const server = createServer().listen(`${root}/socket.bin`);
    await new Promise((resolve) => server.once('listening', resolve));
    link(root, 'pipe-link.json', 'pipe.json');
    link(root, 'loop', '.');
    link(root, 'folder.json', 'sub');
    const [batch] = walkOf(root);
    await new Promise((resolve) => server.close(resolve));
    expect(batch?.counts).toMatchObject({ system: 4, scratch: 2, notAFile: 3, linkedFolder: 2 });
    expect(pathsOf([batch as WalkBatch])).toEqual(['ok.json', 'x.json/in.json']);
  });

  it('follows links to files and marks those that lead nowhere', () => {
    const root = newFolder();
    plant(root, { 'real.json': '{}', 'other.txt': '' });
    link(root, 'linked.json', 'real.json');
    link(root, 'text.json', 'other.txt');
    link(root, 'gone.json', 'nothing');
    link(root, 'through.json', 'real.json/below');
    link(root, 'round.json', 'round.json');
    link(root, 'gone.txt', 'nothing');
    expect(pathsOf(walkOf(root))).toEqual([
      'gone.json b',
      'linked.json l',
      'real.json',
      'round.json b',
      'text.json l',
      'through.json b',
    ]);
  });

  it('gives a row to a folder that is gone when its turn comes', () => {
    const root = newFolder();
    plant(root, { '1.json': '', 'a/2.json': '', 'b/3.json': '', 'c/': '' });
    const walk = new FolderWalk(root, false, '', 2);
    const first = walk.next() as WalkBatch;
    rmSync(`${root}/a`, { recursive: true });
    rmSync(`${root}/c`, { recursive: true });
    plant(root, { c: 'now a file' });
    expect(pathsOf([first, ...batchesOf(walk)])).toEqual([
      ...['1.json', 'a/ ERR_TANDEM_NOT_FOUND', 'b/3.json', 'c/ ERR_TANDEM_NOT_FOUND'],
    ]);
  });

  it('does not follow a folder that became a link after it was listed', () => {
    const root = newFolder();
    const elsewhere = newFolder();
    plant(root, { '1.json': '', 'a/2.json': '', 'b/c/3.json': '', 'd/4.json': '' });
    plant(elsewhere, { 'secret.json': '', 'c/secret.json': '' });
    const walk = new FolderWalk(root, false, '', 2);
    const first = walk.next() as WalkBatch;
    for (const name of ['a', 'd']) {
      rmSync(`${root}/${name}`, { recursive: true });
      link(root, name, elsewhere);
    }
    const wanted = ['1.json', 'a/ ERR_TANDEM_NOT_FOUND', 'b/c/3.json', 'd/ ERR_TANDEM_NOT_FOUND'];
    expect(pathsOf([first, ...batchesOf(walk)])).toEqual(wanted);
    // Nor does one that goes on in such a folder.
    const after = Buffer.from('d/1.json').toString('base64');
    expect(pathsOf(batchesOf(new FolderWalk(root, false, after)))).toEqual(['d/ ERR_TANDEM_NOT_FOUND']);
  });

  it('gives a row to a folder that cannot be read', () => {
    const root = newFolder();
    const start = process.cwd();
    try {
      // The whole path becomes longer than the system takes, which stops root too.
      process.chdir(root);
      for (let i = 0; i < 20; i++) {
        plant('.', { 'a.json': '', [`${'d'.repeat(250)}/`]: '' });
        process.chdir('d'.repeat(250));
      }
    } finally {
      process.chdir(start);
    }
    const paths = pathsOf(walkOf(root));
    expect(paths.at(-1)).toMatch(/d\/ ERR_TANDEM_FOLDER_UNREADABLE$/);
    expect(paths.slice(0, -1).every((path) => path.endsWith('a.json'))).toBe(true);
  });

  it.each([
    ['a root that is not there', 'missing', 'ERR_TANDEM_INPUT_MISSING'],
    ['a root that is a file', 'file', 'ERR_TANDEM_INPUT_NOT_A_FOLDER'],
    ['a root below a file', 'file/below', 'ERR_TANDEM_INPUT_NOT_A_FOLDER'],
    ['a root that is a link to itself', 'round', 'ERR_TANDEM_INPUT_MISSING'],
  ])('%s ends the run', (_, name, code) => {
    const root = newFolder();
    plant(root, { file: '' });
    link(root, 'round', 'round');
    expect(() => new FolderWalk(`${root}/${name}`, false, '').next()).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('walks a root that is a link', () => {
    const root = newFolder();
    plant(root, { 'real/a.json': '' });
    link(root, 'way', 'real');
    expect(pathsOf(walkOf(`${root}/way`))).toEqual(['a.json']);
  });
});

describe('going on after a cursor', () => {
  const name = fc.constantFrom(
    'a',
    'b',
    'B',
    'a.json',
    'b.json',
    'c.BIN',
    'é',
    '\xff.json',
    '\n',
    'a-',
    'a0',
    '._x.json',
  );
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.map(raw).join('/'));
  const tree = fc.tuple(fc.array(path, { maxLength: 25 }), fc.integer({ min: 1, max: 7 }));

  it('gives exactly the rest, at every cursor of any tree', () => {
    fc.assert(
      fc.property(tree, ([paths, weight]) => {
        const root = newFolder();
        for (const path of paths) {
          try {
            plant(root, { [path]: '' });
          } catch {
            // A file has the name of a folder of this path, or the other way round.
          }
        }
        const whole = walkOf(root, weight);
        for (const [index, { cursor }] of whole.entries()) {
          expect(batchesOf(new FolderWalk(root, false, cursor, weight))).toEqual(whole.slice(index + 1));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('gives what came after a file or folder that is gone since', () => {
    const root = newFolder();
    plant(root, { 'a/1.json': '', 'a/2.json': '', 'a/x/3.json': '', 'b/4.json': '' });
    const after = (path: string) =>
      pathsOf(batchesOf(new FolderWalk(root, false, Buffer.from(path, 'latin1').toString('base64'))));
    expect(after('a/1')).toEqual(['a/1.json', 'a/2.json', 'a/x/3.json', 'b/4.json']);
    expect(after('a/1.json')).toEqual(['a/2.json', 'a/x/3.json', 'b/4.json']);
    expect(after('a/x/zzz.json')).toEqual(['b/4.json']);
    expect(after('aa/')).toEqual(['b/4.json']);
    // Some of its candidates were done and the others cannot be: that is news.
    expect(after('aa/1.json')).toEqual(['aa/ ERR_TANDEM_NOT_FOUND', 'b/4.json']);
    expect(after('z/')).toEqual([]);
  });

  it.each(['!', '', '//', '/a', 'a//b'])('refuses %j, which no run has written', (path) => {
    const cursor = path === '!' ? '!' : Buffer.from(path).toString('base64') || '====';
    const walk = new FolderWalk(newFolder(), false, cursor);
    expect(() => walk.next()).toThrow(expect.objectContaining({ code: 'ERR_TANDEM_BAD_ARGUMENT' }));
  });
});

describe('the walk of a list', () => {
  it('keeps the order and the folders as they are spelt', () => {
    const root = newFolder();
    plant(root, { 'a.json': '', 'sub/b.json': '', 'folder.json/': '' });
    link(root, 'l.json', 'a.json');
    link(root, 'gone.json', 'nothing');
    const names = [
      'sub/b.json',
      'a.json',
      'sub/b.json',
      'none.json',
      'folder.json',
      'l.json',
      'gone.json',
      '',
    ];
    const list = names.map((name) => (name === '' ? '' : `${root}/${name}`));
    const paths = pathsOf(batchesOf(new ListWalk(list, false, '')));
    expect(paths).toEqual([...list.slice(0, 4), `${list[4]} o`, `${list[5]} l`, `${list[6]} b`, '']);
  });

  it('has 512 names in a batch, and the index of the next as its cursor', () => {
    const list = Array.from({ length: 1100 }, (_, i) => `${i}.json`);
    const batches = batchesOf(new ListWalk(list, false, ''));
    expect(batches.map((batch) => [pathsOf([batch]).length, batch.cursor])).toEqual([
      ...[
        [512, '512'],
        [512, '1024'],
        [76, '1100'],
      ],
    ]);
    expect(batchesOf(new ListWalk(list, false, '512'))).toEqual(batches.slice(1));
    expect(batchesOf(new ListWalk(list, false, '1100'))).toEqual([]);
    expect(() => new ListWalk(list, false, '1101').next()).toThrow(TandemError);
    expect(() => new ListWalk(list, false, '01').next()).toThrow(TandemError);
    expect(batchesOf(new ListWalk([], false, ''))).toEqual([]);
  });
});
