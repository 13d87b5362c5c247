import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describePglite } from '../../schema/test/databases-here.ts';
import { type Finished, gitIn, printed, scratchFolder, write } from './support.ts';

const CONFIG = 'database_url: postgresql://localhost/app\ninclude_dirs:\n  - db/schema\n';

/** A project of three files. */
function project(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const folder = scratchFolder();
  write(folder, {
    'db/environments/local.yaml': CONFIG,
    'db/schema/00_common/extensions.sql': 'CREATE EXTENSION IF NOT EXISTS pgcrypto;\n',
    'db/schema/10_tables/a.sql': 'CREATE TABLE a (id int PRIMARY KEY);',
    'db/schema/10_tables/b.sql': 'CREATE TABLE b (id int);\n\n',
    ...files,
  });
  return folder;
}

function schema(folder: string, ...args: string[]): Promise<Finished> {
  return printed(['schema', ...args], { cwd: folder });
}

describe('tandem schema build', () => {
  it('writes the file, and says that it is up to date when nothing changed', async () => {
    const folder = project();
    expect(await schema(folder, 'build')).toMatchObject({
      status: 0,
      stdout: 'Built db/generated/schema_local.sql: 3 files, 882 bytes\n',
      stderr: '',
    });
    const output = join(folder, 'db/generated/schema_local.sql');
    utimesSync(output, 1000, 1000);
    expect(await schema(folder, 'build')).toMatchObject({
      status: 0,
      stdout: 'db/generated/schema_local.sql is up to date: 3 files, 882 bytes\n',
    });
    expect(statSync(output).mtimeMs).toBe(1000 * 1000);
  });

  it('writes the same bytes to stdout, and nothing else', async () => {
    const folder = project();
    await schema(folder, 'build', '--output', 'schema.sql');
    const { status, stdout, stderr } = await schema(folder, 'build', '--output', '-');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(readFileSync(join(folder, 'schema.sql'), 'utf8'));
  });

  it('reports as JSON', async () => {
    const { status, stdout } = await schema(project(), 'build', '--format', 'json', '--show-hash');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      output: 'db/generated/schema_local.sql',
      files: 3,
      status: 'written',
      body_sha256: '4bfda48be544f79d9c82cccf12d3d889cf2d0586a535b25fd72b4b0df0112bf8',
      hash: expect.stringMatching(/^648e2c4dfa56fd8f/),
      findings: [],
    });
  });

  it('names the file and the place of an error, and writes nothing', async () => {
    const folder = project({
      'db/schema/10_tables/c.sql': Buffer.from("SELECT 1;\nSELECT 'caf\xe9';\n", 'latin1'),
    });
    const { status, stdout, stderr } = await schema(folder, 'build');
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(
      /^tandem schema build: db\/schema\/10_tables\/c\.sql:2:12: the text is not valid UTF-8 \(.*\)\n$/,
    );
    expect(existsSync(join(folder, 'db/generated/schema_local.sql'))).toBe(false);
  });

  it('prints the first of many warnings, and the number of the others', async () => {
    const files = Array.from({ length: 12 }, (_, index) => [
      `db/schema/20_more/${index}.sql`,
      '\\x\n'.repeat(150),
    ]);
    const folder = project(Object.fromEntries(files));
    const { status, stderr } = await schema(folder, 'build');
    const told = stderr.trimEnd().split('\n');
    expect({ status, lines: told.length }).toEqual({ status: 0, lines: 1001 });
    expect(told[100]).toContain(
      '0.sql:101:1: warning: 50 more psql commands in this file, the first one here',
    );
    expect(told[1000]).toBe(
      "tandem schema build: 212 more warnings; 'tandem schema check' lists all of them",
    );
    const checked = await schema(folder, 'check', '--format', 'json');
    expect(JSON.parse(checked.stdout).findings).toHaveLength(12 * 101);
  });

  it('refuses an output that would become a source', async () => {
    const { status, stderr } = await schema(project(), 'build', '--output', 'db/schema/all.sql');
    expect(status).toBe(2);
    expect(stderr).toContain('the output would become part of the next build');
  });

  it('says which configuration is missing', async () => {
    const { status, stderr } = await schema(project(), 'build', '--env', 'prod');
    expect(status).toBe(2);
    expect(stderr).toContain("'prod'");
    expect(stderr).toContain('local');
  });
});

