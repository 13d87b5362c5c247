import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../src/database/open-database.ts';
import type { ScratchDatabase } from '../src/database/scratch-database.ts';
import { findServerBinaries } from '../src/database/server-binaries.ts';
import { serverUser } from '../src/database/server-user.ts';
import { EXTENSION_NAMES } from '../src/infer/extension-names.ts';
import { splitStatements } from '../src/lexer/split-statements.ts';
import { describeServer, OPENING } from './databases-here.ts';
import { proposed, refusal } from './inferred-project.ts';

/** The folder that has PostgreSQL's own scripts. */
function shareFolder(): string {
  const initdb = join(findServerBinaries() as string, 'initdb');
  const options = { encoding: 'utf8', cwd: '/', ...serverUser() } as const;
  const { stderr: shown } = spawnSync(initdb, ['--show', '-D', '/nowhere'], options);
  return /^share_path=(.*)$/m.exec(shown)?.[1] ?? '';
}

/** PostgreSQL's information schema under another name, a statement a file: 60 views upon each other, domains, functions, tables with rows. */
function informationSchema(): string[] {
  const text = readFileSync(join(shareFolder(), 'information_schema.sql'), 'utf8');
  const bytes = Buffer.from(text.replaceAll('information_schema', 'facts'));
  return [...splitStatements(bytes)]
    .map(({ start, end }) => bytes.toString('utf8', start, end))
    .filter((statement) => !statement.startsWith('SET search_path'))
    .map((statement) =>
      statement.startsWith('CREATE SCHEMA') ? statement : `SET search_path TO facts;\n${statement}`,
    );
}

/** What an extension has of a space of names. */
const MEMBERS: Readonly<Record<string, string>> = {
  'access method': 'SELECT amname FROM pg_am WHERE oid = ANY (members)',
  function: 'SELECT proname FROM pg_proc WHERE oid = ANY (members)',
  'operator class': 'SELECT opcname FROM pg_opclass WHERE oid = ANY (members)',
  relation: 'SELECT relname FROM pg_class WHERE oid = ANY (members)',
  'text search dictionary': 'SELECT dictname FROM pg_ts_dict WHERE oid = ANY (members)',
  type: 'SELECT typname FROM pg_type WHERE oid = ANY (members)',
};

describeServer("PostgreSQL's own extensions", () => {
  it(
    'bring what is taken to be theirs',
    async () => {
      const extensions = new Set<string>();
      const database = await openDatabase('server', { signal: new AbortController().signal, extensions });
      const there = new Set(await database.texts('SELECT name FROM pg_available_extensions'));
      const known = EXTENSION_NAMES.filter(([extension]) => there.has(extension));
      expect(known.length).toBeGreaterThan(0);
      for (const [extension, space, names] of known) {
        await database.apply('BEGIN');
        await database.apply(`CREATE EXTENSION "${extension}" CASCADE`);
        const members = `ARRAY (SELECT objid FROM pg_depend d JOIN pg_extension e ON e.oid = refobjid AND extname = '${extension}' WHERE deptype = 'e')`;
        const found = await database.texts((MEMBERS[space] as string).replace('members', members));
        const pattern = new RegExp(`^(?:${names})$`);
        expect([extension, found.some((name) => pattern.test(name))]).toEqual([extension, true]);
        await database.apply('ROLLBACK');
      }
      await database.close();
    },
    OPENING,
  );
});

describeServer("PostgreSQL's own information schema", () => {
  let database: ScratchDatabase;
  beforeAll(async () => {
    database = await openDatabase('server', { signal: new AbortController().signal, extensions: new Set() });
  }, OPENING);
  afterAll(() => database.close());

  const named = (statements: readonly string[]): Record<string, string> =>
    Object.fromEntries(statements.map((statement, index) => [`${1000 + index}.sql`, statement]));

  it('stays as it is', async () => {
    const files = named(informationSchema());
    expect(Object.keys(files).length).toBeGreaterThan(150);
    expect(await refusal(database, files)).toBeNull();
    expect(await proposed(files)).toEqual(Object.keys(files));
  });

  it('applies when it was shuffled', async () => {
    const statements = informationSchema();
    const shuffles = fc.shuffledSubarray(statements, { minLength: statements.length });
    await fc.assert(
      fc.asyncProperty(shuffles, async (shuffled) => {
        const files = named(shuffled);
        expect(await refusal(database, files, await proposed(files))).toBeNull();
      }),
      { numRuns: 5 },
    );
  }, 120_000);
});
