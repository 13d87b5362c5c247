import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FolderWalk } from '../src/walk/folder-walk.ts';
import { newFolder, plant, raw } from './scan-trees.ts';
import { batchesOf, pathsOf, walkOf } from './walk-fixture.ts';

describe('a walk that resumes after a cursor', () => {
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
            // A file has the name of a folder in this path, or the other way round.
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

  it('gives what follows a file or folder that is gone', () => {
    const root = newFolder();
    plant(root, { 'a/1.json': '', 'a/2.json': '', 'a/x/3.json': '', 'b/4.json': '' });
    const after = (path: string) =>
      pathsOf(batchesOf(new FolderWalk(root, false, Buffer.from(path, 'latin1').toString('base64'))));
    expect(after('a/1')).toEqual(['a/1.json', 'a/2.json', 'a/x/3.json', 'b/4.json']);
    expect(after('a/1.json')).toEqual(['a/2.json', 'a/x/3.json', 'b/4.json']);
    expect(after('a/x/zzz.json')).toEqual(['b/4.json']);
    expect(after('aa/')).toEqual(['b/4.json']);
    // Some of its candidates are done and the others cannot be read any more: that gets a row.
    expect(after('aa/1.json')).toEqual(['aa/ ERR_TANDEM_NOT_FOUND', 'b/4.json']);
    expect(after('z/')).toEqual([]);
  });

  it.each(['!', '', '//', '/a', 'a//b'])('refuses %j, which no run has written', (path) => {
    const cursor = path === '!' ? '!' : Buffer.from(path).toString('base64') || '====';
    const walk = new FolderWalk(newFolder(), false, cursor);
    expect(() => walk.next()).toThrow(expect.objectContaining({ code: 'ERR_TANDEM_BAD_ARGUMENT' }));
  });
});