describe('tandem schema where', () => {
  it('prints where a line comes from', async () => {
    const folder = project();
    await schema(folder, 'build', '--source-map');
    const built = readFileSync(join(folder, 'db/generated/schema_local.sql'), 'utf8').split('\n');
    const line = built.indexOf('CREATE TABLE b (id int);') + 1;
    expect(await schema(folder, 'where', `db/generated/schema_local.sql:${line}`)).toMatchObject({
      status: 0,
      stdout: 'db/schema/10_tables/b.sql:1\n',
    });
    expect(await schema(folder, 'where', 'db/generated/schema_local.sql:2')).toMatchObject({
      stdout: 'db/generated/schema_local.sql:2 was written by the build and has no source\n',
    });
    writeFileSync(join(folder, 'db/schema/10_tables/a.sql'), 'CREATE TABLE a (id bigint);\n');
    await schema(folder, 'build');
    const stale = await schema(folder, 'where', `db/generated/schema_local.sql:${line}`);
    expect(stale.status).toBe(2);
    expect(stale.stderr).toContain('is not the one that its map was made for');
  });
});

describe('tandem schema hash and changed', () => {
  it('list the changes since a tree hash', async () => {
    const folder = project();
    const { stdout } = await schema(folder, 'hash', '--tree');
    writeFileSync(join(folder, 'base.json'), stdout);
    expect(await schema(folder, 'changed', 'base.json', '--fail-on', 'changed')).toMatchObject({
      status: 0,
      stdout: '',
    });
    write(folder, { 'db/schema/10_tables/a.sql': 'CREATE TABLE a ();', 'db/schema/20_views/v.sql': '' });
    expect(await schema(folder, 'changed', 'base.json', '--fail-on', 'changed')).toMatchObject({
      status: 1,
      stdout: 'changed  10_tables/\nchanged  10_tables/a.sql\nadded    20_views/\nadded    20_views/v.sql\n',
    });
    expect((await schema(folder, 'changed', 'db/environments/local.yaml')).status).toBe(2);
  });

  it('compare with a revision, and with the folder of another project', async () => {
    const folder = project();
    gitIn(folder, 'init', '--quiet', '--initial-branch=main');
    gitIn(folder, 'add', '.');
    gitIn(folder, 'commit', '--quiet', '-m', 'first');
    write(folder, {
      'db/schema/10_tables/a.sql': 'CREATE TABLE a ();',
      'other/db/environments/local.yaml': CONFIG,
    });
    const expected = { status: 0, stdout: 'changed  10_tables/\nchanged  10_tables/a.sql\n', stderr: '' };
    for (const base of ['main', 'HEAD', 'rev:main']) {
      expect(await schema(folder, 'changed', base)).toMatchObject(expected);
    }
    const json = await schema(folder, 'changed', 'main', '--format', 'json', '--fail-on', 'changed');
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stdout).changes).toHaveLength(2);
    expect((await schema(folder, 'changed', 'dir:.')).stdout).toBe('');
    // A name is looked up as a folder before it is looked up as a revision.
    gitIn(folder, 'branch', 'other');
    expect((await schema(folder, 'changed', 'other')).stderr).toContain('names a folder that does not exist');
    expect(await schema(folder, 'changed', 'rev:other')).toMatchObject(expected);
    expect(await schema(folder, 'changed', 'mian')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(
        /^tandem schema changed: no revision 'mian' .* \(did you mean main\?\)\n$/,
      ),
    });
    expect(await schema(folder, 'changed', 'postgres://localhost/x')).toMatchObject({ status: 2 });
    expect(await schema(folder, 'changed')).toMatchObject({ status: 2 });
  });
});

describe('tandem schema check', () => {
  const BOM = { 'db/schema/c.sql': '\ufeffSELECT 1;\n' };

  it('finds nothing in a correct project', async () => {
    expect(await schema(project(), 'check')).toMatchObject({ stdout: '3 files: no problems found\n' });
  });

  it('shows a warning with its line', async () => {
    const { status, stdout } = await schema(project(BOM), 'check');
    expect(status).toBe(0);
    expect(stdout).toContain('db/schema/c.sql:1:1: warning: the text begins with a byte order mark');
    expect(stdout).toContain('\n 1 |  SELECT 1;\n   | ^\n');
    expect(stdout).toMatch(/\n4 files: 0 errors, 1 warning\n$/);
  });

  it('annotates for GitHub, and can fail on a warning', async () => {
    const { status, stdout } = await schema(
      project(BOM),
      'check',
      '--format',
      'github',
      '--fail-on',
      'warning',
    );
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^::warning file=db\/schema\/c\.sql,line=1,col=1,title=ERR_TANDEM_SQL_BOM::the text begins/,
    );
  });
});

