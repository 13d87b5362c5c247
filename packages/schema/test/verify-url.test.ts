import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openCluster } from '../src/database/ephemeral-cluster.ts';
import type { ScratchDatabase } from '../src/database/scratch-database.ts';
import { newDatabaseName } from '../src/database/scratch-name.ts';
import { findServerBinaries } from '../src/database/server-binaries.ts';
import { describeServer, OPENING } from './databases-here.ts';
import { told, verify } from './verified-project.ts';

describeServer('verify beside the database that a URL names', () => {
  let server: ScratchDatabase;
  let url: string;
  beforeAll(async () => {
    const { signal } = new AbortController();
    server = await openCluster(findServerBinaries() ?? '', { signal });
    const [folder = ''] = await server.texts('SHOW unix_socket_directories');
    url = `postgres://postgres@/postgres?host=${encodeURIComponent(folder)}`;
  }, OPENING);
  afterAll(() => server.close());
  afterEach(async () => {
    expect(await databases()).toEqual(['postgres', 'template0', 'template1']);
  });

  const databases = (): Promise<string[]> =>
    server.texts('SELECT datname::text FROM pg_database ORDER BY datname');

  it.each([
    [
      'the place in a statement of several lines',
      '\n-- \u{1f600}\nCREATE VIEW v AS\n  SELECT id, "\u{1f600}\u00e9", nope\n  FROM b;\nSELECT 1;\n',
      '4:20: column "nope" does not exist (42703)',
    ],
    [
      'the beginning of a statement if PostgreSQL gives no position',
      "SELECT 1; /* x */ INSERT INTO b VALUES (1, 'x');\n",
      '1:19: duplicate key value violates unique constraint "b_pkey" (23505); Key (id)=(1) already exists.',
    ],
    ['a misspelled word', 'CREATE TABEL c ();', '1:8: syntax error at or near "TABEL" (42601)'],
    [
      'the end of a truncated statement',
      'CREATE TABLE c (\n  id int,\n);\n',
      '3:1: syntax error at or near ")" (42601)',
    ],
    [
      'a line of data',
      'COPY b FROM stdin;\n7\tx\nseven\ty\n\\.\n',
      '1:1: invalid input syntax for type integer: "seven" (22P02); COPY b, line 2, column id: "seven"',
    ],
    [
      'an error within a function',
      'DO $$\nBEGIN\n  PERFORM 1/0;\nEND $$;\n',
      '1:1: division by zero (22012); SQL statement "SELECT 1/0"',
    ],
    ['a psql command', 'SELECT 1;\n\\i other.sql\n', '2:1: only psql can run this: \\i'],
    [
      'the line of a file with a byte order mark',
      '\ufeffSELECT nope;\n',
      '1:9: column "nope" does not exist (42703)',
    ],
    [
      'the line of a file whose lines end in CR LF',
      'SELECT 1;\r\nSELECT\r\n nope;\r\n',
      '3:2: column "nope" does not exist (42703)',
    ],
  ])('names %s', async (_, sql, expected) => {
    const before =
      'CREATE TABLE b (id int PRIMARY KEY, "\u{1f600}\u00e9" text);\nINSERT INTO b VALUES (1, \'a\');';
    const report = await verify(
      { '10/b.sql': before, '20/c.sql': sql, '30/d.sql': 'SELECT nope;' },
      { database: { url } },
    );
    expect(report).toMatchObject({ applied: false, errors: 1 });
    expect(told(report).filter((line) => !line.includes('byte order mark'))).toEqual([
      `20/c.sql:${expected}`,
    ]);
  });

  it('passes on all that PostgreSQL reports', async () => {
    const report = await verify(
      { 'a.sql': 'CREATE TABLE abc (id int);\nSELECT idd FROM abc;' },
      { database: { url } },
    );
    expect(report.findings[0]).toMatchObject({
      code: 'ERR_TANDEM_SQL_FAILED',
      hint: expect.stringContaining('"abc.id"'),
      server: { severity: 'ERROR', sqlstate: '42703', position: 8, detail: null },
    });
  });

  it('keeps a transaction of the schema', async () => {
    const report = await verify(
      { 'a.sql': 'BEGIN;\nCREATE TABLE a ();\nCOMMIT;\nSELECT * FROM a;\n' },
      { database: { url } },
    );
    expect(report).toMatchObject({ applied: true, statements: 4 });
  });

  it.each([
    ['CREATE ROLE tandem_left;', '1:1', 'CREATE ROLE'],
    ['SELECT 1;\n/* x */ create  user tandem_left;', '2:9', 'CREATE USER'],
    ['DO $$ BEGIN\n  -- drop role x;\n  CREATE ROLE tandem_left;\nEND $$;', '3:3', 'CREATE ROLE'],
    ["DO $$ BEGIN EXECUTE 'CREATE ROLE tandem_left'; END $$;", '1:22', 'CREATE ROLE'],
    ['GRANT pg_monitor TO postgres;', '1:1', 'GRANT PG_MONITOR'],
    ['GRANT CONNECT ON DATABASE postgres TO PUBLIC;', '1:1', 'GRANT CONNECT'],
    ["ALTER SYSTEM SET work_mem = '1MB';", '1:1', 'ALTER SYSTEM'],
    ["COMMENT ON DATABASE postgres IS 'x';", '1:1', 'COMMENT ON'],
  ])('refuses what would affect the whole server: %s', async (sql, place, what) => {
    const report = await verify({ 'a.sql': sql }, { database: { url } });
    expect(report).toMatchObject({ applied: false, findings: [{ code: 'ERR_TANDEM_SQL_WHOLE_SERVER' }] });
    expect(told(report)[0]).toContain(`a.sql:${place}: ${what} affects the whole server`);
    expect(await server.texts("SELECT rolname::text FROM pg_roles WHERE rolname = 'tandem_left'")).toEqual(
      [],
    );
  });

  it('accepts statements that only look like those', async () => {
    const sql = `
      CREATE TABLE t (id int, role text, "user" text, "group" text);
      ALTER TABLE t DROP role;
      -- CREATE ROLE x;
      GRANT SELECT ON t TO PUBLIC; REVOKE ALL ON t FROM PUBLIC; GRANT USAGE ON SCHEMA public TO PUBLIC;
      ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT SELECT ON TABLES TO PUBLIC;
      CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT count(*)::int FROM t WHERE "user" = 'drop' $$;
      INSERT INTO t VALUES (1, 'we create users', 'x');`;
    const report = await verify({ 'a.sql': sql }, { database: { url } });
    expect(told(report)).toEqual([]);
  });

  it('does not change the named database', async () => {
    await verify({ 'a.sql': 'CREATE TABLE tandem_here ();' }, { database: { url } });
    expect(await server.texts("SELECT relname::text FROM pg_class WHERE relname = 'tandem_here'")).toEqual(
      [],
    );
  });

  it('drops its database after a time limit and after an abort', async () => {
    const slow = { 'a.sql': 'SELECT pg_sleep(600);' };
    const limited = verify(slow, { database: { url }, timeout: 2 });
    await expect(limited).rejects.toMatchObject({ code: 'ERR_TANDEM_TIMEOUT' });
    expect(await databases()).toHaveLength(3);
    const controller = new AbortController();
    const aborted = expect(
      verify(slow, { database: { url }, signal: controller.signal }),
    ).rejects.toMatchObject({ code: 'ERR_TANDEM_ABORTED' });
    const sleeping = "SELECT query FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'";
    while ((await server.texts(sleeping)).length === 0) await sleep(20);
    controller.abort();
    await aborted;
    expect(await server.texts(sleeping)).toEqual([]);
  });

  it('drops the databases of killed runs, and none of a live run', async () => {
    const [prefix, host, , started, random] = newDatabaseName().split(/_(?=[0-9a-f])/);
    const dead = [prefix, host, 2 ** 22 + 1, started, random].join('_');
    const alive = newDatabaseName();
    const elsewhere = alive.replace(`_${host}_`, '_00000000_');
    for (const name of [dead, alive, elsewhere]) await server.apply(`CREATE DATABASE ${name}`);
    await verify({ 'a.sql': 'SELECT 1;' }, { database: { url } });
    const left = (await databases()).filter((name) => name.startsWith('tandem_verify_'));
    for (const name of left) await server.apply(`DROP DATABASE ${name}`);
    expect(left.sort()).toEqual([alive, elsewhere].sort());
  });

  it('connects to another database where the named one is missing', async () => {
    const other = url.replace('/postgres?', '/nosuch?');
    expect(await verify({ 'a.sql': 'SELECT 1;' }, { database: { url: other } })).toMatchObject({
      applied: true,
    });
  });

  it('reports a missing right, without the password', async () => {
    await server.apply("CREATE ROLE tandem_plain LOGIN PASSWORD 'secret'");
    const plain = url.replace('postgres@', 'tandem_plain:secret@');
    const error = await verify({ 'a.sql': '' }, { database: { url: plain } }).catch(
      (thrown: unknown) => thrown,
    );
    await server.apply('DROP ROLE tandem_plain');
    expect(error).toMatchObject({
      code: 'ERR_TANDEM_DATABASE_FAILED',
      message: 'the server of the database URL: permission denied to create database',
      hint: expect.stringContaining('CREATEDB'),
    });
    const nowhere = 'postgres://user:secret@127.0.0.1:1/x';
    const refused = await verify({ 'a.sql': '' }, { database: { url: nowhere } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(refused).toMatchObject({ code: 'ERR_TANDEM_DATABASE_FAILED' });
    expect(JSON.stringify(refused) + String((refused as Error).stack)).not.toContain('secret');
  });
});
