import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DISK, runModule, temporaryFolder, treeOf } from '../../files/test/store-files.ts';
import type { ConvertRow } from '../src/generated/reports.ts';
import { convert } from '../src/operations/convert.ts';
import { FACE, names, row } from './convert-fixture.ts';
import { makeTree, stored, textOf } from './convert-trees.ts';
import { addon } from './scan-trees.ts';

/**
 * Real disks that refuse, on both engines: full ones, read-only ones, immutable folders and files, and a user
 * without permission. Both engines give the same rows and leave the same tree. Some tests need root and
 * Linux, and are skipped elsewhere.
 */

type Engine = 'typescript' | 'native';
const ENGINES: readonly Engine[] = addon === null ? ['typescript'] : ['typescript', 'native'];
const NOBODY = 65_534;

const base = temporaryFolder(DISK);
const isRoot = process.getuid?.() === 0;
const isLinux = process.platform === 'linux';

interface Told {
  readonly rows: readonly ConvertRow[];
  readonly tree: ReadonlyMap<string, string>;
}

async function converted(input: string, engine: Engine): Promise<readonly ConvertRow[]> {
  const report = await convert({ input, format: 'bin', engine, layout: 'ndjson', workers: 1 });
  const rows: ConvertRow[] = [];
  for await (const row of report.rows()) rows.push(row);
  return rows;
}

/** The outcome on each engine for a tree at the same path; returns the first one if they agree. */
async function same(root: string, run: (engine: Engine) => Promise<readonly ConvertRow[]>): Promise<Told> {
  const told: Told[] = [];
  for (const engine of ENGINES) told.push({ rows: await run(engine), tree: treeOf(root) });
  for (const other of told) expect(other).toEqual(told[0]);
  return told[0] as Told;
}

function expectFailed(told: Told, name: string, code: string): void {
  expect(row(told.rows, name)).toMatchObject({ status: 'failed', error_code: `ERR_TANDEM_${code}` });
  expect(told.tree.get(name)).toBe(FACE);
  expect([...told.tree.keys()].some((path) => path.includes('.tandem-'))).toBe(false);
}

/** A tree with one folder that the test changes before each engine, and changes back after it. */
async function sameBetween(
  files: Readonly<Record<string, string>>,
  before: (root: string) => void,
  after: (root: string) => void,
): Promise<Told> {
  const root = join(base, 'tree');
  return same(root, async (engine) => {
    makeTree(root, new Map(Object.entries(files)));
    before(root);
    try {
      return await converted(root, engine);
    } finally {
      after(root);
    }
  });
}

const sh = (command: string, ...args: string[]): unknown =>
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });

function can(attempt: (probe: string) => void): boolean {
  const probe = join(base, 'probe');
  mkdirSync(probe, { recursive: true });
  try {
    attempt(probe);
    return true;
  } catch {
    return false;
  }
}