describePglite('tandem schema list --infer', () => {
  const VIEW = { 'db/schema/05_views/v.sql': '-- v\nCREATE VIEW v AS TABLE b;\n' };

  it('proposes an order with its reasons, as text and JSON', async () => {
    const folder = project(VIEW);
    const text = await schema(folder, 'list', '--infer');
    expect(text).toMatchObject({ status: 0, stderr: '' });
    expect(text.stdout.split('\n')).toEqual([
      '00_common/extensions.sql  first',
      '10_tables/a.sql           as configured',
      '10_tables/b.sql           b.sql after a.sql',
      '05_views/v.sql            needs table b of 10_tables/b.sql:1, used at line 2',
      '',
    ]);
    const { files, build_order } = JSON.parse(
      (await schema(folder, 'list', '--infer', '--format', 'json')).stdout,
    );
    expect(build_order).toBe(false);
    expect(files[3]).toMatchObject({
      file: '05_views/v.sql',
      moved: true,
      needs: [
        {
          ...{ line: 2, object: 'table b', kind: 'object', certain: true },
          ...{ needed_file: '10_tables/b.sql', needed_line: 1 },
        },
      ],
    });
  });

  it('writes the requirements that make it the build order, once', async () => {
    const folder = project(VIEW);
    const line = 'db/schema/05_views/v.sql: -- requires: 10_tables/b.sql\n';
    expect(await schema(folder, 'list', '--infer', '--write', '--dry-run')).toMatchObject({
      ...{ status: 0, stdout: line, stderr: '' },
    });
    expect(await schema(folder, 'list', '--infer', '--write')).toMatchObject({
      ...{ status: 0, stdout: line, stderr: '' },
    });
    expect(await schema(folder, 'list', '--infer', '--write', '--format', 'json')).toMatchObject({
      stdout: `${JSON.stringify({ dry_run: false, written: [], findings: [] }, null, 2)}\n`,
    });
    const { stdout } = await schema(folder, 'list', '--infer', '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({ build_order: true });
    await schema(folder, 'build');
    const built = readFileSync(join(folder, 'db/generated/schema_local.sql'), 'utf8');
    expect(built.indexOf('CREATE TABLE b')).toBeLessThan(built.indexOf('CREATE VIEW v'));
  });

  it('reports a cycle and what PostgreSQL refuses, and ends with status 1', async () => {
    const folder = project({
      'db/schema/10_tables/a.sql': 'CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES b);',
      'db/schema/10_tables/b.sql': 'CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);',
    });
    const circle = await schema(folder, 'list', '--infer', '--write');
    expect(circle).toMatchObject({ status: 1, stdout: '' });
    expect(circle.stderr).toMatch(
      /^db\/schema\/10_tables\/a.sql:1:1: error: dependency cycle: 10_tables\/a.sql:1 needs table b of/,
    );
    write(folder, { 'db/schema/10_tables/b.sql': 'CREATE TABEL b ();' });
    const syntax = await schema(folder, 'list', '--infer', '--format', 'github');
    expect(syntax.status).toBe(1);
    expect(syntax.stdout).toMatch(/^::error file=.*b\.sql,line=1,col=8,title=ERR_TANDEM_SQL_FAILED::/);
  });

  it('refuses --write, --dry-run and --database without what they need', async () => {
    const folder = project();
    expect((await schema(folder, 'list', '--write')).status).toBe(2);
    expect((await schema(folder, 'list', '--infer', '--dry-run')).status).toBe(2);
    expect((await schema(folder, 'list', '--database', 'pglite')).status).toBe(2);
    const both = ['--database', 'server', '--database-url', 'postgres://localhost'];
    expect((await schema(folder, 'list', '--infer', ...both)).status).toBe(2);
  });
});
