import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { explainFiles, type ProposedOrder, SchemaBuilder, type WrittenNeeds } from '@tandem/schema';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../src/database/open-database.ts';
import type { ScratchDatabase } from '../src/database/scratch-database.ts';
import { proposedOrder } from '../src/infer/proposed-order.ts';
import { writeNeeds } from '../src/operations/write-needs.ts';
import { describePglite, OPENING } from './databases-here.ts';
import { inferredOf, refusal } from './inferred-project.ts';
import { inFiles, randomSchemas } from './random-schema.ts';
import { projectOf } from './verified-project.ts';

const RUNS = Number(process.env['TANDEM_CONFORMANCE_RUNS'] ?? 25) * 2;
const TABLE = 'CREATE TABLE t (id int);\n';
const VIEW = 'CREATE VIEW v AS TABLE t;\n';

describePglite('inferred requirements', () => {
  let database: ScratchDatabase;
  beforeAll(async () => {
    database = await openDatabase('pglite', { signal: new AbortController().signal, extensions: new Set() });
  }, OPENING);
  afterAll(() => database.close());

  function builderOf(files: Readonly<Record<string, string | Buffer>>) {
    const projectDir = projectOf(files);
    const builder = new SchemaBuilder({ projectDir });
    const path = (name: string): string => join(projectDir, 'db/schema', name);
    const order = async (): Promise<string[]> => (await builder.order()).map(({ label }) => label);
    const inferNeeds = async (): Promise<ProposedOrder> => {
      const explained = explainFiles(builder.project());
      return proposedOrder(explained, await inferredOf(database, explained));
    };
    const write = async (dryRun = false): Promise<WrittenNeeds> =>
      writeNeeds(builder.files(), await inferredOf(database, builder.files()), dryRun);
    return { builder, path, order, inferNeeds, write };
  }

  it('are written as lines at the top, and give the build order', async () => {
    const { write, path, order } = builderOf({
      '10/v.sql': `-- The view.\n${VIEW}`,
      '20/t.sql': TABLE,
      '30/w.sql': 'CREATE VIEW w AS SELECT 1;\n',
    });
    const written = await write();
    expect(written).toEqual({
      files: [{ file: '10/v.sql', path: path('10/v.sql'), requires: ['20/t.sql'] }],
      findings: [],
    });
    expect(readFileSync(path('10/v.sql'), 'utf8')).toBe(`-- requires: 20/t.sql\n-- The view.\n${VIEW}`);
    expect(await order()).toEqual(['20/t.sql', '10/v.sql', '30/w.sql']);
    expect(await write()).toEqual({ files: [], findings: [] });
  });

  it('include those that the configured order met only until a file moved', async () => {
    const { write, order } = builderOf({
      'a.sql': 'CREATE VIEW a AS TABLE z;\n',
      'b.sql': 'CREATE VIEW b AS TABLE a;\n',
      'c.sql': 'CREATE VIEW c AS SELECT 1;\n',
      'z.sql': 'CREATE TABLE z (id int);\n',
    });
    const { files } = await write();
    expect(files.map(({ file, requires }) => [file, requires])).toEqual([
      ['a.sql', ['z.sql']],
      ['b.sql', ['a.sql']],
    ]);
    expect(await order()).toEqual(['c.sql', 'z.sql', 'a.sql', 'b.sql']);
  });

  it('keep the byte order mark, the line ends and the mode', async () => {
    const { write, path } = builderOf({
      'a.sql': `\ufeff-- x\r\n${VIEW}`,
      'b.sql': '',
      'c.sql': TABLE,
    });
    chmodSync(path('a.sql'), 0o640);
    await write();
    expect(readFileSync(path('a.sql'), 'utf8')).toBe(`\ufeff-- requires: c.sql\r\n-- x\r\n${VIEW}`);
    if (process.platform !== 'win32') expect(statSync(path('a.sql')).mode & 0o777).toBe(0o640);
    expect(readdirSync(dirname(path('a.sql'))).sort()).toEqual(['a.sql', 'b.sql', 'c.sql']);
  });

  it('are not written in a dry run', async () => {
    const { write, path } = builderOf({ 'a.sql': VIEW, 'b.sql': TABLE });
    expect((await write(true)).files).toHaveLength(1);
    expect(readFileSync(path('a.sql'), 'utf8')).toBe(VIEW);
  });

  it('are not written at all if one of the files is a link, or a name cannot be written as a requirement', async () => {
    const { write, path } = builderOf({
      'a.sql': VIEW,
      'b.sql': 'CREATE VIEW w AS SELECT FROM u, x;\n',
      'c,d.sql': TABLE,
      'e.sql': 'CREATE TABLE u ();\n',
      'f.sql': 'CREATE TABLE x ();\n',
    });
    renameSync(path('b.sql'), path('b.txt'));
    symlinkSync('b.txt', path('b.sql'));
    const { files, findings } = await write();
    expect(files).toEqual([]);
    expect(findings.map(({ code, path: at, hint }) => [code, at, hint])).toEqual([
      ['ERR_TANDEM_REQUIRES_NAME', path('a.sql'), 'rename it'],
      ['ERR_TANDEM_REQUIRES_LINK', path('b.sql'), 'add it yourself: -- requires: e.sql, f.sql'],
    ]);
    expect(readFileSync(path('a.sql'), 'utf8')).toBe(VIEW);
    expect(lstatSync(path('b.sql')).isSymbolicLink()).toBe(true);
  });

  it('are not written if the files have errors or need each other', async () => {
    const { write, path } = builderOf({ 'a.sql': VIEW, 'b.sql': `${TABLE}CREATE TABEL u ();\n` });
    expect(await write()).toMatchObject({
      files: [],
      findings: [{ code: 'ERR_TANDEM_SQL_FAILED', line: 2 }],
    });
    writeFileSync(path('b.sql'), `${TABLE}CREATE VIEW w AS TABLE v;\n`);
    expect(await write()).toMatchObject({
      files: [],
      findings: [{ code: 'ERR_TANDEM_NEEDS_CIRCLE' }],
    });
    expect(readFileSync(path('a.sql'), 'utf8')).toBe(VIEW);
  });

  it('are not written to a file that has changed since it was read', async () => {
    const { builder, path } = builderOf({ 'a.sql': VIEW, 'b.sql': VIEW.replace('v', 'w'), 'c.sql': TABLE });
    const files = builder.files();
    const inferred = await inferredOf(database, files);
    writeFileSync(path('b.sql'), 'SELECT 1;\n');
    expect(() => writeNeeds(files, inferred)).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_CHANGED', path: path('b.sql') }),
    );
    expect(readFileSync(path('a.sql'), 'utf8')).toBe(VIEW);
  });

  it('give every random schema its proposed order', async () => {
    const numbers = fc.uniqueArray(fc.nat(9999), { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(randomSchemas, numbers, async (schema, numbered) => {
        const created = inFiles(schema, numbered);
        const names = created.map(([name]) => name);
        fc.pre((await refusal(database, Object.fromEntries(created), names)) === null);
        const { inferNeeds, write, order } = builderOf(Object.fromEntries(created));
        const { files, isBuildOrder } = await inferNeeds();
        const labels = files.map(({ label }) => label);
        const written = await write();
        expect(written.files.length === 0).toBe(isBuildOrder);
        expect(await order()).toEqual(labels);
        const again = await inferNeeds();
        expect(again.files.map(({ label }) => label)).toEqual(labels);
        expect(again.isBuildOrder).toBe(true);
      }),
      { numRuns: RUNS },
    );
  }, 300_000);
});
