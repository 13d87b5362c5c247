import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { newRun } from '@tandem/files';
import { describe, expect, test } from 'vitest';
import { failingWith } from '../../files/test/failing-steps.ts';
import { treeOf } from '../../files/test/store-files.ts';
import { FACE, meddling, names, row, treeMaker } from './convert-fixture.ts';
import { converted, stored } from './convert-trees.ts';

const rootWith = treeMaker();

describe('targets', () => {
  test('that exist with other content are never overwritten', async () => {
    const other = stored('{"face_detection":[3]}', 'bin');
    const root = rootWith({ 'a.json': FACE, 'a.bin': other });
    const { rows } = await converted({ input: root, format: 'bin' });
    expect(row(rows, 'a.json')).toMatchObject({
      error_code: 'ERR_TANDEM_TARGET_EXISTS',
      error: 'a.bin already exists with other content',
    });
    expect(treeOf(root)).toEqual(
      new Map([
        ['a.bin', other],
        ['a.json', FACE],
      ]),
    );
  });

  const spelled = '{ "face_detection": [1] }';
  const written = '{"face_detection":[1]}';

  test.each([
    // A sealed file keeps the text, so another spelling is another document; an archive keeps the tokens.
    ['a.json', 'json', 'bin', stored(written, 'bin'), null],
    ['a.json', 'json', 'rkyv', stored(written, 'rkyv'), { resumed: true, respelled: true }],
    ['a.bin', 'bin', 'json', spelled, { resumed: true, respelled: false }],
    ['a.rkyv', 'rkyv', 'json', spelled, { resumed: true, respelled: false }],
    ['a.rkyv', 'rkyv', 'json', written, { resumed: true, respelled: false }],
  ] as const)(
    'of %s (%s), wanted as %s, count where they are whole',
    async (name, from, format, target, row0) => {
      const source = stored(spelled, from);
      const root = rootWith({ [name]: source, [`a.${format}`]: target });
      const { rows } = await converted({ input: root, format });
      const left = treeOf(root);
      if (row0 === null) {
        expect(row(rows, name).error_code).toBe('ERR_TANDEM_TARGET_EXISTS');
        expect(left.get(name)).toBe(source);
      } else {
        expect(row(rows, name)).toMatchObject({ status: 'converted', ...row0 });
        expect([...left.keys()]).toEqual([`a.${format}`]);
      }
      expect(left.get(`a.${format}`)).toBe(target);
    },
  );

  test.each(['folder', 'link'])('that are a %s stay', async (kind) => {
    const root = rootWith({ 'a.json': FACE });
    if (kind === 'folder') mkdirSync(`${root}/a.bin`);
    else symlinkSync('a.json', `${root}/a.bin`);
    const { rows } = await converted({ input: root, format: 'bin' });
    expect(row(rows, 'a.json').error_code).toBe('ERR_TANDEM_TARGET_EXISTS');
    expect(lstatSync(`${root}/a.bin`).isFile()).toBe(false);
    expect(readFileSync(`${root}/a.json`, 'latin1')).toBe(FACE);
  });

  test('with the same content complete an interrupted convert; with keep they are left', async () => {
    const root = rootWith({
      'a.json': FACE,
      'a.bin': stored(FACE, 'bin'),
      'b.rkyv': stored(FACE, 'rkyv'),
      'b.json': FACE,
    });
    const kept = await converted({ input: root, format: 'bin', keep: true });
    expect(row(kept.rows, 'a.json')).toMatchObject({
      status: 'skipped',
      reason: 'already',
      from: 'json',
      bytes_before: FACE.length,
    });
    rmSync(`${root}/b.rkyv`);
    const { rows } = await converted({ input: root, format: 'bin' });
    expect(row(rows, 'a.json')).toMatchObject({ status: 'converted', resumed: true });
    expect(names(root)).toEqual(['a.bin', 'b.bin']);
  });

  test('that two files would be converted to are not written', async () => {
    const files = {
      'a.json': FACE,
      'a.JSON': FACE,
      'b.bin': stored(FACE, 'legacy'),
      'b.json': '{"broken',
      'c.json': FACE,
    };
    const root = rootWith(files);
    const { rows } = await converted({ input: root, format: 'rkyv' });
    expect(row(rows, 'a.json').error).toBe('a.JSON would also be converted to a.rkyv');
    expect(row(rows, 'a.JSON').error).toBe('a.json would also be converted to a.rkyv');
    expect(row(rows, 'b.bin').error).toBe('b.json would also be converted to b.rkyv');
    expect(row(rows, 'c.json').status).toBe('converted');
    expect(names(root)).toEqual(['a.JSON', 'a.json', 'b.bin', 'b.json', 'c.rkyv']);
  });

  test('that appear between the plan and the placing stay', async () => {
    const root = rootWith({ 'a.json': FACE });
    const steps = meddling('link', '/a.bin', () => writeFileSync(`${root}/a.bin`, 'mine'));
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(rows[0]).toMatchObject({
      error_code: 'ERR_TANDEM_TARGET_EXISTS',
      error: 'a.bin already exists with other content',
    });
    expect(treeOf(root)).toEqual(
      new Map([
        ['a.bin', 'mine'],
        ['a.json', FACE],
      ]),
    );
  });

  test('have the permission bits of their source', async () => {
    const root = rootWith({ 'a.json': FACE });
    chmodSync(`${root}/a.json`, 0o640);
    await converted({ input: root, format: 'bin' });
    expect(statSync(`${root}/a.bin`).mode & 0o7777).toBe(0o640);
  });

  test('are claimed first where there are no links, and a dead claim is not a target', async () => {
    const { host, scope, pid, started } = newRun();
    const dead = `${host}-${scope}-${pid}-${started + 1}-r00000000`;
    const root = rootWith({
      'a.json': FACE,
      'b.json': FACE,
      'b.bin': `{"tandem":"claim","version":1,"run":"${dead}"}\n`,
      'b.jpg': '',
    });
    const noLinks = failingWith('EPERM', (step) => step.what === 'link' && !step.path.endsWith('-0'));
    const { rows } = await converted({ input: root, format: 'bin' }, noLinks);
    expect(row(rows, 'b.bin')).toMatchObject({ status: 'skipped', reason: 'not_a_sidecar' });
    expect(row(rows, 'b.json')).toMatchObject({ status: 'converted', resumed: false });
    expect(treeOf(root)).toEqual(
      new Map([
        ['a.bin', stored(FACE, 'bin')],
        ['b.bin', stored(FACE, 'bin')],
        ['b.jpg', ''],
      ]),
    );
  });
});
