import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Finished, printed, scratchFolder, write } from './support.ts';

/** --format github: the annotations that GitHub Actions shows beside the lines of a pull request. */

const CONFIG = 'database_url: postgresql://localhost/app\ninclude_dirs:\n  - db/schema\n';
const BOM = { 'db/schema/bom.sql': '\ufeffSELECT 1;\n' };
const OPEN = { 'db/schema/open.sql': "SELECT 1;\nSELECT 'a, b: 100 %;\n" };
const BOM_WARNING =
  '::warning file=db/schema/bom.sql,line=1,col=1,title=ERR_TANDEM_SQL_BOM::the text begins with a byte order mark, which is omitted (remove the first three bytes)\n';
const OPEN_ERROR = 'file=db/schema/open.sql,line=2,col=8,title=ERR_TANDEM_SQL_OPEN_QUOTE::';

function project(files: Readonly<Record<string, string>> = {}, config = CONFIG): string {
  const folder = scratchFolder();
  write(folder, { 'db/environments/local.yaml': config, 'db/schema/a.sql': 'SELECT 1;\n', ...files });
  return folder;
}

function github(cwd: string, args: readonly string[], workspace?: string): Promise<Finished> {
  const env = { ...process.env };
  delete env['GITHUB_WORKSPACE'];
  if (workspace !== undefined) env['GITHUB_WORKSPACE'] = workspace;
  return printed(['schema', ...args, '--format', 'github'], { cwd, env });
}

describe('tandem schema build --format github', () => {
  it('annotates warnings, and prints its usual summary', async () => {
    expect(await github(project(BOM), ['build', '--fail-on', 'warning'])).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^::warning [^\n]+\nBuilt db\/generated\/schema_local\.sql: 2 files/),
      stderr: '',
    });
    const { stdout } = await github(project(BOM), ['build', '--split', 'out', '--quiet']);
    expect(stdout).toBe(BOM_WARNING);
  });

  it('keeps annotations out of a schema on stdout', async () => {
    const folder = project(BOM);
    const { stdout, stderr } = await github(folder, ['build', '--output', '-']);
    expect(stdout).not.toContain('::warning');
    expect(stdout).toContain('SELECT 1;');
    expect(stderr).toBe(BOM_WARNING);
    write(folder, OPEN);
    const failed = await github(folder, ['build', '--output', '-']);
    expect(failed.stdout).toBe('');
    expect(failed.stderr).toContain(`::error ${OPEN_ERROR}`);
  });
});

describe('an error with --format github', () => {
  it.each([['build'], ['build', '--split', 'out'], ['check'], ['verify', '--database', 'pglite']])(
    'is an annotation of %s %s',
    async (...args) => {
      const { status, stdout } = await github(project(OPEN), args);
      expect(status).toBe(args[0] === 'check' ? 1 : 3);
      expect(stdout).toContain(`::error ${OPEN_ERROR}`);
    },
  );

  it.each(['build', 'check', 'list', 'hash', 'verify'])(
    'in the configuration is an annotation of %s',
    async (name) => {
      const { status, stdout, stderr } = await github(project({}, `${CONFIG}exclude_dir: [x]\n`), [name]);
      expect(status).toBe(2);
      expect(stdout).toBe(
        "::error file=db/environments/local.yaml,line=4,col=1,title=ERR_TANDEM_CONFIG_UNKNOWN_KEY::unknown key: 'exclude_dir' (did you mean exclude_dirs?)\n",
      );
      expect(stderr).toMatch(/^tandem schema \w+: db\/environments\/local\.yaml:4:1: /);
    },
  );

  it.each(['list', 'build', 'check'])('in a requirement is an annotation of %s', async (name) => {
    const { stdout } = await github(project({ 'db/schema/b.sql': '-- requires: c.sql\nSELECT 1;\n' }), [
      name,
    ]);
    expect(stdout).toContain('::error file=db/schema/b.sql,line=1,col=1,title=ERR_TANDEM_REQUIRES_MISSING::');
  });

  it('without a file names none', async () => {
    const { stdout } = await github(project(OPEN), ['build', '--max-size', '35']);
    expect(stdout).toMatch(
      /^::error title=ERR_TANDEM_TOO_MUCH_INPUT::the files are more than 35 bytes together/,
    );
  });
});

describe('a path in an annotation', () => {
  it.each([
    ['another folder', 'other', '..', (root: string) => root],
    ['another folder, with a link to the workspace', 'other', '..', (root: string) => `${root}-link`],
    ['outside of the workspace', '../', '', (root: string) => root],
  ])('is below the workspace when run from %s', async (_, below, up, workspace) => {
    const parent = scratchFolder();
    const root = join(parent, 'repository');
    mkdirSync(join(root, 'other'), { recursive: true });
    symlinkSync(root, `${root}-link`);
    write(root, { 'db/environments/local.yaml': CONFIG, ...OPEN });
    const dir = below === '../' ? join(parent, 'repository') : up;
    const { stdout } = await github(join(root, below), ['build', '--project-dir', dir], workspace(root));
    expect(stdout).toContain(`::error ${OPEN_ERROR}`);
  });

  it('contains the folder of the project', async () => {
    const root = scratchFolder();
    write(join(root, 'services/shop'), { 'db/environments/local.yaml': `${CONFIG}x: 1\n`, ...OPEN });
    const shop = join(root, 'services/shop');
    const config = await github(root, ['build', '--project-dir', 'services/shop'], root);
    expect(config.stdout).toContain('::error file=services/shop/db/environments/local.yaml,line=4,');
    write(shop, { 'db/environments/local.yaml': CONFIG });
    for (const [cwd, dir] of [
      [root, 'services/shop'],
      [shop, '.'],
      [join(shop, 'db'), '..'],
    ] as const) {
      const { stdout } = await github(cwd, ['check', '--project-dir', dir], root);
      expect(stdout).toContain(`::error file=services/shop/${OPEN_ERROR.slice('file='.length)}`);
    }
  });

  it('is relative to the working folder without a workspace, and absolute if it is outside that folder', async () => {
    const root = project(OPEN);
    expect((await github(root, ['build'])).stdout).toContain(`::error ${OPEN_ERROR}`);
    const elsewhere = await github(scratchFolder(), ['build', '--project-dir', root]);
    expect(elsewhere.stdout).toContain(`::error file=${root}/db/schema/open.sql,line=2`);
  });

  it('has the escapes of a value', async () => {
    const { stdout } = await github(project({ 'db/schema/a,b:c%.sql': "'" }), ['check']);
    expect(stdout).toContain('::error file=db/schema/a%2Cb%3Ac%25.sql,line=1,col=1,');
  });
});

describe('an error with --format json', () => {
  it.each(['build', 'list', 'check'])('leaves the stdout of %s empty, like any command', async (name) => {
    const folder = project({}, `${CONFIG}exclude_dir: [x]\n`);
    const { status, stdout, stderr } = await printed(['schema', name, '--format', 'json'], { cwd: folder });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('db/environments/local.yaml:4:1: ');
  });
});
