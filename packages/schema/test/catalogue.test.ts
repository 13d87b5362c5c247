import { expect, it } from 'vitest';
import { type Catalogue, catalogueText } from '../src/catalogue/catalogue.ts';
import { catalogueChanges } from '../src/catalogue/catalogue-changes.ts';
import { describePglite, describeServer } from './databases-here.ts';
import { RICH_SCHEMA } from './rich-schema.ts';
import { told, verify } from './verified-project.ts';

/** The lines that both PostgreSQL 15 and 18 give for the schema, and must. */
function expectRich(catalogue: Catalogue): void {
  const text = catalogueText(catalogue);
  for (const line of [
    `column app.item."Name": text NOT NULL DEFAULT 'x;y'::text`,
    'column app.item.id: bigint NOT NULL GENERATED ALWAYS AS IDENTITY',
    'column app.item.total: integer GENERATED ALWAYS AS (1 + 1) STORED',
    "column app.item.serial_number: integer NOT NULL DEFAULT nextval('app.item_serial_number_seq'::regclass)",
    'comment table column app.item.id: key',
    'comment table app.item:\n  two\n  lines',
    'composite type app.pair: (one, two)',
    'constraint app.item.item_owner_fkey: FOREIGN KEY (owner) REFERENCES app.owner(id) ON DELETE CASCADE',
    'constraint app.positive.positive_check: CHECK ((VALUE > 0))',
    "enum app.colour: 'red', 'green'",
    'domain app.positive: integer',
    'grant app.item."Name" to rich_reader: SELECT',
    'grant function app.work() to PUBLIC: EXECUTE',
    'grant schema app to rich_reader: USAGE',
    'default privileges for postgres in app on r to rich_reader: SELECT',
    'index app.item_name: CREATE INDEX item_name ON app.item USING btree (lower("Name"))',
    'owner app.owner: rich_reader',
    'policy app.item.own: PERMISSIVE FOR SELECT TO rich_reader USING ((owner = 1))',
    'range type app.floats: double precision',
    'schema app',
    'sequence app.item_serial_number_seq: integer START 1 INCREMENT 1 MINVALUE 1 MAXVALUE 2147483647 CACHE 1 OWNED BY app.item.serial_number',
    'table app.item: (id, "Name", total, owner, colour, serial_number) ROW LEVEL SECURITY',
    'table app.log: (at) PARTITION BY RANGE (at)',
    "table app.log_2026: (at) FOR VALUES FROM ('2026-01-01') TO ('2027-01-01') INHERITS (app.log)",
    'trigger app.item.touched: CREATE TRIGGER touched BEFORE UPDATE ON app.item FOR EACH ROW EXECUTE FUNCTION app.touch()',
  ]) {
    expect(`\n${text}`).toContain(`\n${line}\n`);
  }
  const kinds = new Set(catalogue.map(({ kind }) => kind));
  for (const kind of [
    'aggregate',
    'extension',
    'function',
    'materialized view',
    'operator',
    'procedure',
    'rule',
    'statistics',
    'view',
  ]) {
    expect(kinds).toContain(kind);
  }
  // Of an extension only its existence is listed, not its functions.
  expect(text).not.toContain('digest');
  expect(text).not.toContain('multirange');
  expect(new Set(catalogue.map(({ kind, name }) => `${kind} ${name}`)).size).toBe(catalogue.length);
}

describeServer('the catalogue on a server of its own', () => {
  it('is complete, and equal on two fresh databases', async () => {
    const report = await verify({ 'a.sql': RICH_SCHEMA }, { database: 'server', dump: true, twice: true });
    expect(told(report)).toEqual([]);
    expect(report.changes).toEqual([]);
    expectRich(report.catalogue ?? []);
  });

  it('shows a schema that is different each time', async () => {
    const sql = `CREATE TABLE a (id int);
      DO $$ BEGIN EXECUTE format('ALTER TABLE a ALTER id SET DEFAULT %s', (extract(epoch FROM clock_timestamp()) * 1000)::bigint % 2000000000); END $$;`;
    const report = await verify({ 'a.sql': sql }, { database: 'server', twice: true });
    expect(report.catalogue).toBeNull();
    expect(report.changes).toMatchObject([{ change: 'changed', kind: 'column', name: 'public.a.id' }]);
  });

  it('leaves out the changes of an uncommitted transaction', async () => {
    const sql = 'CREATE TABLE a (id int);\nBEGIN;\nCREATE TABLE b (id int);\n';
    const { catalogue } = await verify({ 'a.sql': sql }, { database: 'server', dump: true });
    expect(catalogue?.filter(({ kind }) => kind === 'table').map(({ name }) => name)).toEqual(['public.a']);
  });
});

describePglite('the catalogue on PGlite', () => {
  it('is the same for the same schema', async () => {
    const report = await verify({ 'a.sql': RICH_SCHEMA }, { database: 'pglite', dump: true });
    expect(told(report)).toEqual([]);
    expectRich(report.catalogue ?? []);
  });
});

it('the changes between two catalogues are listed by kind and name', () => {
  const before = [
    { kind: 'table', name: 'public.a', definition: '(id)', of: null },
    { kind: 'table', name: 'public.gone', definition: '', of: null },
  ];
  const after = [
    { kind: 'table', name: 'public.a', definition: '(id, b)', of: null },
    { kind: 'column', name: 'public.a.b', definition: 'integer', of: 'public.a' },
  ];
  expect(catalogueChanges(before, after)).toEqual([
    { change: 'added', kind: 'column', name: 'public.a.b', of: 'public.a', before: null, after: 'integer' },
    { change: 'changed', kind: 'table', name: 'public.a', of: null, before: '(id)', after: '(id, b)' },
    { change: 'removed', kind: 'table', name: 'public.gone', of: null, before: '', after: null },
  ]);
});
