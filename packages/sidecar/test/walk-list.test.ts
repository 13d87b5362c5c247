import { TandemError } from '@tandem/engine';
import { describe, expect, it } from 'vitest';
import { ListWalk } from '../src/walk/list-walk.ts';
import { link, newFolder, plant } from './scan-trees.ts';
import { batchesOf, pathsOf } from './walk-fixture.ts';

describe('the walk of a list', () => {
  it('keeps the order and the spelling of the folders', () => {
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
