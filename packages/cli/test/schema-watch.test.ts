import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeServer } from '../../schema/test/databases-here.ts';
import { BIN, type Finished, finished, scratchFolder, start, tandem, write } from './support.ts';

const FILES = {
  'db/environments/local.yaml': 'database_url: postgresql://localhost/app\ninclude_dirs:\n  - db/schema\n',
  'db/schema/a.sql': 'CREATE TABLE a (id int);\n',
};

/** A watch in a process of its own, and its lines one after another. */
function watch(...args: string[]) {
  const folder = scratchFolder();
  write(folder, FILES);
  const child = start(['schema', 'watch', ...args], { cwd: folder });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout === null) throw new Error('it has no stdout');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    folder,
    child,
    line: async (): Promise<string> => String((await lines.next()).value),
    end: finished(child),
  };
}

describe('tandem schema watch', () => {
  it('reports each build and its errors, until Ctrl-C', async () => {
    const { folder, child, line, end } = watch('--source-map');
    expect(await line()).toMatch(
      /^\d\d:\d\d:\d\d Built db\/generated\/schema_local\.sql: 1 file, \d+ bytes in \d+ ms$/,
    );
    expect(existsSync(join(folder, 'db/generated/schema_local.sql.map.json'))).toBe(true);
    const output = join(folder, 'db/generated/schema_local.sql');
    const before = readFileSync(output);
    appendFileSync(join(folder, 'db/schema/a.sql'), "SELECT '\n");
    expect(await line()).toBe("db/schema/a.sql:2:8: error: unterminated string (close it with ')");
    expect([await line(), await line()]).toEqual([" 2 | SELECT '", '   |        ^']);
    expect(await line()).toMatch(
      /^[\d:]+ Not built: 1 error; db\/generated\/schema_local\.sql is as it was$/,
    );
    expect(readFileSync(output).equals(before)).toBe(true);
    write(folder, FILES);
    expect(await line()).toMatch(
      /^[\d:]+ db\/generated\/schema_local\.sql is up to date: 1 file, \d+ bytes$/,
    );
    child.kill('SIGINT');
    expect(await end).toMatchObject({ status: 0, stderr: '' });
  });

  it('reports one object per line as JSON', async () => {
    const { folder, child, line, end } = watch('--format', 'json', '--output', 'out.sql');
    expect(JSON.parse(await line())).toMatchObject({
      status: 'written',
      output: 'out.sql',
      files: 1,
      changed: [],
    });
    write(folder, { 'db/schema/b.sql': 'CREATE TABLE a ();\n' });
    expect(JSON.parse(await line())).toMatchObject({
      status: 'written',
      changed: ['db/schema/b.sql'],
      findings: [{ code: 'ERR_TANDEM_SQL_CREATED_TWICE', path: 'db/schema/b.sql', line: 1 }],
    });
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ status: 0, stderr: '' });
  });

  it('ends when its reader has left', async () => {
    const { folder, child, line, end } = watch();
    await line();
    child.stdout?.destroy();
    write(folder, { 'db/schema/b.sql': 'SELECT 1;\n' });
    expect((await end).status).toBe(0);
  });

  it.each<[string[], string]>([
    [['--output', '-'], '--output cannot be stdout in a watch (name a file)'],
    [['--database', 'server'], '--database is for --verify (add --verify, or leave it out)'],
    [['--timeout', '3'], '--timeout does not apply to this command'],
  ])('refuses %j', async (args, message) => {
    const folder = scratchFolder();
    write(folder, FILES);
    const { status, stderr } = await tandem(['schema', 'watch', ...args], { cwd: folder });
    expect(status).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(join(folder, 'db/generated'))).toBe(false);
  });

  it('ends at once without a project', async () => {
    const ended: Finished = await tandem(['schema', 'watch'], { cwd: scratchFolder() });
    expect(ended).toMatchObject({ status: 2, stdout: '' });
  });
});

const APART = ['--user', '--map-root-user', 'sh', '-c'];
const LIMIT = '/proc/sys/user/max_inotify_watches';
const canBeLimited = spawnSync('unshare', [...APART, `echo 9 > ${LIMIT}`]).status === 0;

describe.skipIf(!canBeLimited)('tandem schema watch on a system that allows few watched folders', () => {
  it.each([
    [3, 3],
    [8, 0],
  ])('with a limit of %i ends with status %i', async (most, status) => {
    const folder = scratchFolder();
    write(folder, { ...FILES, 'db/schema/10/a.sql': '', 'db/schema/20/a.sql': '' });
    const command = `echo ${most} > ${LIMIT} && exec "$0" "$@"`;
    const args = [...APART, command, process.execPath, join(BIN, 'tandem'), 'schema', 'watch'];
    const child = spawn('unshare', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    child.stdout.once('data', () => child.kill('SIGINT'));
    const ended = await finished(child);
    expect(ended.status).toBe(status);
    const words = 'this system allows no more folders to be watched (raise fs.inotify.max_user_watches';
    if (status !== 0) expect(ended.stderr).toContain(words);
  });
});

describeServer('tandem schema watch --verify on a server of its own', () => {
  it('reports whether each build applies', async () => {
    const { folder, child, line, end } = watch('--verify', '--database', 'server');
    expect(await line()).toContain(' Built ');
    expect(await line()).toMatch(/ PostgreSQL \d.*: applied 1 statement$/);
    write(folder, { 'db/schema/b.sql': 'CREATE VIEW v AS SELECT x FROM a;\n' });
    expect(await line()).toContain('db/schema/b.sql:1:25: error: column "x" does not exist');
    await line();
    await line();
    expect(await line()).toContain(' Built ');
    expect(await line()).toMatch(/: not applied, it stopped after 1 statement$/);
    child.kill('SIGINT');
    expect((await end).status).toBe(0);
  });
});
