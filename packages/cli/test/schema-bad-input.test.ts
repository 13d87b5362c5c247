import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Finished, printed, scratchFolder, skipped, tandem, write } from './support.ts';
import { withoutPrivileges } from './unprivileged.ts';

/**
 * How each command that reads a project answers bad input: a status, and one error with its place and its
 * hint before anything is written. Uses the engine of this test run.
 */

const COMMANDS = ['build', 'check', 'hash', 'list', 'verify'] as const;
type Name = (typeof COMMANDS)[number];

const CONFIG = 'db/environments/local.yaml';
const RIGHT = 'database_url: postgresql://localhost/app\ninclude_dirs:\n  - db/schema\n';
const OUTPUT = 'db/generated/schema_local.sql';

interface Case {
  readonly name: string;
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly config?: string;
  readonly prepare?: (folder: string) => void;
  readonly args?: readonly string[];
  /** The commands to run; by default all. */
  readonly of?: readonly Name[];
  readonly status: 2 | 3;
  readonly error: string;
  /** The error is in the text of a file, so `check` reports it, with status 1 and severity `error`. */
  readonly isFinding?: true;
  /** Commands that accept the file. */
  readonly taken?: readonly Name[];
}

const CASES: readonly Case[] = [
  {
    name: 'a missing configuration',
    args: ['--env', 'locale'],
    status: 2,
    error:
      "db/environments/locale.yaml: no configuration for the environment 'locale' (did you mean local? there are: local)",
  },
  {
    name: 'a value of the wrong type',
    config: RIGHT.replace('- db/schema', '- 7'),
    status: 2,
    error: `${CONFIG}:3:5: include_dirs[0] is `,
  },
  {
    name: 'a configuration that is not YAML',
    config: `${RIGHT}build: [\n`,
    status: 2,
    error: `${CONFIG}:5:1: invalid YAML: `,
  },
  {
    name: 'an unknown key',
    config: `${RIGHT}exclude_dir:\n  - db/old\n`,
    status: 2,
    error: `${CONFIG}:4:1: unknown key: 'exclude_dir' (did you mean exclude_dirs?)`,
  },
  {
    name: 'a missing include folder',
    config: `${RIGHT}  - db/views\n`,
    status: 2,
    error: `${CONFIG}:4:5: include_dirs[1] names a folder that does not exist: db/views (create it, or change the entry)`,
  },
  {
    name: 'a project without .sql files',
    config: `${RIGHT}exclude_dirs: [db/schema]\n`,
    status: 3,
    error:
      'no .sql files in db/schema (check include_dirs, include, exclude and exclude_dirs in db/environments/local.yaml)',
  },
  {
    name: 'a broken link',
    prepare: (folder) => symlinkSync('nowhere.sql', join(folder, 'db/schema/link.sql')),
    status: 3,
    error:
      'db/schema/link.sql: the symbolic link is broken (restore its target, remove the link, or exclude it)',
  },
  {
    name: 'a link to itself',
    prepare: (folder) => symlinkSync('link.sql', join(folder, 'db/schema/link.sql')),
    status: 3,
    error:
      'db/schema/link.sql: the symbolic link is broken (restore its target, remove the link, or exclude it)',
  },
  {
    name: 'bytes that are not UTF-8',
    files: { 'db/schema/b.sql': Buffer.from("SELECT 1;\nSELECT 'caf\xe9';\n", 'latin1') },
    status: 3,
    isFinding: true,
    taken: ['hash'],
    error:
      'db/schema/b.sql:2:12: the text is not valid UTF-8 (it is truncated or in another encoding: convert it to UTF-8)',
  },
  {
    name: 'a NUL byte, as in UTF-16',
    files: { 'db/schema/b.sql': 'S\0E\0L\0' },
    status: 3,
    isFinding: true,
    taken: ['hash'],
    error:
      'db/schema/b.sql:1:2: the text contains a NUL byte, which PostgreSQL does not accept (remove it; is this a binary file, or UTF-16?)',
  },
  {
    name: 'an unterminated comment that would swallow the next file',
    files: { 'db/schema/b.sql': 'SELECT 1;\n  /* open\n' },
    status: 3,
    isFinding: true,
    taken: ['hash', 'list'],
    error: 'db/schema/b.sql:2:3: unterminated comment (close it with */; comments nest)',
  },
  {
    name: 'a missing requirement',
    files: { 'db/schema/b.sql': '\n-- requires: tables/a.sql\n' },
    status: 3,
    isFinding: true,
    taken: ['hash'],
    error:
      "db/schema/b.sql:2:1: 'tables/a.sql' is required here, but no file of the build has that name (did you mean a.sql?)",
  },
  {
    name: 'requirements in a cycle',
    files: { 'db/schema/b.sql': '-- requires: c.sql\n', 'db/schema/c.sql': '-- requires: b.sql\n' },
    status: 3,
    isFinding: true,
    taken: ['hash'],
    error: 'db/schema/b.sql:1:1: dependency cycle of -- requires: ',
  },
  {
    name: 'one file larger than the limit',
    files: { 'db/schema/b.sql': `${'-- many bytes\n'.repeat(10)}SELECT 1;\n` },
    args: ['--max-size', '100'],
    status: 3,
    isFinding: true,
    error:
      'db/schema/b.sql: the file is 150 bytes, more than the limit of 100 (raise --max-size if the file is correct)',
  },
  {
    name: 'files that together are larger than the limit',
    files: { 'db/schema/b.sql': `${'-- many bytes\n'.repeat(5)}SELECT 1;\n` },
    args: ['--max-size', '85'],
    status: 3,
    error: 'the files are more than 85 bytes together (raise --max-size if they really are a schema)',
  },
  {
    name: 'an output that would become a source',
    args: ['--output', 'db/schema/all.sql'],
    of: ['build'],
    status: 2,
    error:
      'db/schema/all.sql: the output would become part of the next build (write it outside the include folders, or exclude it)',
  },
  {
    name: 'three outputs that would become sources',
    args: ['--split', 'db/schema/built'],
    of: ['build'],
    status: 2,
    error:
      'db/schema/built/schema_local_superuser_pre.sql: the output would become part of the next build (write it outside the include folders, or exclude it)',
  },
];

