import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DiffReport, type DiffWishes, SchemaBuilder } from '@tandem/schema';
import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../src/catalogue/catalogue.ts';
import { ServerClient } from '../src/database/server-client.ts';
import { splitStatements } from '../src/lexer/split-statements.ts';
import { describePglite, describeServer } from './databases-here.ts';
import { differences } from './diff-lines.ts';
import { GitRepository } from './git-repository.ts';
import { PROJECT, projectRepository } from './revision-project.ts';
import { RICH_SCHEMA } from './rich-schema.ts';
import { sharedServer } from './shared-server.ts';
import { projectOf } from './verified-project.ts';

/** The schema for a scratch database: without its role, which the server has already. */
const SCHEMA = RICH_SCHEMA.replace('CREATE ROLE rich_reader;', '');

describeServer('a diff with a live database', () => {
  const server = sharedServer();

  /** Makes a database and applies a schema to it, as another user may do. */
  async function live(database: string, sql: string, user = 'postgres'): Promise<string> {
    await server.session.apply(`CREATE DATABASE ${database} OWNER ${user} TEMPLATE template0`);
    await run(server.url(database, user), sql);
    return server.url(database);
  }

  async function run(url: string, sql: string): Promise<void> {
    const session = await ServerClient.connect({ connectionString: url });
    const bytes = Buffer.from(sql);
    for (const { start, end } of splitStatements(bytes))
      await session.apply(bytes.toString('utf8', start, end));
    await session.end();
  }

  const diff = (url: string, sql: string, wishes: Partial<DiffWishes> = {}): Promise<DiffReport> =>
    new SchemaBuilder({ projectDir: projectOf({ 'a.sql': sql }) }).diff({ before: { url }, ...wishes });

  it('finds none where another role built it, whatever its settings are', async () => {
    await server.session.apply('CREATE ROLE rich_reader; CREATE ROLE "Deploy er" SUPERUSER LOGIN');
    const sql = `${SCHEMA}
      ALTER DEFAULT PRIVILEGES GRANT INSERT ON TABLES TO rich_reader;
      ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
      GRANT ALL ON app.item TO "Deploy er"; GRANT ALL ON app.item TO postgres;
      CREATE TABLE app.times (at timestamptz DEFAULT '2026-01-02 03:04:05+00', d date DEFAULT '2026-03-04', i interval DEFAULT '1 day 2 hours', f float8 DEFAULT 0.1, "select" bytea DEFAULT '\\x01');`;
    const url = await live('same', '-- nothing', 'postgres');
    for (const setting of [
      "timezone = 'Asia/Tokyo'",
      "datestyle = 'German'",
      "intervalstyle = 'iso_8601'",
      'quote_all_identifiers = on',
      'extra_float_digits = -3',
      "bytea_output = 'escape'",
      'search_path = app',
    ]) {
      await server.session.apply(`ALTER DATABASE same SET ${setting}`);
    }
    await run(
      server.url('same', '"Deploy er"'.replaceAll('"', '').replace(' ', '%20')),
      `SET search_path = public; SET datestyle = 'ISO, MDY'; ${sql}`,
    );
    const report = await diff(url, sql);
    expect(differences(report)).toEqual([]);
    expect(report).toMatchObject({
      compared: true,
      before: { kind: 'database', files: null, server: expect.stringMatching(/^PostgreSQL \d+/) },
      after: { kind: 'folder', files: 1, server: expect.stringContaining('(the database tandem_verify_') },
    });
    const owned = differences(await diff(url, sql, { ignore: [] }));
    expect(owned).toContain('- owner app.item');
    expect(owned).toContain('+ grant app.item to "Deploy er"');
    // In the other direction, and with itself.
    const project = projectOf({ 'a.sql': sql });
    const after = await new SchemaBuilder({ projectDir: project }).diff({
      before: { dir: project },
      after: { url },
    });
    expect(differences(after)).toEqual([]);
    expect(differences(await diff(url, '', { after: { url } }))).toEqual([]);
  });

  it('reports its drift to a role that may only read', async () => {
    const sql = 'CREATE TABLE a (id int PRIMARY KEY, name text);\n';
    const url = await live(
      'drifted',
      `${sql} ALTER TABLE a ADD late int; CREATE INDEX by_hand ON a (name); CREATE TABLE tb_confiture (id int); DROP SCHEMA IF EXISTS none;`,
    );
    await server.session.apply('CREATE ROLE reader LOGIN');
    const asReader = server.url('drifted', 'reader');
    const report = await diff(asReader, sql, { database: { url }, exclude: ['tb_confiture'] });
    expect(differences(report)).toEqual(['- column public.a.late', '- index public.by_hand']);
    expect(report.removed[0]?.source).toBeNull();
    await expect(diff(asReader, sql)).rejects.toMatchObject({
      code: 'ERR_TANDEM_DATABASE_FAILED',
      hint: expect.stringContaining('CREATEDB'),
    });
  });

  it('does not change it, and leaves no database behind', async () => {
    const url = await live('untouched', 'CREATE TABLE a (id serial);');
    const session = await ServerClient.connect({ connectionString: url });
    const state = async (): Promise<unknown> => [
      await readCatalogue(session),
      await session.texts(
        'SELECT xmin::text FROM pg_class UNION ALL SELECT last_value::text FROM public.a_id_seq',
      ),
      await session.texts('SELECT datname::text FROM pg_database ORDER BY 1'),
    ];
    const before = await state();
    await diff(url, 'CREATE TABLE b ();');
    await diff(url, 'CREATE TABEL b ();');
    expect(await state()).toEqual(before);
    expect(
      await session.texts(
        "SELECT pid::text FROM pg_stat_activity WHERE application_name = 'tandem' AND pid <> pg_backend_pid() AND datname = 'untouched'",
      ),
    ).toEqual([]);
    await session.end();
  });

  it('does not wait for a lock forever, but ends at a time limit', async () => {
    const url = await live('locked', 'CREATE TABLE a (id int); CREATE VIEW v AS SELECT id FROM a;');
    const session = await ServerClient.connect({ connectionString: url });
    await session.apply('BEGIN');
    await session.apply('LOCK TABLE a, v IN ACCESS EXCLUSIVE MODE');
    const builder = new SchemaBuilder({ projectDir: projectOf({ 'a.sql': '' }), timeout: 2 });
    await expect(builder.diff({ before: { url } })).rejects.toMatchObject({ code: 'ERR_TANDEM_TIMEOUT' });
    await session.end();
  });

  it('reports an error of the database, without the password', async () => {
    for (const [url, message] of [
      [
        'postgres://me:secret@127.0.0.1:1/x',
        'the database postgres://me@127.0.0.1:1/x: connect ECONNREFUSED',
      ],
      [server.url('nosuch').replace('postgres@', 'postgres:secret@'), 'database "nosuch" does not exist'],
      ['postgres://me:secret@host:port/x', 'not a PostgreSQL URL'],
    ] as const) {
      const error = await diff(url, 'SELECT 1;').catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        code: 'ERR_TANDEM_DATABASE_FAILED',
        message: expect.stringContaining(message),
      });
      expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('secret');
    }
  });
});

