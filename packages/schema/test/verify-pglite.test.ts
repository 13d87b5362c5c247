import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../src/database/open-database.ts';
import type { ScratchDatabase } from '../src/database/scratch-database.ts';
import { applySchema } from '../src/verify/apply-schema.ts';
import { describePglite, OPENING } from './databases-here.ts';
import { told, verify } from './verified-project.ts';

describePglite('verify on PGlite', () => {
  // PGlite takes seconds to start, so most tests share one.
  let database: ScratchDatabase;
  beforeAll(async () => {
    const extensions = new Set(['pgcrypto', 'earthdistance', 'uuid-ossp', 'nosuch']);
    database = await openDatabase('pglite', { signal: new AbortController().signal, extensions });
  }, OPENING);
  afterAll(() => database.close());

  const stopped = async (sql: string): Promise<unknown> => {
    const { stopped: found } = await applySchema(Buffer.from(sql), database);
    return found?.why.kind === 'refused' ? found.why.failure.server : (found?.why.kind ?? null);
  };

  it('reports its kind and version', () => {
    expect(database.kind).toBe('pglite');
    expect(database.about).toMatch(/^PostgreSQL \d+(\.\d+)? \(PGlite \d+\.\d+\.\d+\)$/);
  });

  // Not digest(): in some runs of PGlite 0.5.16 with all of these extensions it reports that its cipher
  // cannot be initialized.
  it('applies statements, functions and the extensions that it includes', async () => {
    expect(
      await stopped(`
        CREATE EXTENSION pgcrypto; CREATE EXTENSION earthdistance CASCADE; CREATE EXTENSION "uuid-ossp";
        CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT armor('a;b'); $$;
        CREATE ROLE reader; SELECT f(), uuid_generate_v4();
      `),
    ).toBeNull();
    expect(await stopped('CREATE EXTENSION nosuch;')).toMatchObject({ sqlstate: '0A000' });
  });

  it('copies data, and reports the line that does not fit', async () => {
    expect(
      await stopped('CREATE TABLE c (id int, t text);\nCOPY c FROM stdin;\n1\ta;b\n2\t\\N\n\\.\n'),
    ).toBeNull();
    expect(await database.texts("SELECT id || coalesce(t, '-') FROM c ORDER BY id")).toEqual(['1a;b', '2-']);
    const rows = `${'9\tx\n'.repeat(400_000)}`;
    expect(await stopped(`COPY c FROM stdin;\n${rows}\\.\n`)).toBeNull();
    expect(await database.texts('SELECT count(*)::text FROM c')).toEqual(['400002']);
    expect(await stopped('COPY c FROM stdin;\nx\ta\n\\.\n')).toMatchObject({
      sqlstate: '22P02',
      context: 'COPY c, line 1, column id: "x"',
    });
    expect(await stopped('COPY nosuch FROM stdin;\n1\n\\.\n')).toMatchObject({ sqlstate: '42P01' });
    expect(await database.texts('SELECT 1::text')).toEqual(['1']);
  });

  it('reports the position within a statement in characters', async () => {
    expect(
      await stopped('SELECT 1;\nSELECT "\u{1f600}" FROM (SELECT 1 AS "\u{1f600}") x, nope;'),
    ).toMatchObject({
      sqlstate: '42P01',
      position: 38,
    });
  });

  it('names file, line and column, and aborts an endless statement', async () => {
    const files = {
      'a.sql': 'CREATE TABLE a (id int);\n',
      'b.sql': 'CREATE EXTENSION pgcrypto;\nCREATE EXTENSION nosuch;\n',
    };
    const report = await verify(files, { database: 'pglite' });
    expect(report).toMatchObject({ applied: false, statements: 2, database: 'pglite' });
    expect(told(report)[0]).toContain('b.sql:2:1: extension "nosuch" is not available (0A000)');
    expect(report.findings[0]?.hint).toContain('the option database');

    const controller = new AbortController();
    const endless = { 'a.sql': 'DO $$ BEGIN LOOP END LOOP; END $$;' };
    const run = verify(endless, { database: 'pglite', signal: controller.signal });
    const rejected = expect(run).rejects.toMatchObject({ code: 'ERR_TANDEM_ABORTED' });
    await sleep(report.seconds * 1000 + 500);
    controller.abort();
    await rejected;
  });
});
