import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { extensionOf, folderOf, rootPrefix, stemOf } from '@tandem/files';
import { describe, expect, it } from 'vitest';
import { FolderWalk } from '../src/walk/folder-walk.ts';
import { classOf, promisedBy } from '../src/walk/name-class.ts';
import type { WalkBatch } from '../src/walk/walk-batch.ts';
import { link, newFolder, plant, raw } from './scan-trees.ts';
import { batchesOf, cursorText, pathsOf, walkOf } from './walk-fixture.ts';

describe('names', () => {
  it('that begin with a dot have no extension there', () => {
    expect(['.json', '..json', 'a.b.JSON', 'a.', 'a'].map(extensionOf)).toEqual(['', 'json', 'JSON', '', '']);
    expect(['.json', 'a.jpg.json', 'a'].map(stemOf)).toEqual(['.json', 'a.jpg', 'a']);
  });

  it('are classified by their extension in any ASCII case', () => {
    expect(
      ['x.JSON', 'x.Bin', 'x.rkyv', 'x.JPG', 'x.cr2', 'x.Txt', '.json', 'json', 'x.j', 'x.'].map(classOf),
    ).toEqual([
      ...['candidate', 'candidate', 'candidate', 'image', 'image', 'other'],
      ...['unknown', 'unknown', 'unknown', 'unknown'],
    ]);
    // U+212A folds to k, and yet this is not an .rkyv.
    expect(classOf(raw('x.r\u212ayv'))).toBe('unknown');
    expect(['a.BIN', 'a.txt', 'a'].map(promisedBy)).toEqual(['bin', 'json', 'json']);
  });

  it('have folders and prefixes without doubled slashes', () => {
    expect(['/', '.', '', 'a/b'].map(rootPrefix)).toEqual(['/', './', '', 'a/b/']);
    expect(['a', 'a/b', '/a', 'a/'].map(folderOf)).toEqual(['', 'a/', '/', 'a/']);
  });
});

describe('the walk of a folder', () => {
  it('gives files in byte order, and then folders in byte order with all below them', () => {
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

  it('has 512 candidates per batch, and one empty batch for an empty folder', () => {
    const root = newFolder();
    expect(walkOf(root).map((batch) => [batch.segments, cursorText(batch)])).toEqual([[[], '/']]);
    plant(root, Object.fromEntries(Array.from({ length: 1023 }, (_, i) => [`${1000 + i}.json`, ''])));
    expect(walkOf(root).map((batch) => [pathsOf([batch]).length, cursorText(batch)])).toEqual([
      [511, '1510.json'],
      [512, '2022.json'],
    ]);
  });

  it('skips entries and counts them by reason', async () => {
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

  it('follows links to files and marks broken links', () => {
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

  it('gives a row to a folder that vanished after it was listed', () => {
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
    // Nor does a walk that resumes in such a folder.
    const after = Buffer.from('d/1.json').toString('base64');
    expect(pathsOf(batchesOf(new FolderWalk(root, false, after)))).toEqual(['d/ ERR_TANDEM_NOT_FOUND']);
  });

  it('gives a row to a folder that cannot be read', () => {
    const root = newFolder();
    const start = process.cwd();
    try {
      // The whole path becomes longer than the system accepts, which stops root too.
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
    ['a missing root', 'missing', 'ERR_TANDEM_INPUT_MISSING'],
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
