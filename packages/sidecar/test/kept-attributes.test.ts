import { chmodSync, chownSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { failingWith } from '../../files/test/failing-steps.ts';
import { DISK, runModule, treeOf } from '../../files/test/store-files.ts';
import type { ConvertRow } from '../src/generated/reports.ts';
import { convert } from '../src/operations/convert.ts';
import { saveSidecarData } from '../src/operations/save.ts';
import {
  ACL,
  ACL_OF_NEW_FILES,
  acl,
  attributesOf,
  keptOf,
  setAttributes,
  setTimes,
  whyNoAttributes,
} from './attributes-fixture.ts';
import { FACE, names, row, treeMaker } from './convert-fixture.ts';
import { converted, stored } from './convert-trees.ts';

/** The attributes of a document, on real file systems: spec/sidecar/convert.md, "What is kept". */

const rootWith = treeMaker(DISK);
const isRoot = process.getuid?.() === 0;
const why = whyNoAttributes();
const NOTE = { 'user.note': '68656c6c6f', 'user.empty': '' };
const MODIFIED = 1_500_000_000_987_654_321n;
const ACCESSED = 1_600_000_000_123_456_789n;

/** On the engine of this vitest project. */
async function run(input: string, more: object = {}): Promise<readonly ConvertRow[]> {
  const report = await convert({ input, format: 'bin', layout: 'ndjson', workers: 2, ...more });
  const rows: ConvertRow[] = [];
  for await (const one of report.rows()) rows.push(one);
  return rows;
}

/** Everything that must be kept; root can set more. */
function adorn(path: string): void {
  setAttributes(path, { ...NOTE, [ACL]: acl(6, 6, 0, 6, 0), ...(isRoot ? { 'trusted.x': '31' } : {}) });
  if (isRoot) chownSync(path, 1001, 1002);
  setTimes(path, ACCESSED, MODIFIED);
}

describe.skipIf(why !== '')(`attributes${why === '' ? '' : ` (${why})`}`, () => {
  test('owner, mode, ACL, extended attributes and times of a document are kept by its target', async () => {
    const root = rootWith({
      'a.json': FACE,
      'b.json': FACE,
      'read-only.json': FACE,
      'sub/c\xff.json': FACE,
      'sub/in-place.bin': stored(FACE, 'legacy'),
    });
    const targets = new Map([
      ['a.json', 'a.bin'],
      ['b.json', 'b.bin'],
      ['read-only.json', 'read-only.bin'],
      ['sub/in-place.bin', 'sub/in-place.bin'],
    ]);
    for (const name of ['a.json', 'sub/in-place.bin']) adorn(`${root}/${name}`);
    setTimes(`${root}/b.json`, -ACCESSED, -MODIFIED);
    setAttributes(`${root}/read-only.json`, NOTE);
    chmodSync(`${root}/read-only.json`, 0o444);
    const before = [...targets.keys()].map((name) => keptOf(`${root}/${name}`));
    const rows = await run(root);
    expect(rows.map(({ status }) => status)).toEqual(Array(5).fill('converted'));
    expect([...targets.values()].map((name) => keptOf(`${root}/${name}`))).toEqual(before);
    expect(before[0]).toMatchObject({ mtimeNs: MODIFIED, attributes: NOTE });
    expect(treeOf(root).get('sub/c\xff.bin')).toBe(stored(FACE, 'bin'));
  });

  test('a target gives read permission to no one who cannot read its source, whatever default ACL its folder has', async () => {
    const root = rootWith({ 'a.json': FACE, 'b.json': FACE });
    chmodSync(`${root}/a.json`, 0o640);
    setAttributes(root, { [ACL_OF_NEW_FILES]: acl(7, 7, 7, 7, 7) });
    const before = ['a', 'b'].map((name) => keptOf(`${root}/${name}.json`));
    await run(root);
    expect(['a', 'b'].map((name) => keptOf(`${root}/${name}.bin`))).toEqual(before);
    expect(attributesOf(`${root}/a.bin`)).toEqual({});
  });

  test('an existing target with the same content gets them before its source is removed', async () => {
    const root = rootWith({ 'a.json': FACE, 'a.bin': stored(FACE, 'bin') });
    chmodSync(`${root}/a.bin`, 0o444);
    adorn(`${root}/a.json`);
    const before = keptOf(`${root}/a.json`);
    expect(row(await run(root), 'a.json')).toMatchObject({ status: 'converted', resumed: true });
    expect(names(root)).toEqual(['a.bin']);
    expect(keptOf(`${root}/a.bin`)).toEqual(before);
  });

  test('they are also kept where the folder has a relative path whose bytes are not UTF-8', async () => {
    const root = rootWith({});
    mkdirSync(Buffer.from(`${root}/b\xff`, 'latin1'));
    const before = process.cwd();
    process.chdir(root);
    try {
      const path = Buffer.from('b\xff/a.json', 'latin1');
      writeFileSync(path, FACE);
      chmodSync(path, 0o604);
      const { mode, mtimeNs } = lstatSync(path, { bigint: true });
      expect((await run('.'))[0]).toMatchObject({ status: 'converted' });
      const made = lstatSync(Buffer.from('b\xff/a.bin', 'latin1'), { bigint: true });
      expect([made.mode, made.mtimeNs]).toEqual([mode, mtimeNs]);
    } finally {
      process.chdir(before);
    }
  });

  test('a document keeps all of them except its times when it is saved into', async () => {
    const root = rootWith({ 'a.jpg': '', 'a.json': FACE });
    adorn(`${root}/a.json`);
    const { mtimeNs, ...before } = keptOf(`${root}/a.json`) as { mtimeNs: bigint };
    await saveSidecarData(`${root}/a.jpg`, 'ball_detection', { balls: [] });
    expect(readFileSync(`${root}/a.json`, 'utf8')).toContain('ball_detection');
    const { mtimeNs: now, ...after } = keptOf(`${root}/a.json`) as { mtimeNs: bigint };
    expect(after).toEqual(before);
    expect(now).toBeGreaterThan(mtimeNs);
  });
});

describe('attributes that cannot be kept', () => {
  test.each([
    ['EPERM', 'NOT_KEPT'],
    ['EOPNOTSUPP', 'NOT_KEPT'],
    ['EDQUOT', 'NO_SPACE'],
  ])('leave the file unchanged with an error (%s), and the rest is converted', async (errno, code) => {
    const root = rootWith({ 'a.json': FACE, 'b.json': FACE, 'c.json': FACE, 'c.bin': stored(FACE, 'bin') });
    const steps = failingWith(errno, ({ what, path }) => what === 'attributes' && !path.endsWith('-1'));
    const { rows } = await converted({ input: root, format: 'bin' }, steps);
    expect(row(rows, 'a.json').status).toBe('converted');
    for (const name of ['b.json', 'c.json'])
      expect(row(rows, name)).toMatchObject({ status: 'failed', error_code: `ERR_TANDEM_${code}` });
    expect(names(root)).toEqual(['a.bin', 'b.json', 'c.bin', 'c.json']);
  });

  test.skipIf(process.platform !== 'linux')(
    'are all of them in TypeScript, where there is no GNU cp',
    async () => {
      const root = rootWith({ 'a.json': FACE, 'a.jpg': '' });
      const path = process.env['PATH'];
      process.env['PATH'] = root;
      try {
        const rows = await run(root, { engine: 'typescript' });
        expect(rows[0]).toMatchObject({ status: 'failed', error_code: 'ERR_TANDEM_NO_CP' });
        // A cp without these options, like that of busybox.
        writeFileSync(`${root}/cp`, '#!/bin/sh\necho "cp: unrecognized option" >&2\nexit 1\n', {
          mode: 0o755,
        });
        expect((await run(root, { engine: 'typescript' }))[0]?.error_code).toBe('ERR_TANDEM_NO_CP');
        // A cp that reports success.
        writeFileSync(`${root}/cp`, '#!/bin/sh\nexit 0\n');
        expect((await run(root, { engine: 'typescript' }))[0]?.error_code).toBe('ERR_TANDEM_NOT_KEPT');
      } finally {
        process.env['PATH'] = path;
      }
      expect(names(root)).toEqual(['a.jpg', 'a.json', 'cp']);
    },
  );

  test.skipIf(!isRoot)('make a save fail for a user who is not the owner', async () => {
    const root = rootWith({ 'a.jpg': '', 'a.json': FACE });
    for (const path of [root, `${root}/..`]) chmodSync(path, 0o777);
    const source = `
      const { saveSidecarData } = product;
      const image = process.argv.at(-1);
      // What it loads it loads as root: nobody may not read it everywhere.
      await saveSidecarData(image, 'yolov8', {});
      process.setgroups([]);
      process.setgid(65534);
      process.setuid(65534);
      await saveSidecarData(image, 'ball_detection', {}).catch(({ code }) => process.stdout.write(code));`;
    const before = await runModule(source, [`${root}/a.jpg`]);
    expect(before).toMatchObject({ stdout: 'ERR_TANDEM_NOT_KEPT', stderr: '' });
    expect(readFileSync(`${root}/a.json`, 'utf8')).not.toContain('ball_detection');
    expect(names(root)).toEqual(['a.jpg', 'a.json']);
  });
});

test('times are kept to the nanosecond', async () => {
  const root = rootWith({ 'a.json': FACE });
  const { mtimeNs } = lstatSync(`${root}/a.json`, { bigint: true });
  await run(root);
  expect(lstatSync(`${root}/a.bin`, { bigint: true }).mtimeNs).toBe(mtimeNs);
});