describeServer('a diff with a revision', () => {
  it('compares it with the working tree and another revision, with places in each', async () => {
    const repository = projectRepository();
    repository.git('tag', 'v1');
    repository.write({ 'db/schema/20/b.sql': 'CREATE TABLE b (id int);\nCREATE TABLE c ();\n' }).commit();
    repository.git('tag', 'v2');
    repository.write({ 'db/schema/20/b.sql': 'CREATE TABLE b (id int);\nSELECT nope;\n' }).commit();
    const builder = new SchemaBuilder({ projectDir: repository.folder });
    const report = await builder.diff({
      before: { revision: 'v1' },
      after: { revision: 'v2' },
      database: 'server',
    });
    expect(differences(report)).toEqual(['+ column public.b.id', '+ table public.c']);
    expect(report.added.map(({ source }) => source)).toEqual([
      { path: 'v2:db/schema/20/b.sql', line: 1 },
      { path: 'v2:db/schema/20/b.sql', line: 2 },
    ]);
    const stopped = await builder.diff({
      before: { revision: 'v2' },
      after: { revision: 'main' },
      database: 'server',
    });
    expect(stopped.findings).toMatchObject([
      {
        side: 'after',
        path: 'main:db/schema/20/b.sql',
        line: 2,
        column: 8,
        excerpt: [' 2 | SELECT nope;', '   |        ^'],
      },
    ]);
  });
});

describe('a diff of the same SQL', () => {
  it('needs no database', async () => {
    const repository = projectRepository();
    const builder = new SchemaBuilder({ projectDir: repository.folder });
    const report = await builder.diff({
      before: { revision: 'HEAD' },
      database: { url: 'postgres://127.0.0.1:1/x' },
    });
    expect(report).toMatchObject({
      compared: true,
      before: { name: 'HEAD', kind: 'revision', files: 2, server: null },
      added: [],
      removed: [],
      changed: [],
    });
    expect(readFileSync(join(repository.folder, 'db/schema/10/a.sql'), 'utf8')).toBe(
      PROJECT['db/schema/10/a.sql'],
    );
  });
});

describePglite('a diff on PGlite', () => {
  it('compares a revision with the working tree', async () => {
    const repository = new GitRepository()
      .write({ ...PROJECT, 'db/schema/30.sql': SCHEMA.replaceAll('rich_reader', 'pg_monitor') })
      .commit();
    repository.write({ 'db/schema/20/b.sql': 'CREATE TABLE c ();\n' });
    const report = await new SchemaBuilder({ projectDir: repository.folder }).diff({
      before: { revision: 'HEAD' },
    });
    expect(differences(report)).toEqual(['- table public.b', '+ table public.c']);
  });
});
