import { createHash } from 'node:crypto';
import { treeChanges } from '@tandem/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { treeOf } from '../src/tree-hash/tree-hash.ts';

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const tree = (files: Readonly<Record<string, string>>) =>
  treeOf(Object.entries(files).map(([label, text]) => ({ label, hash: hashOf(text) })));

describe('the tree hash', () => {
  it('follows its specification', () => {
    const entry = (type: string, name: string, hash: string): Buffer =>
      Buffer.concat([
        Buffer.from(type),
        Buffer.from([name.length, 0, 0, 0]),
        Buffer.from(name),
        Buffer.from(hash, 'hex'),
      ]);
    const folder = (...entries: Buffer[]): string =>
      createHash('sha256')
        .update('tandem-tree-1\0')
        .update(Buffer.from([entries.length, 0, 0, 0]))
        .update(Buffer.concat(entries))
        .digest('hex');
    const below = folder(entry('f', 'b.sql', hashOf('B')));
    const expected = folder(entry('d', 'a', below), entry('f', 'a.sql', hashOf('A')));
    expect(tree({ 'a.sql': 'A', 'a/b.sql': 'B' }).hash).toBe(expected);
  });

  it('differs where the flat hash collides', () => {
    expect(tree({ 'a.sql': 'x', 'b.sql': 'y' }).hash).not.toBe(tree({ 'a.sql': 'x\0b.sql\0y' }).hash);
  });

  it('does not depend on the order of the files, and accepts any name', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }).map((name) => name.replaceAll('/', '_')));
    fc.assert(
      fc.property(names, (all) => {
        const files = all.map((label) => ({ label, hash: hashOf(label) }));
        expect(treeOf(files.toReversed()).hash).toBe(treeOf(files).hash);
      }),
    );
    expect(tree({ __proto__x: 'A' }).hash).not.toBe(tree({}).hash);
    expect(treeOf([{ label: '__proto__/a.sql', hash: hashOf('') }]).hash).not.toBe(tree({}).hash);
  });
});

describe('the changes between two trees', () => {
  it('name files and their folders', () => {
    const before = tree({ 'a/b/c.sql': '1', 'a/d.sql': '2', 'e/f.sql': '3', g: '4' });
    const after = tree({ 'a/b/c.sql': '9', 'a/d.sql': '2', 'h/i.sql': '5', 'g/j.sql': '4' });
    expect(treeChanges(before, after)).toEqual([
      { path: 'a/', change: 'changed' },
      { path: 'a/b/', change: 'changed' },
      { path: 'a/b/c.sql', change: 'changed' },
      { path: 'e/', change: 'removed' },
      { path: 'e/f.sql', change: 'removed' },
      { path: 'g', change: 'removed' },
      { path: 'g/', change: 'added' },
      { path: 'g/j.sql', change: 'added' },
      { path: 'h/', change: 'added' },
      { path: 'h/i.sql', change: 'added' },
    ]);
    expect(treeChanges(after, after)).toEqual([]);
  });
});
