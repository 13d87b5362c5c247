import { once } from 'node:events';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Watched, watched } from './watched.ts';

const CONFIG = 'database_url: postgresql://localhost/app\ninclude_dirs: [db/schema]\n';
const FILES = {
  'db/environments/local.yaml': CONFIG,
  'db/schema/10/a.sql': 'CREATE TABLE a ();\n',
  'db/schema/10/sub/b.sql': '-- requires: 20/c\nCREATE TABLE b ();\n',
  'db/schema/20/c.sql': 'CREATE TABLE c ();\n',
  'db/elsewhere/a.sql': 'CREATE TABLE other ();\n',
  'db/elsewhere/sub/b.sql': 'CREATE TABLE more ();\n',
};

/**
 * Waits until the output equals a build of the project as it is then; never ends if the watch misses a
 * change.
 */
async function settled({ next, output, built }: Watched, isOver: () => boolean = () => true): Promise<void> {
  const isRight = async (): Promise<boolean> => {
    const expected = await built().catch(() => null);
    return expected !== null && existsSync(output) && readFileSync(output).equals(expected);
  };
  while (!(isOver() && (await isRight()))) await next();
}

/** Changes the tree again and again, in a thread of its own, so also in the middle of a build. */
async function churn(folder: string, step: string, times: number): Promise<void> {
  const worker = new Worker(
    `const fs = require('node:fs');
    const { folder, times } = require('node:worker_threads').workerData;
    for (let turn = 0; turn < times; turn++) { ${step} }`,
    { eval: true, workerData: { folder, times } },
  );
  onTestFinished(() => void worker.terminate());
  await once(worker, 'exit');
}

