import { type DiffReport, SchemaBuilder } from '@tandem/schema';
import { expect, it } from 'vitest';
import { describeServer } from './databases-here.ts';
import { differences } from './diff-lines.ts';
import { sharedServer } from './shared-server.ts';
import { projectOf } from './verified-project.ts';

const BASE = `
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, name text DEFAULT 'x', total int);
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TYPE app.colour AS ENUM ('red', 'green');
CREATE DOMAIN app.positive AS int CHECK (VALUE > 0);
CREATE TYPE app.pair AS (one int, two text);
CREATE SEQUENCE app.numbers;
CREATE VIEW app.names AS SELECT name FROM app.t;
`;

/** A change, its statement, and the lines of the diff. */
const KINDS: readonly (readonly [what: string, sql: string, told: readonly unknown[]])[] = [
  ['a table', 'CREATE TABLE app.u (id int, b text);', ['+ table app.u']],
  ['a column', 'ALTER TABLE app.t ADD x int;', ['+ column app.t.x']],
  [
    'the type of a column',
    'ALTER TABLE app.t ALTER total TYPE bigint;',
    ['~ column app.t.total: integer => bigint'],
  ],
  [
    'the default of a column',
    "ALTER TABLE app.t ALTER name SET DEFAULT 'y';",
    ["~ column app.t.name: text DEFAULT 'x'::text => text DEFAULT 'y'::text"],
  ],
  [
    'a NOT NULL',
    'ALTER TABLE app.t ALTER total SET NOT NULL;',
    ['~ column app.t.total: integer => integer NOT NULL'],
  ],
  [
    'the storage of a column',
    'ALTER TABLE app.t ALTER name SET STORAGE external, ALTER name SET STATISTICS 7;',
    ["~ column app.t.name: text DEFAULT 'x'::text => text DEFAULT 'x'::text STORAGE e STATISTICS 7"],
  ],
  ['a constraint', 'ALTER TABLE app.t ADD CONSTRAINT c CHECK (total > 0);', ['+ constraint app.t.c']],
  ['an index', 'CREATE INDEX i ON app.t (total);', ['+ index app.i']],
  [
    'a trigger',
    'CREATE TRIGGER g BEFORE UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION app.touch();',
    ['+ trigger app.t.g'],
  ],
  ['a policy', 'CREATE POLICY p ON app.t USING (true);', ['+ policy app.t.p']],
  [
    'row level security',
    'ALTER TABLE app.t ENABLE ROW LEVEL SECURITY;',
    ['~ table app.t:  => ROW LEVEL SECURITY'],
  ],
  ['a rule', 'CREATE RULE r AS ON DELETE TO app.t DO INSTEAD NOTHING;', ['+ rule app.t.r']],
  [
    'a value of an enum',
    "ALTER TYPE app.colour ADD VALUE 'blue';",
    ["~ enum app.colour: 'red', 'green' => 'red', 'green', 'blue'"],
  ],
  [
    'a domain',
    'ALTER DOMAIN app.positive SET DEFAULT 1;',
    ['~ domain app.positive: integer => integer DEFAULT 1'],
  ],
  [
    'a constraint of a domain',
    'ALTER DOMAIN app.positive ADD CONSTRAINT small CHECK (VALUE < 9);',
    ['+ constraint app.positive.small'],
  ],
  ['a field of a type', 'ALTER TYPE app.pair ADD ATTRIBUTE three int;', ['+ column app.pair.three']],
  [
    'a sequence',
    'ALTER SEQUENCE app.numbers INCREMENT 5;',
    [expect.stringMatching(/^~ sequence app\.numbers: .*INCREMENT 1 .* => .*INCREMENT 5 /)],
  ],
  [
    'a function',
    'CREATE OR REPLACE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$;',
    [expect.stringMatching(/^~ function app\.touch\(\): [\s\S]*NEW[\s\S]* => [\s\S]*OLD/)],
  ],
  [
    'a view',
    'CREATE OR REPLACE VIEW app.names AS SELECT name FROM app.t WHERE id > 1;',
    [expect.stringMatching(/^~ view app\.names: /)],
  ],
  ['a comment', "COMMENT ON COLUMN app.t.id IS 'key';", ['+ comment table column app.t.id']],
  ['a grant', 'GRANT SELECT (name) ON app.t TO PUBLIC;', ['+ grant app.t.name to PUBLIC']],
  [
    'a revoked privilege',
    'REVOKE ALL ON FUNCTION app.touch() FROM PUBLIC;',
    ['- grant function app.touch() to PUBLIC'],
  ],
  [
    'default privileges',
    'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;',
    ['+ default privileges for postgres on r to PUBLIC'],
  ],
  ['an owner', 'ALTER TABLE app.t OWNER TO pg_monitor;', ['+ owner app.t']],
  [
    'a collation',
    "CREATE COLLATION app.nfc (provider = icu, locale = 'de', deterministic = false);",
    ['+ collation app.nfc'],
  ],
  [
    'a text search configuration',
    'CREATE TEXT SEARCH CONFIGURATION app.words (COPY = simple);',
    ['+ text search configuration app.words'],
  ],
  [
    'a server',
    'CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;',
    ['+ server s', '+ foreign-data wrapper w'],
  ],
  [
    'an operator class',
    'CREATE OPERATOR CLASS app.c FOR TYPE int USING btree AS FUNCTION 1 btint4cmp(int, int);',
    ['+ operator class app.c using btree'],
  ],
  [
    'a partition',
    'CREATE TABLE app.l (at date) PARTITION BY RANGE (at); CREATE TABLE app.l1 PARTITION OF app.l DEFAULT;',
    ['+ table app.l', '+ table app.l1'],
  ],
  [
    'names with odd characters',
    'CREATE TABLE app."Od.d ""(name)" ("x, y" int, "a)b" int);',
    ['+ table app."Od.d ""(name)"'],
  ],
];

