import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BIN, type Finished, scratchFolder, shell, skipped, tandem, write } from './support.ts';
import { isRoot, withoutPrivileges } from './unprivileged.ts';

/** Paths to which a build cannot write: one error with a hint, and the tree is unchanged. */

const CANNOT = 'the output cannot be written';
const LARGE = `${'-- a line of a file that is too large for some places\n'.repeat(5000)}SELECT 1;\n`;

function project(): string {
  const folder = scratchFolder();
  write(folder, {
    'db/environments/local.yaml': 'database_url: postgresql://localhost/app\ninclude_dirs: [db/schema]\n',
    'db/schema/a.sql': 'SELECT 1;\n',
    'db/schema/large.sql': LARGE,
    'old/schema.sql': 'old',
  });
  return folder;
}

/** Every name below a folder, with its content or mode; links are not followed. */
function treeOf(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
    const stats = lstatSync(join(folder, name));
    const isOpen = stats.isFile() && (stats.mode & 0o400) !== 0;
    return [name, isOpen ? readFileSync(join(folder, name), 'utf8') : `mode ${stats.mode}`];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

const build = (folder: string, ...args: string[]): Promise<Finished> =>
  tandem(['schema', 'build', ...args], { cwd: folder });

describe('a build to a path', () => {
  const cases: readonly [
    name: string,
    args: readonly string[],
    prepare: (folder: string) => void,
    status: number,
    error: string,
  ][] = [
    [
      'that is a folder',
      ['--output', 'old'],
      () => undefined,
      3,
      `old: ${CANNOT} (this is a folder: name a file in it)`,
    ],
    [
      'below a file',
      ['--output', 'old/schema.sql/new.sql'],
      () => undefined,
      3,
      `old/schema.sql/new.sql: ${CANNOT} (a part of its path is a file, not a folder: choose another path)`,
    ],
    [
      'two folders below a file',
      ['--output', 'old/schema.sql/new/new.sql'],
      () => undefined,
      3,
      `old/schema.sql/new/new.sql: ${CANNOT} (a part of its path is a file, not a folder: choose another path)`,
    ],
    [
      'that is a broken link',
      ['--output', 'link.sql'],
      (folder) => symlinkSync('nowhere.sql', join(folder, 'link.sql')),
      3,
      'link.sql: the symbolic link is broken (restore its target or remove the link)',
    ],
    [
      'that is a link to itself',
      ['--output', 'link.sql'],
      (folder) => symlinkSync('link.sql', join(folder, 'link.sql')),
      3,
      'link.sql: the symbolic link is broken (restore its target or remove the link)',
    ],
    [
      'that is a link to a source',
      ['--output', 'link.sql'],
      (folder) => symlinkSync('db/schema/a.sql', join(folder, 'link.sql')),
      2,
      'link.sql: the output would become part of the next build (write it outside the include folders, or exclude it)',
    ],
    [
      'that is a pipe',
      ['--output', 'pipe'],
      (folder) => execFileSync('mkfifo', [join(folder, 'pipe')]),
      3,
      `pipe: ${CANNOT} (this is a pipe or a device: name a file)`,
    ],
    [
      'whose map would be a folder',
      ['--output', 'old/schema.sql', '--source-map'],
      (folder) => mkdirSync(join(folder, 'old/schema.sql.map.json')),
      3,
      `old/schema.sql.map.json: ${CANNOT} (this is a folder: name a file in it)`,
    ],
    [
      'where one of three files is a folder',
      ['--split', 'old'],
      (folder) => mkdirSync(join(folder, 'old/schema_local_superuser_post.sql')),
      3,
      `old/schema_local_superuser_post.sql: ${CANNOT} (this is a folder: name a file in it)`,
    ],
    [
      'whose name is too long',
      ['--output', `new/${'x'.repeat(300)}`],
      () => undefined,
      3,
      `new/${'x'.repeat(300)}: ${CANNOT} (its name is too long: choose a shorter one)`,
    ],
  ];

  it.each(cases)('%s is refused', async (_, args, prepare, status, error) => {
    const folder = project();
    prepare(folder);
    const before = treeOf(folder);
    const end = await build(folder, ...args);
    expect(end).toMatchObject({ status, stdout: '' });
    expect(end.stderr).toBe(`tandem schema build: ${error}\n`);
    expect(treeOf(folder)).toEqual(before);
  });

  it('that is a link to a file replaces that file, not the link', async () => {
    const folder = project();
    chmodSync(join(folder, 'old/schema.sql'), 0o640);
    symlinkSync('old/schema.sql', join(folder, 'link.sql'));
    expect((await build(folder, '--output', 'link.sql')).status).toBe(0);
    expect(lstatSync(join(folder, 'link.sql')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'old/schema.sql'), 'utf8')).toContain(LARGE);
    expect(statSync(join(folder, 'old/schema.sql')).mode & 0o777).toBe(0o640);
    expect((await build(folder, '--output', 'link.sql')).stdout).toContain('is up to date');
  });

  it('that is new leaves no folder behind if a file is wrong', async () => {
    const folder = project();
    write(folder, { 'db/schema/z.sql': "SELECT 'open;\n" });
    const before = treeOf(folder);
    for (const args of [
      ['--output', 'new/er/x.sql'],
      ['--split', 'new/er'],
    ]) {
      expect((await build(folder, ...args)).status).toBe(3);
      expect(treeOf(folder)).toEqual(before);
    }
  });
});