const CLOSED: readonly Case[] = [
  {
    name: 'a file that may not be read',
    files: { 'db/schema/b.sql': 'SELECT 1;\n' },
    prepare: (folder) => chmodSync(join(folder, 'db/schema/b.sql'), 0),
    status: 3,
    isFinding: true,
    error: 'db/schema/b.sql: the file cannot be read (you need read permission on it)',
  },
  {
    name: 'a folder that may not be read',
    files: { 'db/schema/closed/b.sql': 'SELECT 1;\n' },
    prepare: (folder) => chmodSync(join(folder, 'db/schema/closed'), 0o300),
    status: 3,
    error:
      'db/schema/closed: the folder cannot be read (you need read and search permission on it; or name it in exclude_dirs)',
  },
  {
    name: 'a configuration that may not be read',
    prepare: (folder) => chmodSync(join(folder, CONFIG), 0),
    status: 3,
    error: `${CONFIG}: the file cannot be read (you need read permission on it)`,
  },
];

function project({ files = {}, config = RIGHT, prepare }: Partial<Case>): string {
  const folder = scratchFolder();
  write(folder, { [CONFIG]: config, 'db/schema/a.sql': 'SELECT 1;\n', [OUTPUT]: 'old', ...files });
  prepare?.(folder);
  return folder;
}

/** Every name with its bytes; '' for anything that is not a file. */
function treeOf(folder: string): Map<string, string> {
  const bytesOf = (path: string): string => (lstatSync(path).isFile() ? readFileSync(path, 'latin1') : '');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(names.map((name) => [name, bytesOf(join(folder, name))]));
}

function lineOf(name: Name, args: readonly string[] = []): string[] {
  return ['schema', name, ...(name === 'verify' ? ['--database', 'pglite'] : []), ...args];
}

type Run = (args: readonly string[], folder: string) => Promise<Finished>;

