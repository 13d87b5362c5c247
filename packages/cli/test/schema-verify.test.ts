import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStart } from '@tandem/files';
import { describe, expect, it } from 'vitest';
import { describeServer } from '../../schema/test/databases-here.ts';
import { type Finished, finished, scratchFolder, start, tandem, write } from './support.ts';

const CONFIG = 'database_url: postgresql://localhost/app\ninclude_dirs:\n  - db/schema\n';

function projectOf(files: Readonly<Record<string, string>>): string {
  const folder = scratchFolder();
  const below = Object.entries(files).map(([name, content]) => [`db/schema/${name}`, content] as const);
  write(folder, { 'db/environments/local.yaml': CONFIG, ...Object.fromEntries(below) });
  return folder;
}

function verify(files: Readonly<Record<string, string>>, ...args: string[]): Promise<Finished> {
  return tandem(['schema', 'verify', ...args], { cwd: projectOf(files) });
}

const GOOD = { 'a.sql': 'CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n' };
const WRONG = { ...GOOD, 'b.sql': 'CREATE VIEW v AS\n  SELECT idd\n  FROM a;\n' };

describeServer('tandem schema verify on a server of its own', () => {
  it('says that a schema applies', async () => {
    const { status, stdout, stderr } = await verify(GOOD, '--database', 'server');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^PostgreSQL \d.*: applied: 2 statements of 1 file\n$/);
  });

  it('names the first statement that fails, with its line', async () => {
    const { status, stdout } = await verify(WRONG, '--database', 'server');
    expect(status).toBe(1);
    expect(
      stdout,
    ).toContain(`db/schema/b.sql:2:10: error: column "idd" does not exist (42703) (Perhaps you meant to reference the column "a.id".)
 2 |   SELECT idd
   |          ^
`);
    expect(stdout).toMatch(/\nPostgreSQL \d.*: not applied: it stopped after 2 statements of 2 files\n$/);
  });

  it('prints what the database contains, and whether a second one contains the same', async () => {
    const { status, stdout } = await verify(GOOD, '--database', 'server', '--dump', '--twice');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^column public\.a\.id: integer\n[\s\S]*\ntable public\.a: \(id\)\nPostgreSQL .*: applied: .*\ntwice: equal\n$/,
    );
    const random = {
      'a.sql': `DO $$ BEGIN EXECUTE format('CREATE TABLE %I ()', gen_random_uuid()); END $$;`,
    };
    const other = await verify(random, '--database', 'server', '--twice');
    expect(other.status).toBe(1);
    expect(other.stdout).toMatch(
      /^(added|removed) +table public\."[0-9a-f-]+"\n[\s\S]*\ntwice: the two databases differ\n$/,
    );
  });

  it('annotates for GitHub', async () => {
    const { status, stdout } = await verify(WRONG, '--database', 'server', '--format', 'github');
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^::error file=db\/schema\/b\.sql,line=2,col=10,title=ERR_TANDEM_SQL_FAILED::column "idd" does not exist/,
    );
  });
});

/** The cluster folders of a process. */
function clustersOf(pid: number | undefined): string[] {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith('tandem-pg-'));
  return folders.filter((name) => ownerOf(name).includes(`-${pid}-`));
}

function ownerOf(name: string): string {
  try {
    return readFileSync(join(tmpdir(), name, 'owner'), 'utf8');
  } catch {
    return '';
  }
}

/** The process of the server in a folder, from the file that it has written there. */
function serverIn(name: string): number {
  return Number(readFileSync(join(tmpdir(), name, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]);
}

describeServer('tandem schema verify that is ended', () => {
  const SLOW = { 'a.sql': 'SELECT pg_sleep(600);' };

  /** Starts it and waits until its server is running. */
  async function sleeping(): Promise<{ child: ChildProcess; cluster: string; server: number }> {
    const child = start(['schema', 'verify', '--database', 'server'], { cwd: projectOf(SLOW) });
    for (;;) {
      const [cluster] = clustersOf(child.pid);
      if (cluster !== undefined && existsSync(join(tmpdir(), cluster, '.s.PGSQL.5432'))) {
        const server = serverIn(cluster);
        if (isRunning(server)) return { child, cluster, server };
      }
      await sleep(50);
    }
  }

  it('by Ctrl-C has status 130 and leaves nothing', async () => {
    const { child, cluster, server } = await sleeping();
    const ended = finished(child);
    child.kill('SIGINT');
    expect((await ended).status).toBe(130);
    expect(existsSync(join(tmpdir(), cluster))).toBe(false);
    expect(isRunning(server)).toBe(false);
  });

  it('by SIGKILL leaves a server, which the next run ends', async () => {
    const { child, cluster, server } = await sleeping();
    const ended = finished(child);
    child.kill('SIGKILL');
    expect((await ended).signal).toBe('SIGKILL');
    expect(isRunning(server)).toBe(true);
    expect((await verify(GOOD, '--database', 'server')).status).toBe(0);
    expect(existsSync(join(tmpdir(), cluster))).toBe(false);
    while (isRunning(server)) await sleep(20);
  });
});

function isRunning(pid: number): boolean {
  return processStart(pid) !== null;
}

describe('tandem schema verify', () => {
  it('reports as JSON from PGlite, the default where it is installed', async () => {
    const { status, stdout } = await verify(WRONG, '--format', 'json');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      applied: false,
      files: 2,
      statements: 2,
      database: 'pglite',
      errors: 1,
      findings: [{ path: 'db/schema/b.sql', line: 2, column: 10, server: { sqlstate: '42703' } }],
    });
  });

  it('ends with status 3 where there is no database', async () => {
    const { status, stdout, stderr } = await verify(GOOD, '--database-url', 'postgres://127.0.0.1:1/x');
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(/^tandem schema verify: the server of the database URL: .*ECONNREFUSED/);
  });

  it.each([
    [
      ['--database', 'server', '--database-url', 'postgres://x'],
      '--database-url cannot be combined with --database',
    ],
    [['--database-url', 'mysql://x'], 'not a PostgreSQL URL'],
  ])('refuses %s', async (args, problem) => {
    const { status, stderr } = await verify(GOOD, ...args);
    expect(status).toBe(2);
    expect(stderr).toContain(problem);
  });
});
