import { SchemaBuilder } from '@tandem/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../src/database/open-database.ts';
import type { ScratchDatabase } from '../src/database/scratch-database.ts';
import { describePglite, describeServer, OPENING } from './databases-here.ts';
import { inferred, proposed } from './inferred-project.ts';
import { sharedServer } from './shared-server.ts';
import { projectOf } from './verified-project.ts';

const { signal } = new AbortController();

describePglite('files in a trial', () => {
  let database: ScratchDatabase;
  beforeAll(async () => {
    database = await openDatabase('pglite', { signal, extensions: new Set(['hstore']) });
  }, OPENING);
  afterAll(() => database.close());

  const reasons = async (files: Readonly<Record<string, string>>): Promise<string[]> =>
    (await inferred(database, files)).files.map(({ label, reason }) => `${label}: ${reason}`);

  it('name needs that the first words of statements do not show, with their lines', async () => {
    const files = {
      '1.sql': 'CREATE TABLE a ();\nGRANT SELECT ON a TO reader;',
      '2.sql': 'CREATE VIEW v AS SELECT c FROM t;',
      '3.sql': "CREATE TABLE h (\n  h hstore\n);\nSELECT setval('t_id_seq', 10);",
      '4.sql': 'INSERT INTO t (id, o) VALUES (1, 1);',
      '5.sql': "SELECT 'sad'::mood;",
      '6.sql': 'CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE t (id serial, o int REFERENCES o);',
      '7.sql': 'CREATE TABLE x (c int);',
      '8.sql': 'SELECT 1;\nCREATE ROLE "reader";',
      '9.sql': "ALTER TABLE t\n  ADD c int;\nDO $$ BEGIN CREATE TYPE mood AS ENUM ('sad'); END $$;",
      'a.sql': 'COPY public.o FROM stdin;\n1\n\\.\n',
      'b.sql': 'CREATE EXTENSION hstore;',
    };
    expect(await reasons(files)).toEqual([
      '6.sql: first',
      '7.sql: 7.sql after 6.sql',
      '8.sql: 8.sql after 7.sql',
      '1.sql: needs role reader of 8.sql:2, used at line 2',
      '9.sql: 9.sql after 8.sql',
      '2.sql: needs column c of 9.sql:1, used at line 1',
      '5.sql: needs type mood of 9.sql:3, used at line 1',
      'a.sql: a.sql after 9.sql',
      '4.sql: needs rows of o of a.sql:1, referenced by rows at line 1',
      'b.sql: b.sql after a.sql',
      '3.sql: needs extension hstore of b.sql:1, used at line 2',
    ]);
  });

  it('come last where nothing shows what they lack', async () => {
    const files = {
      'a.sql': 'INSERT INTO t VALUES (1) ON CONFLICT (id) DO NOTHING;',
      'b.sql': 'CREATE TABLE t (id int);',
      'c.sql': 'CREATE UNIQUE INDEX ON t (id);',
      'd.sql': 'SELECT 1;',
    };
    expect(await reasons(files)).toEqual([
      'b.sql: first',
      'c.sql: c.sql after b.sql',
      'd.sql: d.sql after c.sql',
      'a.sql: needs something (there is no unique or exclusion constraint matching the ON CONFLICT specification) of d.sql:1, used at line 1',
    ]);
  });

  it('wait for another file where the first one did not help', async () => {
    const files = {
      'a.sql': 'CREATE VIEW v AS SELECT f(1, 2);',
      'b.sql': "CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
      'c.sql': 'SELECT 1;',
      'd.sql': "CREATE FUNCTION f(int, int) RETURNS int LANGUAGE sql AS 'SELECT 1';",
    };
    expect(await proposed(database, files)).toEqual(['b.sql', 'c.sql', 'd.sql', 'a.sql']);
  });

  it('leave nothing behind when they fail', async () => {
    const files = {
      'a.sql': 'CREATE TABLE a (id int); CREATE VIEW v AS TABLE b;',
      'b.sql': 'CREATE TABLE b (a a);',
    };
    const { findings } = await inferred(database, files);
    expect(findings.map(({ message }) => message)).toEqual([
      'dependency cycle: a.sql:1 needs table b of b.sql:1, b.sql:1 needs table a of a.sql:1',
    ]);
  });

  it('are reported with the message of PostgreSQL if no file has what they lack; files that depend on them are not', async () => {
    const files = {
      'a.sql': 'CREATE TABLE a (id int);\nALTER TABLE a OWNER TO nobody_here;',
      'b.sql': 'CREATE TABLE b (id int);\nALTER TABLE b OWNER TO nobody_here;',
      'c.sql': 'CREATE VIEW v AS TABLE b;',
      'd.sql': 'CREATE TABLE a (id int);\nCREATE TABLE e ();\nCREATE TABLE e ();',
      'e.sql': '\\connect other\n',
    };
    const { files: ordered, findings } = await inferred(database, files);
    expect(ordered).toEqual([]);
    expect(findings.map(({ path, line, message }) => `${path.slice(-5)}:${line}: ${message}`)).toEqual([
      'e.sql:1: only psql can run this: \\connect',
      'a.sql:2: role "nobody_here" does not exist (42704)',
      'b.sql:2: role "nobody_here" does not exist (42704)',
      'd.sql:3: relation "e" already exists (42P07)',
    ]);
  });

  it('are not reported if they may only wait for a file that cannot apply', async () => {
    const files = {
      'a.sql': 'CREATE TABLE a (g geometry);',
      'b.sql': 'CREATE TABLE b (a int REFERENCES a);',
      'c.sql': 'CREATE TABLE c (d int REFERENCES d);',
      'd.sql': 'CREATE TABEL d ();',
      'e.sql': 'CREATE EXTENSION postgis;',
    };
    const { findings } = await inferred(database, files);
    expect(findings.map(({ path }) => path.slice(-5))).toEqual(['d.sql', 'e.sql']);
    expect(findings[0]?.message).toBe('syntax error at or near "TABEL" (42601)');
    expect(findings[1]?.hint).toBe(
      'PGlite does not include it: use a PostgreSQL server (the option database)',
    );
  });

  it(
    'may begin and end transactions, and run without one',
    async () => {
      const files = {
        'a.sql':
          'BEGIN;\nCREATE TABLE a (m mood);\nSAVEPOINT s;\nCREATE TABLE a1 ();\nROLLBACK TO s;\nCOMMIT;\nCREATE TABLE a2 ();',
        'b.sql': 'CREATE TABLE b (id int);\nCREATE INDEX CONCURRENTLY ON b (id);\nCREATE VIEW v AS TABLE c;',
        'c.sql': "ALTER TYPE mood ADD VALUE 'fine';\nCREATE TABLE c (m mood DEFAULT 'fine');",
        'd.sql': "CREATE TYPE mood AS ENUM ('sad');",
      };
      const builder = new SchemaBuilder({ projectDir: projectOf(files) });
      const { files: ordered, findings } = await builder.inferNeeds({ database: 'pglite' });
      expect(findings).toEqual([]);
      expect(ordered.map(({ label }) => label)).toEqual(['d.sql', 'a.sql', 'c.sql', 'b.sql']);
    },
    OPENING,
  );

  it(
    'may also fail at the end of their transaction',
    async () => {
      const files = {
        'a.sql': 'INSERT INTO c VALUES (1);',
        'b.sql':
          'CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);',
        'c.sql': 'SELECT 1;',
        'd.sql': 'INSERT INTO p VALUES (1);',
      };
      const builder = new SchemaBuilder({ projectDir: projectOf(files) });
      const { files: ordered } = await builder.inferNeeds({ database: 'pglite' });
      expect(ordered.map(({ label }) => label)).toEqual(['b.sql', 'c.sql', 'd.sql', 'a.sql']);
    },
    OPENING,
  );
});