describeServer('a diff of two projects', () => {
  const server = sharedServer();
  const diff = (before: string, after: string): Promise<DiffReport> =>
    new SchemaBuilder({ projectDir: projectOf({ 'a.sql': after }) }).diff({
      before: { dir: projectOf({ 'a.sql': before }) },
      database: { url: server.url() },
    });

  it.each(KINDS)('shows %s', async (_, sql, expected) => {
    expect(differences(await diff(BASE, BASE + sql))).toEqual(expected);
  });

  it('shows an extension', async ({ skip }) => {
    const report = await diff('', 'CREATE EXTENSION citext;');
    if (!report.compared) skip('this server has no citext');
    expect(differences(report)).toEqual(['+ extension citext']);
  });

  it('names the side that does not apply', async () => {
    const report = await diff(BASE, 'CREATE EXTENSION there_is_none;');
    expect(report.compared).toBe(false);
    expect(differences(report)).toEqual([expect.stringContaining('after: extension "there_is_none"')]);
  });

  it('shows the same in the other direction', async () => {
    const sql = BASE + KINDS.map(([, each]) => each).join('\n');
    const [there, back] = [await diff(BASE, sql), await diff(sql, BASE)];
    const names = (objects: readonly { readonly kind: string; readonly name: string }[]): string[] =>
      objects.map(({ kind, name }) => `${kind} ${name}`);
    expect(there.added.length).toBeGreaterThan(20);
    expect(names(back.removed)).toEqual(names(there.added));
    expect(names(back.added)).toEqual(names(there.removed));
    expect(back.changed).toEqual(
      there.changed.map((change) => ({
        ...change,
        before: change.after,
        after: change.before,
        source: expect.anything(),
      })),
    );
  });

  it('shows the parts of a new table with it, columns in their order', async () => {
    const sql = `
      CREATE TABLE app.u (b serial PRIMARY KEY, a text NOT NULL);
      CREATE INDEX ON app.u (a);
      COMMENT ON TABLE app.u IS 'u';
      GRANT SELECT ON app.u TO PUBLIC;
      GRANT USAGE ON app.u_b_seq TO PUBLIC;`;
    const { added } = await diff(BASE, BASE + sql);
    expect(added).toMatchObject([{ kind: 'table', name: 'app.u', definition: '', of: null }]);
    expect(added[0]?.parts.map(({ kind, name, definition }) => `${kind} ${name}: ${definition}`)).toEqual([
      "column app.u.b: integer NOT NULL DEFAULT nextval('app.u_b_seq'::regclass)",
      'column app.u.a: text NOT NULL',
      'comment table app.u: u',
      'constraint app.u.u_pkey: PRIMARY KEY (b)',
      'grant app.u to PUBLIC: SELECT',
      'grant app.u_b_seq to PUBLIC: USAGE',
      'index app.u_a_idx: CREATE INDEX u_a_idx ON app.u USING btree (a)',
      expect.stringMatching(/^sequence app\.u_b_seq: .* OWNED BY app\.u\.b$/),
    ]);
  });

  it('shows a new order of columns, but not columns that moved because another was added or removed', async () => {
    const table = (...columns: string[]): string =>
      `CREATE TABLE t (${columns.map((each) => `${each} int`).join(', ')});`;
    const [comma, open] = ['"b, ""c"', '"(d)"'];
    expect(differences(await diff(table('a', comma, open), table(comma, 'a', open)))).toEqual([
      `~ column order public.t: (a, ${comma}, ${open}) => (${comma}, a, ${open})`,
    ]);
    expect(differences(await diff(table('a', 'b', 'c'), table('x', 'a', 'c')))).toEqual([
      '- column public.t.b',
      '+ column public.t.x',
    ]);
  });

  it('shows a renamed object as one removed and one added', async () => {
    expect(
      differences(
        await diff(BASE, `${BASE}ALTER TABLE app.t RENAME TO u; ALTER VIEW app.names RENAME TO n;`),
      ),
    ).toEqual(['- view app.names', '- table app.t', '+ view app.n', '+ table app.u']);
  });

  it('shows the whole schema after an empty one, and where each object is created', async () => {
    const after = `${BASE}SET search_path = app;\nCREATE TABLE plain ();\nCREATE INDEX here ON t (total);\nCREATE FUNCTION two(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';\nCREATE FUNCTION two(a text) RETURNS int LANGUAGE sql AS 'SELECT 1';\n`;
    const report = await diff('-- nothing\n', after);
    expect(report).toMatchObject({ compared: true, removed: [], changed: [], before: { files: 1 } });
    const sources = report.added.map(({ kind, name, source }) => `${kind} ${name} ${source?.line ?? '?'}`);
    expect(sources).toEqual(
      [
        'schema app 2',
        'enum app.colour 5',
        'sequence app.numbers 8',
        'view app.names 9',
        'composite type app.pair 7',
        'table app.plain 11',
        'domain app.positive 6',
        'table app.t 3',
        'function app.touch() 4',
        'function app.two(integer) ?',
        'function app.two(text) ?',
      ].sort((one, other) => (nameIn(one) < nameIn(other) ? -1 : 1)),
    );
    expect(
      report.added.every(({ source }) => source === null || source.path.endsWith('db/schema/a.sql')),
    ).toBe(true);
    expect(differences(await diff(after, '-- nothing\n'))).toHaveLength(report.added.length);
  });

  it('leaves out what the options exclude', async () => {
    const after = `${BASE}
      ALTER TABLE app.t OWNER TO pg_monitor;
      GRANT SELECT ON app.t TO PUBLIC;
      COMMENT ON TABLE app.t IS 'x';
      CREATE TABLE app.log_1 (id int PRIMARY KEY); CREATE INDEX other ON app.log_1 (id);
      CREATE TABLE flyway_history (id int);`;
    const builder = new SchemaBuilder({ projectDir: projectOf({ 'a.sql': after }) });
    const before = { dir: projectOf({ 'a.sql': BASE }) };
    const database = { url: server.url() };
    const all = await builder.diff({ before, database });
    expect(differences(all)).toEqual([
      '+ table app.log_1',
      '+ comment table app.t',
      '+ grant app.t to PUBLIC',
      '+ owner app.t',
      '+ table public.flyway_history',
    ]);
    const less = await builder.diff({
      before,
      database,
      ignore: ['owner', 'comment'],
      exclude: ['app.log_*', 'flyway_*'],
    });
    expect(differences(less)).toEqual(['+ grant app.t to PUBLIC']);
    await expect(builder.diff({ before, exclude: ['[z-a]'] })).rejects.toMatchObject({
      code: 'ERR_TANDEM_BAD_ARGUMENT',
    });
  });

  it('names the side that does not apply, with its place', async () => {
    const report = await diff(`${BASE}CREATE TABEL x;\n`, `${BASE}SELECT nope;\n`);
    expect(report).toMatchObject({ compared: false, added: [], removed: [], changed: [] });
    expect(
      report.findings.map(({ side, line, column, excerpt }) => ({ side, line, column, excerpt })),
    ).toEqual([
      { side: 'before', line: 10, column: 8, excerpt: [' 10 | CREATE TABEL x;', '    |        ^'] },
      { side: 'after', line: 10, column: 8, excerpt: [' 10 | SELECT nope;', '    |        ^'] },
    ]);
  });
});

function nameIn(line: string): string {
  return line.replace(/^.*?(app)/, '$1');
}
