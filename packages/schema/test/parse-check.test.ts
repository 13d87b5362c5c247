import { join } from 'node:path';
import { SchemaBuilder } from '@tandem/schema';
import { describe, expect, it } from 'vitest';
import { temporaryTree } from './temporary-tree.ts';

const CONFIG =
  'database_url: postgresql://localhost/app\ninclude_dirs: [db]\nexclude_dirs: [db/environments]\n';

/** Findings of a check with the parser, as `file:line:column code text`. */
async function found(files: Readonly<Record<string, string>>): Promise<string[]> {
  const projectDir = temporaryTree({ 'db/environments/local.yaml': CONFIG });
  const { mkdirSync, writeFileSync } = await import('node:fs');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(projectDir, 'db', name, '..'), { recursive: true });
    writeFileSync(join(projectDir, 'db', name), text);
  }
  const { findings } = await new SchemaBuilder({ projectDir }).check({ parse: true });
  const below = join(projectDir, 'db/');
  return findings.map(({ path, line, column, code, message }) => {
    const text = message.replaceAll(below, '');
    return `${path.replace(below, '')}:${line}:${column} ${code.replace('ERR_TANDEM_SQL_', '')} ${text}`;
  });
}

describe("PostgreSQL's parser", () => {
  it('tells every statement that is not right, with its place in the file', async () => {
    expect(
      await found({
        'a.sql': '-- é\nCREATE TABEL x();\nSELECT 1;\n  SELECT ü FORM y WHERE;\n',
        'b.sql': 'SELECT 1;\n',
      }),
    ).toEqual([
      `a.sql:2:8 SYNTAX PostgreSQL's parser: syntax error at or near "TABEL"`,
      `a.sql:4:17 SYNTAX PostgreSQL's parser: syntax error at or near "y"`,
    ]);
  });

  it('does not stumble over a byte order mark, psql and data', async () => {
    const text = '\ufeff\\set x 1\nCOPY t (a) FROM stdin;\n1\tit\'s "\n\\.\n\\echo done\nSELECT 1;\n';
    const findings = await found({ 'a.sql': text });
    expect(findings.filter((finding) => finding.includes('SYNTAX'))).toEqual([]);
  });

  it.each([
    ['CREATE TABLE users ();', 'CREATE TABLE public.users ();', 'the table public.users'],
    ['CREATE TABLE users ();', 'CREATE VIEW users AS SELECT 1;', 'the view users'],
    ['CREATE TYPE mood AS ENUM ();', 'CREATE DOMAIN mood AS text;', 'the domain mood'],
    ['CREATE SCHEMA s;', 'CREATE SCHEMA s;', 'the schema s'],
    ['CREATE INDEX i ON t (a);', 'CREATE INDEX i ON u (b);', 'the index public.i'],
    [
      "CREATE FUNCTION f(a int, OUT b text) AS '' LANGUAGE sql;",
      "CREATE FUNCTION f(x integer) RETURNS int AS '' LANGUAGE sql;",
      'the function f(int4)',
    ],
    [
      'CREATE TRIGGER t BEFORE INSERT ON u EXECUTE FUNCTION f();',
      'CREATE TRIGGER t AFTER INSERT ON u EXECUTE FUNCTION g();',
      'the trigger t on u',
    ],
  ])('finds %j created again by %j', async (first, second, what) => {
    expect(await found({ 'a.sql': `\n${first}`, 'b.sql': `-- again\n${second}` })).toEqual([
      `b.sql:2:1 CREATED_TWICE ${what} is created in a.sql:2 already`,
    ]);
  });

  it.each([
    ['CREATE TABLE a ();', 'CREATE TABLE s.a ();'],
    ['CREATE TABLE a ();', 'DROP TABLE a; CREATE TABLE a ();'],
    [
      "CREATE FUNCTION f(int) RETURNS int AS '' LANGUAGE sql;",
      "CREATE FUNCTION f(text) RETURNS int AS '' LANGUAGE sql;",
    ],
    ['CREATE POLICY p ON a;', 'CREATE POLICY p ON b;'],
    ['CREATE INDEX ON t (a);', 'CREATE INDEX ON t (a);'],
  ])('lets %j and %j be', async (first, second) => {
    expect(await found({ 'a.sql': first, 'b.sql': second })).toEqual([]);
  });

  it('warns where the second one does not fail', async () => {
    const [finding] = await found({
      'a.sql': "CREATE FUNCTION f() RETURNS int AS '' LANGUAGE sql;",
      'b.sql': "CREATE OR REPLACE FUNCTION f() RETURNS int AS '' LANGUAGE sql;",
    });
    expect(finding).toBe(
      'b.sql:1:1 CREATED_AGAIN the function f() is created in a.sql:1 already, and one of the two has no effect',
    );
  });
});
