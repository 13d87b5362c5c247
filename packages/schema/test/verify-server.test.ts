import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newRun } from '@tandem/files';
import { expect, it, onTestFinished } from 'vitest';
import { removeDeadClusters } from '../src/database/cluster-folder.ts';
import { describeServer } from './databases-here.ts';
import { clustersLeft, serversLeft, statementsUnderWay } from './left-behind.ts';
import { told, type VerifyOptions, verify } from './verified-project.ts';

const SERVER = { database: 'server' } as const;

const GOOD = {
  '00.sql': 'CREATE EXTENSION IF NOT EXISTS pgcrypto;\nCREATE ROLE tandem_reader;\n',
  '10/a.sql': [
    '-- a comment; with a semicolon',
    'CREATE TABLE a (id int PRIMARY KEY, note text);',
    'COPY a (id, note) FROM stdin;',
    '1\tone; two',
    '2\t\\N',
    '\\.',
    '\\echo done',
    'GRANT SELECT ON a TO tandem_reader;',
  ].join('\n'),
  '20/f.sql': [
    'CREATE FUNCTION twice(n int) RETURNS int LANGUAGE plpgsql AS $body$',
    'BEGIN',
    '  RETURN n * 2; -- one; two',
    'END',
    '$body$;',
    "DO $$ BEGIN IF (SELECT count(*) FROM a) <> 2 THEN RAISE EXCEPTION 'no rows'; END IF; END $$;",
    'CREATE INDEX CONCURRENTLY a_note ON a (note);',
  ].join('\n'),
};

describeServer('verify on a server of its own', () => {
  it('applies statements, data, functions, extensions and roles', async () => {
    const report = await verify(GOOD, SERVER);
    expect(told(report)).toEqual([]);
    expect(report).toMatchObject({ applied: true, files: 3, statements: 8, database: 'server', errors: 0 });
    expect(report.server).toMatch(/^PostgreSQL \d+/);
  });

  const SLOW = { 'a.sql': 'SELECT pg_sleep(600);' };

  it.each<[string, VerifyOptions]>([
    ['a time limit while a statement runs', { timeout: 2.5 }],
    ['a time limit while the server is created', { timeout: 0.1 }],
  ])('leaves nothing behind after %s', async (_, options) => {
    await expect(verify(SLOW, { ...SERVER, ...options })).rejects.toMatchObject({
      code: 'ERR_TANDEM_TIMEOUT',
    });
    expect([...clustersLeft(), ...serversLeft()]).toEqual([]);
  });

  it('leaves nothing behind after an abort', async () => {
    const controller = new AbortController();
    const run = verify(SLOW, { ...SERVER, signal: controller.signal });
    const rejected = expect(run).rejects.toMatchObject({ code: 'ERR_TANDEM_ABORTED' });
    while (statementsUnderWay().length === 0) await sleep(50);
    controller.abort();
    await rejected;
    expect([...clustersLeft(), ...serversLeft()]).toEqual([]);
  });

  it('removes the folder of a dead run, and keeps those of others', async () => {
    const gone = newRun().id.replace(`-${process.pid}-`, `-${2 ** 22 + 1}-`);
    const [dead, alive, strange] = [gone, newRun().id, 'somebody'].map((owner) => {
      const folder = mkdtempSync(join(tmpdir(), 'tandem-pg-'));
      onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
      writeFileSync(join(folder, 'owner'), owner);
      // Left by a server that ended without removing its file.
      mkdirSync(join(folder, 'data'));
      writeFileSync(join(folder, 'data', 'postmaster.pid'), `${2 ** 22 + 2}\n${folder}/data\n`);
      return folder;
    }) as [string, string, string];
    removeDeadClusters();
    expect([dead, alive, strange].map((folder) => existsSync(folder))).toEqual([false, true, true]);
  });
});
