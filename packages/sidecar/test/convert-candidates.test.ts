import { linkSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { treeOf } from '../../files/test/store-files.ts';
import { FACE, names, PLAIN, row, treeMaker } from './convert-fixture.ts';
import { converted, stored, textOf } from './convert-trees.ts';

const rootWith = treeMaker();

describe('candidates', () => {
  test('are classified', async () => {
    const root = rootWith({
      'a.json': FACE,
      'already.bin': stored(FACE, 'bin'),
      'lies.json': stored(FACE, 'bin'),
      'image.json': FACE,
      'image.jpg': '',
      'beside.json': PLAIN,
      'beside.jpg': '',
      'package.json': PLAIN,
      'broken.json': '{"a":',
      'legacy.bin': stored(FACE, 'legacy'),
      'UPPER.JSON': FACE,
      'archive.rkyv': stored(FACE, 'rkyv'),
    });
    symlinkSync('a.json', join(root, 'link.json'));
    symlinkSync('nowhere', join(root, 'lost.json'));
    const { rows, totals } = await converted({ input: root, format: 'bin' });
    expect(
      rows.map(({ file_path, status, reason, from, error_code }) => [
        file_path.slice(root.length + 1),
        status,
        reason ?? error_code,
        from,
      ]),
    ).toEqual([
      ['UPPER.JSON', 'converted', null, 'json'],
      ['a.json', 'skipped', 'linked', 'json'],
      ['already.bin', 'skipped', 'already', 'bin'],
      ['archive.rkyv', 'converted', null, 'rkyv'],
      ['beside.json', 'skipped', 'not_a_sidecar', 'json'],
      ['broken.json', 'failed', 'ERR_TANDEM_JSON_TRUNCATED', 'json'],
      ['image.json', 'converted', null, 'json'],
      ['legacy.bin', 'converted', null, 'legacy'],
      ['lies.json', 'skipped', 'already', 'bin'],
      ['link.json', 'skipped', 'link', null],
      ['lost.json', 'failed', 'ERR_TANDEM_BROKEN_SYMLINK', null],
      ['package.json', 'skipped', 'not_a_sidecar', 'json'],
    ]);
    expect(totals.skipped).toEqual({ already: 2, link: 1, linked: 1, not_a_sidecar: 2 });
    const tree = treeOf(root);
    expect(textOf(tree.get('image.bin') as string, 'bin')).toBe(FACE);
    expect(tree.get('UPPER.bin')).toBe(stored(FACE, 'bin'));
    expect(tree.get('legacy.bin')).toBe(stored(FACE, 'bin'));
    const nothing = {
      reason: null,
      kind: null,
      resumed: false,
      from: null,
      to: 'bin',
      target_path: null,
      bytes_before: null,
      bytes_after: null,
      respelled: false,
      error: null,
      error_code: null,
      error_offset: null,
      error_line: null,
      error_column: null,
      hint: null,
    };
    expect(row(rows, 'UPPER.JSON')).toEqual({
      ...nothing,
      file_path: `${root}/UPPER.JSON`,
      status: 'converted',
      from: 'json',
      target_path: `${root}/UPPER.bin`,
      bytes_before: FACE.length,
      bytes_after: stored(FACE, 'bin').length,
    });
    expect(row(rows, 'link.json')).toEqual({
      ...nothing,
      file_path: `${root}/link.json`,
      status: 'skipped',
      reason: 'link',
    });
    expect(row(rows, 'broken.json')).toEqual({
      ...nothing,
      file_path: `${root}/broken.json`,
      status: 'failed',
      from: 'json',
      bytes_before: 5,
      error: 'the text ends where a value should follow',
      error_code: 'ERR_TANDEM_JSON_TRUNCATED',
      error_offset: 5,
      error_line: 1,
      error_column: 6,
      hint: 'it was truncated: write the file again or restore it',
    });
  });

  test.each([
    ['FaceDetection', 'a'],
    ['BallDetection', 'b'],
  ])('of other operations than %s are left out and counted; broken ones are not', async (operation, its) => {
    const root = rootWith({ 'a.json': FACE, 'b.json': '{"ball_detection":[]}', 'c.json': '{' });
    const { rows, totals } = await converted({ input: root, format: 'bin', operationType: operation });
    expect(rows.map(({ status }) => status)).toEqual(['converted', 'failed']);
    expect(totals.passed_over).toEqual({ other_operation: 1 });
    const left = ['a', 'b'].map((name) => (name === its ? `${name}.bin` : `${name}.json`));
    expect(names(root)).toEqual([...left, 'c.json']);
  });

  test('report a loss of white space and escapes', async () => {
    const root = rootWith({
      'a.json': FACE,
      'b.json': '{"face_detection":[1.0]}',
      'c.bin': stored(FACE, 'legacy'),
    });
    const { rows, totals } = await converted({ input: root, format: 'rkyv' });
    expect(rows.map(({ respelled }) => respelled)).toEqual([true, false, true]);
    expect(totals.respelled).toBe(2);
  });

  test('are written in the older tool’s form on request', async () => {
    const root = rootWith({ 'a.json': FACE });
    const { rows } = await converted({ input: root, format: 'bin', legacyLayout: true });
    expect(rows[0]).toMatchObject({ to: 'legacy', respelled: true, target_path: `${root}/a.bin` });
    expect(readFileSync(`${root}/a.bin`).subarray(8).toString()).toBe('{"face_detection":[1.0,2],"u":"A"}');
    const again = await converted({ input: root, format: 'bin', legacyLayout: true });
    expect(again.rows[0]).toMatchObject({ status: 'skipped', reason: 'already' });
  });

  test('with names that are not UTF-8 are converted under the same bytes', async () => {
    const root = rootWith({ 'a\xff.json': FACE });
    const { rows } = await converted({ input: root, format: 'bin' });
    expect(rows[0]?.file_path).toBe(`${root}/a\ufffd.json`);
    expect(rows[0]?.target_path).toBe(`${root}/a\ufffd.bin`);
    expect(Buffer.from(rows[0]?.file_path_bytes ?? '', 'base64').toString('latin1')).toBe(
      `${root}/a\xff.json`,
    );
    expect(names(root)).toEqual(['a\xff.bin']);
  });

  test('with other hard links are converted like any other', async () => {
    const root = rootWith({ 'a.json': FACE });
    linkSync(`${root}/a.json`, `${root}/other`);
    await converted({ input: root, format: 'bin' });
    expect(names(root)).toEqual(['a.bin', 'other']);
    expect(readFileSync(`${root}/other`, 'latin1')).toBe(FACE);
  });
});

describe('limits', () => {
  test.each(['bin', 'rkyv'] as const)(
    'also apply to the file that is written as %s: the source stays, and is not called broken',
    async (format) => {
      const target = stored(FACE, format);
      const root = rootWith({ 'a.json': FACE, 'sub/a.json': FACE, [`sub/a.${format}`]: target });
      const maxSize = target.length - 1;
      const { rows, totals } = await converted({ input: root, format, maxSize });
      for (const name of ['a.json', 'sub/a.json']) {
        expect(row(rows, name)).toMatchObject({
          status: 'failed',
          error_code: 'ERR_TANDEM_TARGET_TOO_LARGE',
          error: `a.${format} would be ${target.length} bytes, more than the limit of ${maxSize}`,
          bytes_before: FACE.length,
          bytes_after: null,
        });
      }
      // The existing target is too large itself, and is reported for that.
      expect(totals).toMatchObject({ failed: 3, invalid: 1 });
      expect(names(root)).toEqual(['a.json', `sub/a.${format}`, 'sub/a.json'].sort());
      const enough = await converted({ input: root, format, maxSize: target.length });
      expect(enough.totals).toMatchObject({ converted: 2, failed: 0 });
    },
  );
});