describe.skipIf(!withoutPrivileges.isPossible)(
  `a build by a user without write permission${skipped(withoutPrivileges.problem)}`,
  () => {
    it.each([
      ['into a folder', 'old', 0o555, ['--output', 'old/new.sql'], 'old/new.sql'],
      ['below a folder', 'old', 0o555, ['--output', 'old/new/new.sql'], 'old/new/new.sql'],
      ['over a file', 'old/schema.sql', 0o444, ['--output', 'old/schema.sql'], 'old/schema.sql'],
      ['three files', 'old', 0o555, ['--split', 'old'], 'old/schema_local_app.sql'],
    ])('%s is refused', async (_, path, mode, args, shown) => {
      const folder = project();
      chmodSync(join(folder, path), mode);
      const before = treeOf(folder);
      const end = await withoutPrivileges.tandem(['schema', 'build', ...args], folder);
      expect(end.status).toBe(3);
      expect(end.stderr).toMatch(new RegExp(`^tandem schema build: ${shown}: ${CANNOT} \\(.+\\)\n$`));
      expect(treeOf(folder)).toEqual(before);
    });
  },
);

describe.skipIf(process.platform === 'win32')('a limit on the size of files', () => {
  it('is reported, and the output is unchanged', async () => {
    const folder = project();
    const before = treeOf(folder);
    const command = `ulimit -f 100; exec "${process.execPath}" "${join(BIN, 'tandem')}" schema build --output old/schema.sql`;
    const end = await shell(command, { cwd: folder });
    expect(end.status).toBe(3);
    expect(end.stderr).toMatch(/old\/schema\.sql: the output cannot be written \(.*ulimit -f\)\n$/);
    expect(treeOf(folder)).toEqual(before);
  });
});

const mountProblem = problemOfMounts();

describe.skipIf(mountProblem !== null)(`another file system${skipped(mountProblem)}`, () => {
  function mounted(folder: string, name: string, options: string): void {
    mkdirSync(join(folder, name), { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', join(folder, name)]);
    onTestFinished(() => {
      execFileSync('umount', [join(folder, name)]);
    });
  }

  it('works as an output', async () => {
    const folder = project();
    mounted(folder, 'other', 'size=4m');
    const end = await build(folder, '--output', 'other/new/schema.sql', '--source-map');
    expect(end).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(join(folder, 'other/new')).sort()).toEqual(['schema.sql', 'schema.sql.map.json']);
  });

  it.each([
    ['one file', ['--output', 'other/schema.sql']],
    ['three files', ['--split', 'other']],
  ])('that is full is reported, and keeps its files, with %s', async (_, args) => {
    const folder = project();
    mounted(folder, 'other', 'size=128k');
    for (const name of ['schema.sql', 'schema_local_superuser_pre.sql', 'schema_local_app.sql'])
      writeFileSync(join(folder, 'other', name), 'old');
    const before = treeOf(folder);
    const end = await build(folder, ...args);
    expect(end.status).toBe(3);
    expect(end.stderr).toMatch(
      /other\/schema\S*\.sql: no space left on the device \(free some space, or choose a path on another disk, and run the command again; the old file is unchanged\)\n$/,
    );
    expect(treeOf(folder)).toEqual(before);
  });

  it('that is read-only is reported', async () => {
    const folder = project();
    mounted(folder, 'other', 'size=4m');
    writeFileSync(join(folder, 'other/schema.sql'), 'old');
    execFileSync('mount', ['-o', 'remount,ro', join(folder, 'other')]);
    for (const output of ['other/schema.sql', 'other/new.sql', 'other/new/new.sql']) {
      const before = treeOf(folder);
      const end = await build(folder, '--output', output);
      expect(end.status).toBe(3);
      expect(end.stderr).toBe(
        `tandem schema build: ${output}: ${CANNOT} (its file system is read-only: choose another path)\n`,
      );
      expect(treeOf(folder)).toEqual(before);
    }
  });
});

it.skipIf(!existsSync('/dev/shm'))('an output on /dev/shm is written', async () => {
  const place = mkdtempSync('/dev/shm/tandem-');
  onTestFinished(() => rmSync(place, { recursive: true }));
  expect((await build(project(), '--output', join(place, 'schema.sql'))).status).toBe(0);
  expect(readdirSync(place)).toEqual(['schema.sql']);
});

function problemOfMounts(): string | null {
  if (!isRoot) return 'only root may mount';
  const probe = mkdtempSync('/tmp/tandem-mount-');
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe]);
    return null;
  } catch {
    return 'nothing can be mounted here';
  } finally {
    rmSync(probe, { recursive: true });
  }
}