const canMount =
  isRoot &&
  isLinux &&
  can((probe) => {
    sh('mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe);
    sh('umount', probe);
  });
const canMakeImmutable =
  isLinux &&
  can((probe) => {
    sh('chattr', '+i', probe);
    sh('chattr', '-i', probe);
  });

describe.skipIf(!canMount)('a disk that is full', () => {
  const big = `{"face_detection":[1,"${'x'.repeat(30_000)}"]}`;

  async function onTmpfs(size: string, run: (root: string) => Promise<void>): Promise<void> {
    const root = join(base, 'full');
    mkdirSync(root, { recursive: true });
    sh('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', root);
    try {
      await run(root);
    } finally {
      sh('umount', root);
    }
  }

  test('fails what does not fit, and the next run converts it', async () => {
    const told: Told[] = [];
    for (const engine of ENGINES) {
      await onTmpfs('256k', async (root) => {
        for (const name of 'abcdef') writeFileSync(`${root}/${name}.json`, big);
        const rows = await converted(root, engine);
        told.push({ rows, tree: treeOf(root) });
        const failed = rows.filter(({ status }) => status === 'failed');
        expect(failed.length).toBeGreaterThan(0);
        expect(failed.length).toBeLessThan(6);
        expect(new Set(failed.map(({ error_code }) => error_code))).toEqual(new Set(['ERR_TANDEM_NO_SPACE']));
        expect(names(root).some((name) => name.includes('.tandem-'))).toBe(false);
        expect(names(root).length).toBe(6);
        for (let round = 0; round < 6; round++) await converted(root, engine);
        for (const content of treeOf(root).values()) expect(textOf(content, 'json')).toBe(big);
      });
    }
    for (const other of told) expect(other).toEqual(told[0]);
  });

  // The run cannot even take its lock there, and fails before any row.
  test('to its last block refuses the run, and changes nothing', async () => {
    for (const engine of ENGINES) {
      await onTmpfs('64k', async (root) => {
        writeFileSync(`${root}/a.json`, FACE);
        expect(() => writeFileSync(`${root}/rest`, 'x'.repeat(1 << 20))).toThrow('ENOSPC');
        const before = treeOf(root);
        await expect(converted(root, engine)).rejects.toMatchObject({ code: 'ERR_TANDEM_NO_SPACE' });
        expect(treeOf(root)).toEqual(before);
      });
    }
  });
});

const FILES = { 'a.json': FACE, 'fixed/b.json': FACE, 'fixed/c.json': FACE, 'z/d.json': FACE };

describe.skipIf(!canMount)('a folder', () => {
  test('on a disk that is mounted read-only fails its files and no others', async () => {
    const told = await sameBetween(
      FILES,
      (root) => {
        sh('mount', '--bind', `${root}/fixed`, `${root}/fixed`);
        sh('mount', '-o', 'remount,bind,ro', `${root}/fixed`);
      },
      (root) => sh('umount', `${root}/fixed`),
    );
    expectFailed(told, 'fixed/b.json', 'UNWRITABLE');
    expectFailed(told, 'fixed/c.json', 'UNWRITABLE');
    expect([...told.tree.keys()]).toEqual(['a.bin', 'fixed/b.json', 'fixed/c.json', 'z/d.bin']);
  });

  test('on another file system is synced and converted like any other', async () => {
    const told = await sameBetween(
      { 'a.json': FACE, 'other/x': '' },
      (root) => {
        sh('mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', `${root}/other`);
        for (const name of 'bcd') writeFileSync(`${root}/other/${name}.json`, FACE);
      },
      (root) => {
        expect(names(`${root}/other`)).toEqual(['b.bin', 'c.bin', 'd.bin']);
        sh('umount', `${root}/other`);
      },
    );
    expect(told.rows.map(({ status }) => status)).toEqual(Array(4).fill('converted'));
  });
});

describe.skipIf(!canMakeImmutable)('an immutable file or folder', () => {
  const fix = (path: string) => (root: string) => sh('chattr', '+i', `${root}/${path}`);
  const free = (path: string) => (root: string) => sh('chattr', '-i', `${root}/${path}`);

  test('fails, as a folder, the files in it and no others', async () => {
    const told = await sameBetween(FILES, fix('fixed'), free('fixed'));
    expectFailed(told, 'fixed/b.json', 'UNWRITABLE');
    expect([...told.tree.keys()]).toEqual(['a.bin', 'fixed/b.json', 'fixed/c.json', 'z/d.bin']);
  });

  test('fails alone as a source, and its target is removed again', async () => {
    const told = await sameBetween(FILES, fix('fixed/b.json'), free('fixed/b.json'));
    expectFailed(told, 'fixed/b.json', 'UNWRITABLE');
    expect([...told.tree.keys()]).toEqual(['a.bin', 'fixed/b.json', 'fixed/c.bin', 'z/d.bin']);
  });

  test('stays unchanged as its own target', async () => {
    const files = { 'a.json': FACE, 'own.bin': stored(FACE, 'legacy') };
    const told = await sameBetween(files, fix('own.bin'), free('own.bin'));
    expect(row(told.rows, 'own.bin')).toMatchObject({ error_code: 'ERR_TANDEM_UNWRITABLE' });
    expect(told.tree.get('own.bin')).toBe(files['own.bin']);
    expect([...told.tree.keys()]).toEqual(['a.bin', 'own.bin']);
  });
});

/** A process that becomes the user nobody, if it was root, after the engine is loaded. */
const AS_NOBODY = `
  const { convert } = product;
  const [input, engine] = process.argv.slice(-2);
  const options = { input, format: 'bin', engine, layout: 'ndjson', workers: 1 };
  for await (const _ of (await convert({ ...options, dryRun: true })).chunks());
  if (process.getuid() === 0) {
    process.setgroups([]);
    process.setgid(${NOBODY});
    process.setuid(${NOBODY});
  }
  const rows = [];
  for await (const row of (await convert(options)).rows()) rows.push(row);
  process.stdout.write(JSON.stringify(rows));`;

test.skipIf(process.platform === 'win32')(
  'a user without write permission for some of it converts the rest',
  async () => {
    const root = join(base, 'users');
    chmodSync(base, 0o755);
    const told = await same(root, async (engine) => {
      makeTree(
        root,
        new Map([
          ['a.json', FACE],
          ['closed/b.json', FACE],
          ['hidden/x.json', FACE],
          ['open/c.json', FACE],
          ['open/foreign.json', FACE],
          ['open/unread.json', FACE],
          ['sticky/d.json', FACE],
        ]),
      );
      const own = ['', '/a.json', '/closed/b.json', '/open', '/open/c.json', '/open/unread.json'];
      if (isRoot) for (const path of own) chownSync(root + path, NOBODY, NOBODY);
      chmodSync(`${root}/closed`, 0o555);
      chmodSync(`${root}/hidden`, 0);
      chmodSync(`${root}/open/unread.json`, 0);
      // Everybody may create files there, and nobody may give them to others.
      if (isRoot) chmodSync(`${root}/sticky`, 0o1777);
      const { stdout, stderr } = await runModule(AS_NOBODY, [root, engine]);
      expect(stderr).toBe('');
      chmodSync(`${root}/hidden`, 0o755);
      chmodSync(`${root}/closed`, 0o755);
      chmodSync(`${root}/open/unread.json`, 0o644);
      return JSON.parse(stdout) as ConvertRow[];
    });
    expectFailed(told, 'closed/b.json', 'UNWRITABLE');
    expectFailed(told, 'open/unread.json', 'UNREADABLE');
    expect(row(told.rows, 'hidden')).toMatchObject({ error_code: 'ERR_TANDEM_FOLDER_UNREADABLE' });
    // An owner that cannot be set would be lost.
    for (const name of isRoot ? ['open/foreign.json', 'sticky/d.json'] : [])
      expectFailed(told, name, 'NOT_KEPT');
    for (const name of ['a.bin', 'open/c.bin']) expect(told.tree.has(name), name).toBe(true);
  },
);
