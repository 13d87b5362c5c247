import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../src/database/open-database.ts';
import type { ScratchDatabase } from '../src/database/scratch-database.ts';
import { describePglite, OPENING } from './databases-here.ts';
import { proposed, refusal } from './inferred-project.ts';
import { FUNCTIONS, type NeedCase, OTHERS, PARTS, TABLES, TYPES } from './need-cases.ts';
import { NO_NEEDS } from './no-need-cases.ts';
import { inFiles, randomSchemas } from './random-schema.ts';

const RUNS = Number(process.env['TANDEM_CONFORMANCE_RUNS'] ?? 25) * 2;
const CHECKED = 'LANGUAGE sql AS';
const TABLE = 'CREATE TABLE t (id int PRIMARY KEY, n int);';

describePglite('what a file needs', () => {
  let database: ScratchDatabase;
  beforeAll(async () => {
    const extensions = new Set(['pgcrypto', 'hstore', 'pg_trgm', 'ltree', 'btree_gist', 'unaccent']);
    database = await openDatabase('pglite', { signal: new AbortController().signal, extensions });
  }, OPENING);
  afterAll(() => database.close());

  /** The need exists, is found, and nothing moves where it is met. */
  async function holds([needed, using]: NeedCase): Promise<void> {
    const wrong = { 'a.sql': using, 'b.sql': needed };
    expect(await refusal(database, wrong)).not.toBeNull();
    expect(await proposed(database, wrong)).toEqual(['b.sql', 'a.sql']);
    expect(await refusal(database, wrong, ['b.sql', 'a.sql'])).toBeNull();
    expect(await proposed(database, { 'a.sql': needed, 'b.sql': using })).toEqual(['a.sql', 'b.sql']);
  }

  describe('a type', () => {
    it.each(TYPES)('%s / %s', async (...each) => holds(each));
  });
  describe('a table or view', () => {
    it.each(TABLES)('%s / %s', async (...each) => holds(each));
  });
  describe('the parts of a table', () => {
    it.each(PARTS)('%s / %s', async (...each) => holds(each));
  });
  describe('a function', () => {
    it.each(FUNCTIONS)('%s / %s', async (...each) => holds(each));
  });
  describe('anything else', () => {
    it.each(OTHERS)('%s / %s', async (...each) => holds(each));
  });

  describe('what is not a need', () => {
    it.each(NO_NEEDS)('%s', async (_, first, second) => {
      const files = { 'a.sql': first, 'b.sql': second };
      expect(await refusal(database, files)).toBeNull();
      expect(await proposed(database, files)).toEqual(['a.sql', 'b.sql']);
    });
  });

  /** The table exists; what `using` needs of it is in another file. */
  it.each([
    [
      'a unique key',
      `CREATE TABLE t (id int); CREATE UNIQUE INDEX ON t (id);`,
      'INSERT INTO t VALUES (1) ON CONFLICT (id) DO NOTHING;',
    ],
    [
      'a referenced key',
      `CREATE TABLE t (id int); ALTER TABLE t ADD PRIMARY KEY (id);`,
      'CREATE TABLE p (t int REFERENCES t);',
    ],
    [
      'a key in GROUP BY',
      `CREATE TABLE t (id int, n int); ALTER TABLE t ADD PRIMARY KEY (id);`,
      'CREATE VIEW v AS SELECT id, n FROM t GROUP BY id;',
    ],
    [
      'a constraint',
      `CREATE TABLE t (id int); ALTER TABLE t ADD CONSTRAINT c CHECK (id > 0);`,
      "COMMENT ON CONSTRAINT c ON t IS 'x';",
    ],
    ['an added column', `${TABLE} ALTER TABLE t ADD COLUMN c int;`, 'CREATE VIEW v AS SELECT c FROM t;'],
    ['a renamed column', `${TABLE} ALTER TABLE t RENAME n TO c;`, 'CREATE INDEX ON t (c);'],
  ])('%s', async (_, both, using) => {
    const [table = '', column = ''] = both.split('; ');
    const files = { 'a.sql': `${table};`, 'b.sql': using, 'c.sql': column };
    expect(await refusal(database, files)).not.toBeNull();
    expect(await proposed(database, files)).toEqual(['a.sql', 'c.sql', 'b.sql']);
    expect(await refusal(database, files, ['a.sql', 'c.sql', 'b.sql'])).toBeNull();
  });

  it('puts calls after all functions that they may mean', async () => {
    const files = {
      'a.sql': 'CREATE VIEW v AS SELECT f(NULL::text);',
      'b.sql': `CREATE FUNCTION f(int) RETURNS int ${CHECKED} 'SELECT 1';`,
      'c.sql': `CREATE FUNCTION f(text) RETURNS int ${CHECKED} 'SELECT f(1)';`,
    };
    expect(await proposed(database, files)).toEqual(['b.sql', 'c.sql', 'a.sql']);
    expect(await refusal(database, files, ['b.sql', 'c.sql', 'a.sql'])).toBeNull();
  });

  it('puts rows after the rows that they reference', async () => {
    const files = {
      '10.sql': 'CREATE TABLE o (id int PRIMARY KEY); CREATE TABLE p (o int REFERENCES o);',
      '20_p.sql': 'INSERT INTO p VALUES (1);',
      '30_o.sql': 'COPY o FROM stdin;\n1\n\\.\n',
    };
    const order = ['10.sql', '30_o.sql', '20_p.sql'];
    expect(await refusal(database, files)).not.toBeNull();
    expect(await proposed(database, files)).toEqual(order);
    expect(await refusal(database, files, order)).toBeNull();
  });

  it('puts an index after the operator class that it uses', async () => {
    const files = {
      'a.sql':
        "CREATE TYPE p AS (a int); CREATE FUNCTION c(p, p) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0'; CREATE TABLE t (p p, q polygon); CREATE TABLE u (q polygon);",
      'b.sql': 'CREATE INDEX ON t USING hash (q);',
      'c.sql':
        "CREATE FUNCTION h(polygon) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 0'; CREATE FUNCTION e(polygon, polygon) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR = (leftarg = polygon, rightarg = polygon, function = e); CREATE OPERATOR CLASS k DEFAULT FOR TYPE polygon USING hash AS OPERATOR 1 =, FUNCTION 1 h(polygon);",
    };
    const order = ['a.sql', 'c.sql', 'b.sql'];
    expect(await refusal(database, files)).not.toBeNull();
    expect(await proposed(database, files)).toEqual(order);
    expect(await refusal(database, files, order)).toBeNull();
  });

  it('orders random schemas so that they apply, and keeps an order that already does', async () => {
    const numbers = fc.uniqueArray(fc.nat(9999), { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(randomSchemas, numbers, async (schema, numbered) => {
        const files = inFiles(schema, numbered);
        const shuffled = Object.fromEntries(files.toSorted(([one], [other]) => (one < other ? -1 : 1)));
        fc.pre(
          (await refusal(
            database,
            Object.fromEntries(files),
            files.map(([name]) => name),
          )) === null,
        );
        expect(await refusal(database, shuffled, await proposed(database, shuffled))).toBeNull();
        const right = files.map(([, sql], index) => [`${100 + index}.sql`, sql] as const);
        expect(await proposed(database, Object.fromEntries(right))).toEqual(right.map(([name]) => name));
      }),
      { numRuns: RUNS },
    );
  }, 300_000);
});