describe('a watch whose tree changes', () => {
  it.each<[string, string]>([
    [
      'files with requirements are renamed',
      `const [from, to] = turn % 2 === 0 ? ['a', 'b'] : ['b', 'a'];
      for (let at = 0; at < 20; at++) fs.renameSync(folder + '/' + from + at + '.sql', folder + '/' + to + at + '.sql');`,
    ],
    [
      'files are removed and created again',
      `for (let at = 0; at < 20; at++) fs.rmSync(folder + '/a' + at + '.sql');
      for (let at = 0; at < 20; at++) fs.writeFileSync(folder + '/a' + at + '.sql', '-- requires: first\\nSELECT 1;\\n');`,
    ],
    [
      'their folder is renamed',
      `fs.renameSync(folder, folder + '.away');
      fs.renameSync(folder + '.away', folder);`,
    ],
    [
      'the configuration is replaced',
      `const file = folder + '/../../environments/local.yaml';
      fs.copyFileSync(file, file + '.new');
      fs.renameSync(file + '.new', file);`,
    ],
  ])('continues while %s', { timeout: 60_000 }, async (_, step) => {
    const files: Record<string, string> = { ...FILES, 'db/schema/first.sql': 'CREATE SCHEMA s;\n' };
    for (let at = 0; at < 20; at++) files[`db/schema/moving/a${at}.sql`] = '-- requires: first\nSELECT 1;\n';
    const project = watched(files);
    await project.next();
    let isOver = false;
    const churning = churn(project.at('schema/moving'), step, 200).then(() => {
      isOver = true;
      appendFileSync(project.at('schema/first.sql'), '-- the last change\n');
    });
    await settled(project, () => isOver);
    await churning;
  });

  it.each<[string, (project: Watched) => void]>([
    [
      'was moved away and back',
      ({ at }) => {
        renameSync(at('schema/10'), at('away'));
        renameSync(at('away'), at('schema/10'));
      },
    ],
    [
      'was replaced by another',
      ({ at }) => {
        renameSync(at('schema/10'), at('away'));
        renameSync(at('elsewhere'), at('schema/10'));
      },
    ],
    [
      'was removed and created again',
      ({ at, put }) => {
        rmSync(at('schema/10'), { recursive: true });
        put('schema/10/sub/b.sql', 'CREATE TABLE again ();\n');
      },
    ],
    [
      'is in a replaced folder',
      ({ at }) => {
        cpSync(at('schema'), at('new'), { recursive: true });
        rmSync(at('schema'), { recursive: true });
        renameSync(at('new'), at('schema'));
      },
    ],
    [
      'was removed with the whole project and came back',
      ({ at }) => {
        cpSync(at('.'), at('../new'), { recursive: true });
        rmSync(at('.'), { recursive: true });
        renameSync(at('../new'), at('.'));
      },
    ],
  ])('follows a folder that %s', async (_, change) => {
    const project = watched(FILES);
    await project.next();
    change(project);
    appendFileSync(project.at('schema/10/sub/b.sql'), '-- at once\n');
    await settled(project);
    writeFileSync(project.at('schema/10/sub/b.sql'), 'SELECT 1;\n');
    await settled(project);
    project.put('schema/10/sub/new/d.sql', 'SELECT 2;\n');
    await settled(project);
  });

  it.each(['schema', 'environments', '.'])(
    'waits for db/%s, which was removed, to come back',
    async (name) => {
      const project = watched(FILES);
      await project.next();
      // A copy, in which nothing was watched.
      cpSync(project.at(name), project.at('../copy'), { recursive: true });
      rmSync(project.at(name), { recursive: true });
      let event = await project.next();
      while (event.status !== 'failed') event = await project.next();
      renameSync(project.at('../copy'), project.at(name));
      while (event.status === 'failed') event = await project.next();
      await settled(project);
      appendFileSync(project.at('schema/10/sub/b.sql'), '-- more\n');
      await settled(project);
      project.put('environments/local.yaml', `${CONFIG}exclude_dirs: [db/schema/10]\n`);
      await settled(project);
    },
  );

  it('follows nested folders that are created step by step', async () => {
    const project = watched(FILES);
    await project.next();
    for (const folder of ['n', 'n/m', 'n/m/k']) {
      mkdirSync(project.at(`schema/${folder}`));
      appendFileSync(project.at('schema/20/c.sql'), '-- more\n');
      await settled(project);
    }
    project.put('schema/n/m/k/d.sql', 'SELECT 3;\n');
    await settled(project);
  });

  it('follows a configuration that is a link, and the target of a link, when they are replaced', async () => {
    const project = watched({
      ...FILES,
      'shared/local.yaml': CONFIG,
      'shared/c.sql': 'CREATE TABLE shared ();\n',
    });
    rmSync(project.at('environments/local.yaml'));
    symlinkSync('../../shared/local.yaml', project.at('environments/local.yaml'));
    symlinkSync('../../shared/c.sql', project.at('schema/x.sql'));
    await project.next();
    for (const [name, text] of [
      ['local.yaml', `${CONFIG}exclude_dirs: [db/schema/10]\n`],
      ['c.sql', 'SELECT 1;\n'],
      ['local.yaml', CONFIG],
      ['c.sql', 'SELECT 2;\n'],
    ] as const) {
      writeFileSync(project.at('../new'), text);
      renameSync(project.at('../new'), project.at(`../shared/${name}`));
      expect(await project.next()).toMatchObject({ status: 'written' });
      await settled(project);
    }
  });

  it.each(['fails', 'succeeds'])(
    'comes to rest after a build that %s into an include folder',
    async (how) => {
      const config = `${CONFIG}exclude_dirs: [db/schema/out]\n`;
      const good = 'SELECT 1;\n';
      const project = watched(
        { 'db/environments/local.yaml': config, 'db/schema/a.sql': how === 'fails' ? '/* open' : good },
        { output: 'out/built.sql' },
      );
      const first = await project.next();
      expect(first.status).toBe(how === 'fails' ? 'failed' : 'written');
      const second = project.next();
      // Enough time for a loop to appear.
      for (let turn = 0; turn < 20; turn++) await project.built().catch(() => null);
      project.put('schema/a.sql', `${good}-- better\n`);
      expect(await second).toMatchObject({ status: 'written' });
      await settled(project);
    },
  );
});
