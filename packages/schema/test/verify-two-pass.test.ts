import { relative } from 'node:path';
import { SchemaBuilder, type VerifyReport } from '@tandem/schema';
import { expect, it } from 'vitest';
import { describePglite, describeServer } from './databases-here.ts';
import { temporaryTree } from './temporary-tree.ts';
import { told } from './verified-project.ts';

const CONFIG =
  'database_url: postgresql://localhost/app\ninclude_dirs: [db/schema]\nbuild: {two_pass: true}\n';

async function verify(
  files: Readonly<Record<string, string>>,
  database: 'pglite' | 'server',
  config = CONFIG,
): Promise<VerifyReport> {
  const below = Object.entries(files).map(([name, content]) => [`db/schema/${name}`, content] as const);
  const projectDir = temporaryTree({ 'db/environments/local.yaml': config, ...Object.fromEntries(below) });
  return new SchemaBuilder({ projectDir: relative('.', projectDir) }).verify({ database, dump: true });
}

describePglite('verify of a build in two passes, on PGlite', () => {
  it('names the place of a key whose target is missing', async () => {
    const files = {
      'a.sql': '\ufeffCREATE TABLE a (id int PRIMARY KEY, b int REFERENCES b);\n',
      'b.sql':
        'CREATE TABLE b (\n  id int PRIMARY KEY,\n  /* ä */ FOREIGN KEY (id) REFERENCES nosuch (id)\n);\n',
    };
    const report = await verify(files, 'pglite');
    expect(told(report).slice(-1)).toEqual(['b.sql:3:11: relation "nosuch" does not exist (42P01)']);
  });
});

describeServer('verify of a build in two passes', () => {
  it('applies tables that reference each other, in any order', async () => {
    const files = {
      'a.sql':
        'CREATE TABLE a (id int PRIMARY KEY, b int CONSTRAINT "To B" REFERENCES b (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED);',
      'b.sql':
        'CREATE TABLE b (\n  id int PRIMARY KEY,\n  a int,\n  FOREIGN KEY (a) REFERENCES a\n);\nINSERT INTO b VALUES (1, NULL);\n',
    };
    const report = await verify(files, 'server');
    expect(told(report)).toEqual([]);
    const keys = report.catalogue?.filter(({ definition }) => definition.includes('FOREIGN KEY'));
    expect(keys?.map(({ definition }) => definition)).toEqual([
      'FOREIGN KEY (b) REFERENCES public.b(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED',
      'FOREIGN KEY (a) REFERENCES public.a(id)',
    ]);
  });

  it('gives the same database as one pass, where the order of the files allows one', async () => {
    const files = {
      'a.sql': `CREATE SCHEMA s;
        CREATE TABLE s.a (id int PRIMARY KEY, "K y" text UNIQUE, UNIQUE (id, "K y"));
        CREATE TABLE "order" (id int PRIMARY KEY REFERENCES s.a, parent int REFERENCES "order" NOT NULL,
          x int CONSTRAINT named REFERENCES s.a ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE DEFAULT 1 CHECK (x > 0),
          "K y" text COLLATE "C" REFERENCES s.a ("K y") INITIALLY DEFERRED,
          FOREIGN KEY (x, "K y") REFERENCES s.a (id, "K y") MATCH FULL NOT VALID,
          FOREIGN KEY (x) REFERENCES s.a, FOREIGN KEY (x) REFERENCES s.a ON DELETE RESTRICT);`,
      'b.sql': `CREATE TABLE p (id int REFERENCES s.a, at date, w int[] DEFAULT ARRAY[1, 2]) PARTITION BY RANGE (at);
        CREATE TABLE p1 PARTITION OF p (FOREIGN KEY (id) REFERENCES "order") FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
        CREATE TABLE c (FOREIGN KEY (id) REFERENCES s.a) INHERITS (s.a);`,
    };
    const two = await verify(files, 'server');
    expect(told(two)).toEqual([]);
    const one = await verify(files, 'server', CONFIG.replace('true', 'false'));
    expect(two.statements).toBeGreaterThan(one.statements + 8);
    expect(two.catalogue).toEqual(one.catalogue);
  });

  it('names the place of what follows a moved key', async () => {
    const table = 'CREATE TABLE a (x int REFERENCES a, y nosuch)';
    const same = await verify({ 'a.sql': `\n${table};\n` }, 'server');
    expect(told(same)).toEqual(['a.sql:2:39: type "nosuch" does not exist (42704)']);
    const below = await verify(
      {
        'a.sql':
          'CREATE TABLE a (\n  x int\n    REFERENCES a,\n  FOREIGN KEY (x)\n  REFERENCES a, y nosuch);\n',
      },
      'server',
    );
    expect(told(below)).toEqual(['a.sql:5:19: type "nosuch" does not exist (42704)']);
    const statement = await verify(
      { 'a.sql': 'CREATE TABLE a (\n  x int,\n  FOREIGN KEY (x) REFERENCES a\n);\nSELECT nosuch;\n' },
      'server',
    );
    expect(told(statement)).toEqual(['a.sql:5:8: column "nosuch" does not exist (42703)']);
  });
});