async function expectRefused(name: Name, folder: string, one: Case, run: Run): Promise<void> {
  const { status, stdout, stderr } = await run(lineOf(name, one.args), folder);
  const said = { name, status, stdout, stderr };
  if (one.taken?.includes(name)) {
    expect(said).toMatchObject({ status: 0, stderr: '' });
  } else if (one.isFinding && name === 'check') {
    expect(said).toMatchObject({ status: 1, stderr: '' });
    const place = one.error.indexOf(': ');
    expect(stdout).toContain(`${one.error.slice(0, place)}: error${one.error.slice(place)}`);
  } else {
    expect(said).toMatchObject({ status: one.status, stdout: '' });
    // One line: the error as the table has it, and the hint in parentheses.
    expect(stderr.startsWith(`tandem schema ${name}: ${one.error}`), stderr).toBe(true);
    expect(stderr).toMatch(/^[^\n]+ \([^\n]+\)\n$/);
  }
}

async function expectAllRefused(one: Case, run: Run): Promise<void> {
  const folder = project(one);
  const before = treeOf(folder);
  const names = one.of ?? COMMANDS;
  await Promise.all(names.map((name) => expectRefused(name, folder, one, run)));
  expect(treeOf(folder)).toEqual(before);
}

const asUser: Run = (args, folder) => printed(args, { cwd: folder });

describe('bad input', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('as %s', (_, one) => expectAllRefused(one, asUser));
});

describe.skipIf(!withoutPrivileges.isPossible)(
  `bad input without permission${skipped(withoutPrivileges.problem)}`,
  () => {
    it.each(CLOSED.map((one) => [one.name, one] as const))('as %s', async (_, one) => {
      const folder = project(one);
      await Promise.all(COMMANDS.map((name) => expectRefused(name, folder, one, withoutPrivileges.tandem)));
      expect(readFileSync(join(folder, OUTPUT), 'utf8')).toBe('old');
      expect(readdirSync(join(folder, 'db/generated'))).toEqual(['schema_local.sql']);
    });
  },
);

describe('a file that changes while it is read', () => {
  const changing: Case = {
    name: '',
    files: { 'db/schema/large.sql': `${'-- many bytes\n'.repeat(20_000)}SELECT 1;\n` },
    status: 3,
    isFinding: true,
    error:
      'db/schema/large.sql: the file changed while it was being processed (it was left unchanged: run the command again)',
  };
  const hook = fileURLToPath(new URL('./change-while-read.cjs', import.meta.url));
  const env = {
    ...process.env,
    NODE_OPTIONS: `--require=${hook}`,
    TANDEM_TEST_CHANGED: 'large.sql',
    // For the native engine: crates/tandem-schema/src/join/tests.rs.
    TANDEM_ENGINE: 'typescript',
  };

  it.each(COMMANDS)('is an error of %s, and the next build succeeds', async (name) => {
    const folder = project(changing);
    await expectRefused(name, folder, changing, (args) => tandem(args, { cwd: folder, env }));
    expect(readFileSync(join(folder, OUTPUT), 'utf8')).toBe('old');
    expect(readdirSync(join(folder, 'db/generated'))).toEqual(['schema_local.sql']);
    expect((await asUser(lineOf('build'), folder)).status).toBe(0);
  });
});

describe('a folder named x.sql', () => {
  it('is treated as a folder', async () => {
    const folder = project({ files: { 'db/schema/x.sql/b.sql': 'SELECT 2;\n' } });
    mkdirSync(join(folder, 'db/schema/empty.sql'));
    for (const name of ['build', 'check', 'hash', 'list'] as const) {
      const { status, stderr } = await asUser(lineOf(name), folder);
      expect({ name, status, stderr }).toEqual({ name, status: 0, stderr: '' });
    }
    expect(readFileSync(join(folder, OUTPUT), 'utf8')).toContain(' * File: x.sql/b.sql\n');
  });

  it('is not a source if it is a link', async () => {
    const folder = project({});
    mkdirSync(join(folder, 'elsewhere'));
    writeFileSync(join(folder, 'elsewhere/b.sql'), 'SELECT 2;\n');
    symlinkSync('../../elsewhere', join(folder, 'db/schema/x.sql'));
    expect((await asUser(lineOf('build'), folder)).stdout).toContain('1 file,');
  });
});
