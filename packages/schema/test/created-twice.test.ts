import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SchemaBuilder } from '@tandem/schema';
import { describe, expect, it } from 'vitest';
import { temporaryTree } from './temporary-tree.ts';

const CONFIG =
  'database_url: postgresql://localhost/app\ninclude_dirs: [db]\nexclude_dirs: [db/environments]\n';

/** Findings of a check, as `file:line:column code text`. */
async function found(files: Readonly<Record<string, string>>, parse: boolean): Promise<string[]> {
  const projectDir = temporaryTree({ 'db/environments/local.yaml': CONFIG });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(projectDir, 'db', name)), { recursive: true });
    writeFileSync(join(projectDir, 'db', name), text);
  }
  const { findings } = await new SchemaBuilder({ projectDir }).check({ parse });
  const below = join(projectDir, 'db/');
  return findings.map(({ path, line, column, code, message }) => {
    const text = message.replaceAll(below, '');
    return `${path.replace(below, '')}:${line}:${column} ${code.replace('ERR_TANDEM_SQL_', '')} ${text}`;
  });
}

const F = "RETURNS int LANGUAGE sql AS '';";

describe.each([
  ['the first words of statements', false],
  ["PostgreSQL's parser", true],
])('an object that is created twice, judged by %s', (_, parse) => {
  it.each([
    ['CREATE TABLE users ();', 'CREATE TABLE public.users ();', 'table public.users'],
    ['CREATE TABLE users ();', 'CREATE VIEW users AS SELECT 1;', 'view users'],
    ['CREATE TABLE Users ();', 'CREATE TABLE "users" ();', 'table users'],
    ['CREATE SEQUENCE s;', 'CREATE TYPE s AS (a int);', 'type s'],
    ['CREATE TYPE mood AS ENUM ();', 'CREATE DOMAIN mood AS text;', 'domain mood'],
    ['CREATE SCHEMA s;', 'CREATE SCHEMA s;', 'schema s'],
    ['CREATE INDEX i ON t (a);', 'CREATE INDEX i ON u (b);', 'index i'],
    [`CREATE FUNCTION f() ${F}`, `CREATE FUNCTION public.F() ${F}`, 'function public.f()'],
    [
      'CREATE TRIGGER t BEFORE INSERT ON u EXECUTE FUNCTION f();',
      'CREATE TRIGGER t AFTER INSERT ON u EXECUTE FUNCTION g();',
      'trigger t on u',
    ],
    ['SET search_path = app; CREATE TABLE t ();', 'CREATE TABLE t ();', 'table t'],
    ['SET search_path = app; CREATE TABLE t ();', 'CREATE TABLE app.t ();', 'table app.t'],
    [
      'CREATE TABLE t (); DROP VIEW t;',
      'CREATE TABLE u (); CREATE TABLE u ();',
      'table u',
      'b.sql:2:20',
      'b.sql:2',
    ],
  ])('is found: %j, then %j', async (first, second, what, at = 'b.sql:2:1', firstAt = 'a.sql:2') => {
    expect(await found({ 'a.sql': `\n${first}`, 'b.sql': `-- again\n${second}` }, parse)).toEqual([
      `${at} CREATED_TWICE the ${what} is already created in ${firstAt}`,
    ]);
  });

  it.each([
    ['CREATE TABLE a ();', 'CREATE TABLE s.a ();'],
    ['CREATE TABLE a ();', 'CREATE TABLE "A" ();'],
    ['CREATE TABLE a ();', 'DROP TABLE a; CREATE TABLE a ();'],
    ['CREATE TABLE a (); CREATE INDEX i ON a (b);', 'DROP TABLE a; CREATE INDEX i ON c (b);'],
    ['CREATE TEMP TABLE a (); DROP TABLE a;', 'CREATE TEMP TABLE a ();'],
    ['CREATE TEMP TABLE a ();', 'CREATE TABLE a ();'],
    ['CREATE TYPE t AS (a int); DROP TYPE t;', 'CREATE TYPE t AS ENUM ();'],
    ['CREATE TABLE a ();', 'ALTER TABLE a RENAME TO b; CREATE TABLE a ();'],
    ['CREATE VIEW v AS SELECT 1; DROP SCHEMA s CASCADE;', 'CREATE VIEW v AS SELECT 1;'],
    [`CREATE FUNCTION f(int) ${F}`, `CREATE FUNCTION f(text) ${F}`],
    [`CREATE FUNCTION f(int) ${F} DROP FUNCTION f(int);`, `CREATE FUNCTION f(int) ${F}`],
    ['CREATE POLICY p ON a;', 'CREATE POLICY p ON b;'],
    ['CREATE INDEX ON t (a);', 'CREATE INDEX ON t (a);'],
    ['SET search_path = app; CREATE TABLE t ();', 'SET search_path = shop; CREATE TABLE t ();'],
    [
      "SELECT pg_catalog.set_config('search_path', 'app', false); CREATE TABLE t ();",
      'RESET search_path; CREATE TABLE t ();',
    ],
  ])('is not reported for %j, then %j', async (first, second) => {
    expect(await found({ 'a.sql': first, 'b.sql': second }, parse)).toEqual([]);
  });

  it('is a warning where the second statement does not fail', async () => {
    const files = { 'a.sql': `CREATE FUNCTION f() ${F}`, 'b.sql': `CREATE OR REPLACE FUNCTION f() ${F}` };
    expect(await found(files, parse)).toEqual([
      'b.sql:1:1 CREATED_AGAIN the function f() is already created in a.sql:1; one of the two has no effect',
    ]);
  });

  it('is found in build order, and reported by place', async () => {
    const files = {
      'a.sql': '-- requires: b.sql\nCREATE TABLE t ();\n\\echo done\n',
      'b.sql': 'CREATE TABLE t ();\n',
      'c.sql': 'CREATE TABLE t ();\n',
    };
    expect(await found(files, parse)).toEqual([
      'a.sql:2:1 CREATED_TWICE the table t is already created in b.sql:1',
      'a.sql:3:1 PSQL_LINE a psql command, not SQL: \\echo',
      'c.sql:1:1 CREATED_TWICE the table t is already created in b.sql:1',
    ]);
  });
});

it("only PostgreSQL's parser knows all names of a type", async () => {
  const files = {
    'a.sql': `CREATE FUNCTION f(a int, OUT b text) ${F}`,
    'b.sql': `CREATE FUNCTION f(x integer) ${F}`,
  };
  expect(await found(files, false)).toEqual([]);
  expect(await found(files, true)).toEqual([
    'b.sql:1:1 CREATED_TWICE the function f(int4) is already created in a.sql:1',
  ]);
});
