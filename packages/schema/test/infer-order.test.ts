import { SchemaBuilder } from '@tandem/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../src/database/open-database.ts';
import type { ScratchDatabase } from '../src/database/scratch-database.ts';
import { describePglite, OPENING } from './databases-here.ts';
import { inferred, proposed } from './inferred-project.ts';
import { projectOf } from './verified-project.ts';

const REFERENCE = (name: string, other: string): string =>
  `CREATE TABLE ${name} (\n  id int PRIMARY KEY,\n  other int REFERENCES ${other}\n);\n`;

const { signal } = new AbortController();

describePglite('list --infer', () => {
  let database: ScratchDatabase;
  beforeAll(async () => {
    database = await openDatabase('pglite', { signal, extensions: new Set(['pgcrypto']) });
  }, OPENING);
  afterAll(() => database.close());

  describe('the proposed order', () => {
    it('keeps the configured order, and says why a file moves', async () => {
      const { files, needs, isBuildOrder } = await inferred(database, {
        '10_users.sql': '\nCREATE TABLE app.users (\n  state app.state\n);\n',
        '20_state.sql': "-- states\nCREATE TYPE app.state AS ENUM ('new');\n",
        '30_more.sql': 'SELECT 1;\n',
        '40_app.sql': 'CREATE SCHEMA app;\n',
      });
      expect(files.map(({ label, isMoved, reason }) => [label, isMoved, reason])).toEqual([
        ['30_more.sql', false, 'first'],
        ['40_app.sql', false, '40_app.sql after 30_more.sql'],
        ['20_state.sql', true, 'needs schema app of 40_app.sql:1, used at line 2'],
        ['10_users.sql', true, 'needs type app.state of 20_state.sql:2, used at line 3'],
      ]);
      expect(isBuildOrder).toBe(false);
      expect(needs).toContainEqual({
        ...{ file: '10_users.sql', line: 3, object: 'type app.state', neededFile: '20_state.sql' },
        ...{ neededLine: 2, kind: 'object', isCertain: true },
      });
    });

    it('respects lines that require a file', async () => {
      const { files, isBuildOrder } = await inferred(database, {
        'a.sql': '-- requires: c\nSELECT 1;\n',
        'b.sql': 'SELECT 2;\n',
        'c.sql': 'SELECT 3;\n',
      });
      expect(files.map(({ label, reason }) => `${label}: ${reason}`)).toEqual([
        'b.sql: first',
        'c.sql: c.sql after b.sql',
        'a.sql: requires c.sql, said at line 1',
      ]);
      expect(isBuildOrder).toBe(true);
    });

    it('reports the line in a function body, in a DO block and after a byte order mark', async () => {
      const { needs } = await inferred(database, {
        'a.sql':
          '\ufeff-- \u00fc\nCREATE FUNCTION f() RETURNS int LANGUAGE sql\nAS $$\n  SELECT 1;\n  SELECT id FROM t;\n$$;\nDO $$\nBEGIN\n  DELETE FROM u;\nEND $$;\n',
        'b.sql': 'CREATE TABLE t (id int); CREATE TABLE u ();\n',
      });
      expect(needs.map(({ line, object, kind, isCertain }) => [line, object, kind, isCertain])).toEqual([
        [5, 'table t', 'function body', true],
        [9, 'table u', 'object', true],
      ]);
    });

    it('reports what PostgreSQL refuses, without an order', async () => {
      const { files, findings } = await inferred(database, {
        'a.sql': 'CREATE TABEL t ();\nSELECT 1;\n',
        'b.sql': 'SELECT FROM WHERE;\n',
      });
      expect(files).toEqual([]);
      expect(findings.map(({ code, line, column }) => [code, line, column])).toEqual([
        ['ERR_TANDEM_SQL_FAILED', 1, 8],
        ['ERR_TANDEM_SQL_FAILED', 1, 13],
      ]);
    });

    it('throws for a file that cannot be read as SQL, and for a missing requirement', async () => {
      await expect(inferred(database, { 'a.sql': 'SELECT 1; /* open' })).rejects.toMatchObject({
        code: 'ERR_TANDEM_SQL_OPEN_COMMENT',
      });
      await expect(inferred(database, { 'a.sql': '-- requires: b\n' })).rejects.toMatchObject({
        code: 'ERR_TANDEM_REQUIRES_MISSING',
        line: 1,
      });
    });

    it('stops at a signal and at a time limit', async () => {
      const files = Object.fromEntries(
        Array.from({ length: 400 }, (_, index) => [`${index}.sql`, 'SELECT 1;\n'.repeat(200)]),
      );
      const projectDir = projectOf(files);
      const controller = new AbortController();
      const run = new SchemaBuilder({ projectDir, signal: controller.signal }).inferNeeds();
      setTimeout(() => controller.abort(), 50);
      await expect(run).rejects.toMatchObject({ code: 'ERR_TANDEM_ABORTED' });
      await expect(new SchemaBuilder({ projectDir, timeout: 0.05 }).inferNeeds()).rejects.toMatchObject({
        code: 'ERR_TANDEM_TIMEOUT',
      });
    });
  });

  describe('cycles', () => {
    it('are reported with every step and a hint', async () => {
      const { files, findings } = await inferred(database, {
        'a.sql': REFERENCE('a', 'b'),
        'b.sql': REFERENCE('b', 'a'),
      });
      expect(files).toEqual([]);
      expect(findings).toMatchObject([
        {
          code: 'ERR_TANDEM_NEEDS_CIRCLE',
          severity: 'error',
          line: 3,
          message: 'dependency cycle: a.sql:3 needs table b of b.sql:1, b.sql:3 needs table a of a.sql:1',
          hint: 'add the foreign key of a.sql:3 by ALTER TABLE ... ADD FOREIGN KEY in a file of its own, behind both tables, or set build.two_pass',
        },
      ]);
    });

    it('of foreign keys do not exist in a build in two passes, except through keys that it does not move', async () => {
      const order = async (a: string, b: string) => {
        const { files, findings } = await inferred(database, { 'a.sql': a, 'b.sql': b }, true);
        return [...files.map(({ label }) => label), ...findings.map(({ hint }) => hint)];
      };
      const full = (name: string, other: string): string =>
        REFERENCE(name, other).replace('\n)', ' MATCH FULL\n)');
      expect(await order(REFERENCE('a', 'b'), REFERENCE('b', 'a'))).toEqual(['a.sql', 'b.sql']);
      expect(await order(full('a', 'b'), REFERENCE('b', 'a'))).toEqual(['b.sql', 'a.sql']);
      expect(await order(full('a', 'b'), full('b', 'a'))).toEqual([
        'add the foreign key of a.sql:3 by ALTER TABLE ... ADD FOREIGN KEY in a file of its own, behind both tables',
      ]);
    });

    it('are found in three files, in functions, and two at once', async () => {
      const call = (name: string, other: string): string =>
        `CREATE FUNCTION ${name}() RETURNS int LANGUAGE sql AS $$\nSELECT ${other}()\n$$;\n`;
      const { findings } = await inferred(database, {
        'a.sql': REFERENCE('a', 'b'),
        'b.sql': 'CREATE VIEW b AS SELECT * FROM c;\n',
        'c.sql': 'CREATE TABLE c () INHERITS (a);\n',
        'x.sql': call('x', 'y'),
        'y.sql': call('y', 'x'),
      });
      expect(findings.map(({ message }) => message)).toEqual([
        'dependency cycle: a.sql:3 needs view b of b.sql:1, b.sql:1 needs table c of c.sql:1, c.sql:1 needs table a of a.sql:1',
        'dependency cycle: x.sql:2 needs function y of y.sql:1, y.sql:2 needs function x of x.sql:1',
      ]);
      expect(findings[1]?.hint).toContain('PL/pgSQL');
    });

    it('get no hint about a foreign key where more than the key is needed', async () => {
      const { findings } = await inferred(database, {
        'a.sql': `${REFERENCE('a', 'b')}CREATE VIEW v AS TABLE b;\n`,
        'b.sql': `${REFERENCE('b', 'a')}CREATE VIEW w AS TABLE a;\n`,
      });
      expect(findings.map(({ message, hint }) => [message, hint])).toEqual([
        [
          'dependency cycle: a.sql:5 needs table b of b.sql:1, b.sql:5 needs table a of a.sql:1',
          'put what both need into a file of its own',
        ],
      ]);
    });

    it('are found through a line that requires a file', async () => {
      const { findings } = await inferred(database, {
        'a.sql': '-- requires: b\nCREATE TABLE t ();\n',
        'b.sql': 'CREATE VIEW v AS TABLE t;\n',
      });
      expect(findings).toMatchObject([
        {
          message: 'dependency cycle: a.sql:1 requires b.sql, b.sql:1 needs table t of a.sql:2',
          hint: 'take the line that requires a file out, or put what both need into a file of its own',
        },
      ]);
    });

    it('are broken at a need that is not certain', async () => {
      // The column of v may be the one that b adds, but is its own.
      const files = {
        'a.sql': 'CREATE TABLE t (id int); CREATE VIEW v AS SELECT x.c FROM t, (SELECT 1 AS c) x;',
        'b.sql': 'ALTER TABLE t ADD COLUMN c int;',
      };
      expect(await proposed(database, files)).toEqual(['a.sql', 'b.sql']);
    });
  });

  describe('statements whose meaning depends on their position', () => {
    it('keep their objects: GRANT ON ALL TABLES', async () => {
      const files = {
        '10.sql': 'CREATE SCHEMA app; CREATE TABLE app.a ();',
        '20.sql': 'CREATE TABLE app.b (c app.c);',
        '30.sql': 'GRANT SELECT ON ALL TABLES IN SCHEMA app TO PUBLIC;',
        '40.sql': 'CREATE DOMAIN app.c AS int;',
        '50.sql': 'CREATE TABLE app.d ();',
      };
      expect(await proposed(database, files)).toEqual(['10.sql', '40.sql', '20.sql', '30.sql', '50.sql']);
    });

    it('keep their objects: ALTER DEFAULT PRIVILEGES', async () => {
      const files = {
        '10.sql': 'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;',
        '20.sql': 'CREATE TABLE a ();',
        '30.sql': 'CREATE TYPE t AS ENUM ();',
        '40.sql': 'CREATE ROLE reader;',
      };
      expect(await proposed(database, files)).toEqual(['30.sql', '40.sql', '10.sql', '20.sql']);
    });
  });

  describe('the search path', () => {
    it('is that of the file before, in the configured order', async () => {
      const files = {
        '10.sql': 'CREATE SCHEMA app; SET search_path TO app, public;',
        '20.sql': 'CREATE VIEW v AS TABLE t;',
        '30.sql': 'CREATE TABLE t ();',
        '40.sql': 'SET search_path = public; CREATE TABLE t ();',
      };
      expect(await proposed(database, files)).toEqual(['10.sql', '30.sql', '20.sql', '40.sql']);
    });

    it(
      'ends with its file after SET LOCAL',
      async () => {
        const files = {
          '10.sql': 'CREATE VIEW app.v AS TABLE public.t;',
          '20.sql': 'CREATE SCHEMA app; BEGIN; SET LOCAL search_path TO app; CREATE TABLE t (); COMMIT;',
          '30.sql': 'CREATE TABLE t ();',
        };
        const proposal = await new SchemaBuilder({ projectDir: projectOf(files) }).inferNeeds();
        expect(proposal.files.map(({ label }) => label)).toEqual(['20.sql', '30.sql', '10.sql']);
      },
      OPENING,
    );

    it('is reported as a warning where a file would run with another one', async () => {
      const { files, findings } = await inferred(database, {
        '10.sql': 'CREATE SCHEMA a; CREATE SCHEMA b; SET search_path TO a;',
        '20.sql': 'CREATE TABLE t (c b.c);',
        '30.sql': 'SET search_path TO b; CREATE DOMAIN c AS int;',
      });
      expect(files.map(({ label }) => label)).toEqual(['10.sql', '30.sql', '20.sql']);
      expect(findings).toMatchObject([
        {
          code: 'ERR_TANDEM_SEARCH_PATH_CHANGES',
          severity: 'warning',
          line: 1,
          message: "the file uses the search path set by the files before it: 'a' now, 'b' in the new order",
        },
      ]);
    });
  });
});