describeServer('files in a trial beside a database', () => {
  const server = sharedServer();

  it(
    'do not change it, may not change the whole server, and end in time',
    async () => {
      const files = { 'a.sql': 'CREATE VIEW v AS TABLE t;', 'b.sql': 'CREATE TABLE t (id int);' };
      const names = (): Promise<string[]> =>
        server.session.texts('SELECT datname FROM pg_database ORDER BY 1');
      const before = await names();
      const at = { database: { url: server.url() } };
      const { files: ordered } = await new SchemaBuilder({ projectDir: projectOf(files) }).inferNeeds(at);
      expect(ordered.map(({ label }) => label)).toEqual(['b.sql', 'a.sql']);
      const role = { ...files, 'c.sql': 'CREATE ROLE reader;' };
      const { findings } = await new SchemaBuilder({ projectDir: projectOf(role) }).inferNeeds(at);
      expect(findings.map(({ code }) => code)).toEqual(['ERR_TANDEM_SQL_WHOLE_SERVER']);
      const slow = { 'a.sql': 'SELECT 1;', 'b.sql': 'SELECT pg_sleep(60);' };
      const run = new SchemaBuilder({ projectDir: projectOf(slow), timeout: 2 }).inferNeeds(at);
      await expect(run).rejects.toMatchObject({ code: 'ERR_TANDEM_TIMEOUT' });
      expect(await names()).toEqual(before);
    },
    OPENING,
  );
});

describe('a run without a database', () => {
  it('reads the files first', async () => {
    const builder = new SchemaBuilder({ projectDir: projectOf({ 'a.sql': "SELECT 'open" }) });
    const nowhere = { url: 'postgres://nobody@127.0.0.1:1/none' };
    await expect(builder.inferNeeds({ database: nowhere })).rejects.toMatchObject({
      code: 'ERR_TANDEM_SQL_OPEN_QUOTE',
    });
    const right = new SchemaBuilder({ projectDir: projectOf({ 'a.sql': 'SELECT 1;' }) });
    await expect(right.inferNeeds({ database: nowhere })).rejects.toMatchObject({
      code: 'ERR_TANDEM_DATABASE_FAILED',
    });
  });
});
