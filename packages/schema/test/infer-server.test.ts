import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../src/database/open-database.ts';
import type { ScratchDatabase } from '../src/database/scratch-database.ts';
import { findServerBinaries } from '../src/database/server-binaries.ts';
import { serverUser } from '../src/database/server-user.ts';
import { splitStatements } from '../src/lexer/split-statements.ts';
import { describeServer, OPENING } from './databases-here.ts';
import { proposed, refusal } from './inferred-project.ts';

/** The folder with PostgreSQL's own scripts. */
function shareFolder(): string {
  const initdb = join(findServerBinaries() as string, 'initdb');
  const options = { encoding: 'utf8', cwd: '/', ...serverUser() } as const;
  const { stderr: shown } = spawnSync(initdb, ['--show', '-D', '/nowhere'], options);
  return /^share_path=(.*)$/m.exec(shown)?.[1] ?? '';
}

/**
 * PostgreSQL's information schema under another name, one statement per file: 60 views that depend on each
 * other, domains, functions, tables with rows.
 */
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

describeServer("PostgreSQL's own information schema", () => {
  let database: ScratchDatabase;
  beforeAll(async () => {
    database = await openDatabase('server', { signal: new AbortController().signal, extensions: new Set() });
  }, OPENING);
  afterAll(() => database.close());

  const named = (statements: readonly string[]): Record<string, string> =>
    Object.fromEntries(statements.map((statement, index) => [`${1000 + index}.sql`, statement]));

  it('keeps its order', async () => {
    const files = named(informationSchema());
    expect(Object.keys(files).length).toBeGreaterThan(150);
    expect(await refusal(database, files)).toBeNull();
    expect(await proposed(database, files)).toEqual(Object.keys(files));
  });

  it('applies after it was shuffled', async () => {
    const statements = informationSchema();
    const shuffles = fc.shuffledSubarray(statements, { minLength: statements.length });
    await fc.assert(
      fc.asyncProperty(shuffles, async (shuffled) => {
        const files = named(shuffled);
        expect(await refusal(database, files, await proposed(database, files))).toBeNull();
      }),
      { numRuns: 5 },
    );
  }, 120_000);
});
