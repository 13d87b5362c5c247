import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newRun } from '@tandem/files';
import { SchemaBuilder } from '@tandem/schema';
import { afterEach, describe, expect, it } from 'vitest';
import { GitRepository } from './git-repository.ts';
import { changed, configOf, foldersLeft, projectRepository } from './revision-project.ts';
import { temporaryTree } from './temporary-tree.ts';

afterEach(() => expect(foldersLeft()).toEqual([]));

describe('the changes since a revision', () => {
  it('are listed by file and folder, for branches, tags, hashes and ancestors', async () => {
    const repository = projectRepository();
    repository.git('tag', 'v1.2');
    const first = repository.git('rev-parse', 'HEAD').trim();
    expect(await changed(repository)).toEqual([]);
    repository.write({ 'db/schema/10/a.sql': '-- other\n', 'db/schema/30/c.sql': '' }).remove('db/schema/20');
    const expected = [
      'changed 10/',
      'changed 10/a.sql',
      'removed 20/',
      'removed 20/b.sql',
      'added 30/',
      'added 30/c.sql',
    ];
    expect(await changed(repository)).toEqual(expected);
    repository.commit();
    expect(await changed(repository)).toEqual([]);
    for (const revision of ['v1.2', first, first.slice(0, 8), 'HEAD~1', 'main@{1}', ':/a commit']) {
      // ':/a commit' names the newest commit with this message.
      const isNewest = revision.startsWith(':/');
      expect(await changed(repository, revision), revision).toEqual(isNewest ? [] : expected);
    }
  });

  it('are listed for a project within the repository, with folders beside it', async () => {
    const repository = new GitRepository()
      .write({
        'shop/db/environments/local.yaml': configOf('db/schema', '../shared/sql'),
        'shop/db/schema/a.sql': 'A',
        'shared/sql/b.sql': 'B',
        'huge/not-needed.bin': 'x',
      })
      .commit();
    repository.write({ 'shared/sql/b.sql': 'C' });
    expect(await changed(repository, 'HEAD', { projectDir: 'shop' })).toEqual([
      'changed shared/',
      'changed shared/sql/',
      'changed shared/sql/b.sql',
    ]);
  });

  it('use the configuration of the revision', async () => {
    const repository = projectRepository({ 'db/other/c.sql': '' });
    repository.write({ 'db/environments/local.yaml': configOf('db/schema', 'db/other') });
    expect(await changed(repository)).toEqual([
      'removed 10/',
      'removed 10/a.sql',
      'removed 20/',
      'removed 20/b.sql',
      'added other/',
      'added other/c.sql',
      'added schema/',
      'added schema/10/',
      'added schema/10/a.sql',
      'added schema/20/',
      'added schema/20/b.sql',
    ]);
  });

  it('work with odd names', async () => {
    const names = [
      'sp ace',
      'quo"te',
      "sin'gle",
      'new\nline',
      'ümläut \u{1f600}',
      '-dash',
      ':(glob)*',
      '*',
      '$(x)',
      'back\\slash',
    ];
    const files = Object.fromEntries(names.map((name) => [`db/schema/${name}/${name}.sql`, name]));
    const repository = projectRepository(files);
    expect(await changed(repository)).toEqual([]);
    repository.remove(...Object.keys(files));
    expect(await changed(repository)).toEqual(
      names.flatMap((name) => [`removed ${name}/`, `removed ${name}/${name}.sql`]).sort(),
    );
  });

  it('work with folders of odd names, as a project and in its configuration', async () => {
    const repository = new GitRepository().write({
      'o dd: [x]*/db/environments/local.yaml': `database_url: postgres://x\ninclude_dirs: [":(top)*", "db/ä '\\" b"]\n`,
      'o dd: [x]*/:(top)*/a.sql': 'A',
      [`o dd: [x]*/db/ä '" b/b.sql`]: 'B',
    });
    repository.write({
      'o dd: [x]*/db/environments/local.yaml': `database_url: postgres://x\ninclude_dirs: [":(top)*", "db/ä ' b"]\n`,
    });
    repository.write({ "o dd: [x]*/db/ä ' b/b.sql": 'B' }).commit();
    repository.write({ "o dd: [x]*/db/ä ' b/b.sql": 'C' });
    expect(await changed(repository, 'HEAD', { projectDir: 'o dd: [x]*' })).toEqual([
      'changed db/',
      "changed db/ä ' b/",
      "changed db/ä ' b/b.sql",
    ]);
  });

  it('compare the files as git checks them out', async () => {
    const repository = projectRepository({
      '.gitattributes': '*.sql text eol=crlf\n*.bin.sql -text\n20/** export-ignore\n',
      'db/schema/20/.gitattributes': 'b.sql eol=lf ident\n',
      'db/schema/20/b.sql': '-- $Id$\n',
      'db/schema/c.bin.sql': 'x\r\n',
    });
    // The working tree has the bytes that were written to it until it is checked out.
    repository.remove('db/schema');
    repository.git('checkout', '--quiet', '.');
    expect(readFileSync(join(repository.folder, 'db/schema/10/a.sql'), 'utf8')).toContain('\r\n');
    expect(readFileSync(join(repository.folder, 'db/schema/20/b.sql'), 'utf8')).toMatch(
      /\$Id: [0-9a-f]+ \$\n/,
    );
    expect(await changed(repository)).toEqual([]);
    repository.git('config', 'core.autocrlf', 'true');
    expect(await changed(repository)).toEqual([]);
  });

  it('use the filters of the repository, and report the message of a broken filter', async () => {
    const repository = projectRepository({ 'db/schema/.gitattributes': '*.sql filter=upper\n' });
    repository.git('config', 'filter.upper.smudge', 'tr a-z A-Z');
    repository.remove('db/schema/10');
    repository.git('checkout', '--quiet', '.');
    repository.write({ 'db/schema/20/b.sql': 'CREATE TABLE B ();\n' });
    expect(await changed(repository)).toEqual([]);
    repository.git('config', 'filter.upper.smudge', 'false');
    repository.git('config', 'filter.upper.required', 'true');
    await expect(changed(repository)).rejects.toMatchObject({
      code: 'ERR_TANDEM_GIT_FAILED',
      message: expect.stringContaining('smudge filter upper failed'),
    });
  });

  it('follow links to files and folders of the repository, and enter no folder through a link', async () => {
    const repository = new GitRepository()
      .write({
        'db/environments/local.yaml': configOf('db/schema', 'linked'),
        'db/schema/a.sql': 'A',
        'far/away/b.sql': 'B',
        'far/away/c.sql': 'C',
        'far/.gitattributes': 'b.sql eol=crlf\n',
      })
      .link('linked', 'far/way')
      .link('far/way', './away')
      .link('db/schema/l.sql', '../../linked/b.sql')
      .link('db/schema/folder', '../../far')
      .commit();
    expect(await changed(repository)).toEqual([]);
    repository.write({ 'far/away/b.sql': 'X' });
    expect((await changed(repository)).filter((line) => line.endsWith('.sql'))).toEqual([
      // The link comes first, and its target is built once.
      'changed db/schema/l.sql',
    ]);
  });

  it('report a link that leads out of the repository as broken, whatever its target', async () => {
    const outside = temporaryTree({ 'x.sql': 'X' });
    for (const target of [join(outside, 'x.sql'), '../../../x.sql', '../../../../../../../../etc/passwd']) {
      const repository = projectRepository().link('db/schema/l.sql', target).commit();
      await expect(changed(repository), target).rejects.toMatchObject({
        code: 'ERR_TANDEM_BROKEN_SYMLINK',
        path: 'HEAD:db/schema/l.sql',
      });
    }
    const repository = projectRepository().link('db/schema/loop.sql', 'loop.sql').commit();
    await expect(changed(repository)).rejects.toMatchObject({ path: 'HEAD:db/schema/loop.sql' });
  });

  it('leave the repository unchanged, and run none of its hooks', async () => {
    const repository = projectRepository();
    repository.write({ 'db/schema/30/staged.sql': '' });
    repository.git('add', '.');
    repository.git('config', 'core.splitIndex', 'true');
    const hooks = join(repository.folder, '.git/hooks');
    mkdirSync(hooks, { recursive: true });
    for (const hook of ['post-index-change', 'post-checkout', 'fsmonitor-watchman']) {
      writeFileSync(join(hooks, hook), '#!/bin/sh\ntouch "$(dirname "$0")/../ran"\n');
      chmodSync(join(hooks, hook), 0o755);
    }
    const state = (): string[] =>
      readdirSync(join(repository.folder, '.git'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => {
          const file = join(parentPath, name);
          return `${file} ${statSync(file).mtimeMs} ${readFileSync(file).toString('hex')}`;
        })
        .sort();
    const before = state();
    expect(await changed(repository)).toEqual(['added 30/', 'added 30/staged.sql']);
    expect(state()).toEqual(before);
  });

  it('work in a linked working tree, and when a hook calls them', async () => {
    const repository = projectRepository();
    const tree = join(temporaryTree(), 'tree');
    repository.git('worktree', 'add', '--quiet', tree);
    writeFileSync(join(tree, 'db/schema/10/a.sql'), 'X');
    const changes = await new SchemaBuilder({ projectDir: tree }).changedSince({ revision: 'main' });
    expect(changes.map(({ path }) => path)).toEqual(['10/', '10/a.sql']);
    const variables = { GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index', GIT_GLOB_PATHSPECS: '1' };
    try {
      Object.assign(process.env, variables);
      expect(await changed(repository)).toEqual([]);
    } finally {
      for (const name of Object.keys(variables)) delete process.env[name];
    }
  });

  it('are none if only names decide which files are seeds', async () => {
    const repository = new GitRepository()
      .write({ 'db/environments/local.yaml': configOf('.'), 'a.sql': 'A' })
      .commit();
    expect(await changed(repository)).toEqual([]);
  });
});

describe('a run over a revision that is ended', () => {
  const SLOW = { 'db/schema/.gitattributes': '*.sql filter=slow\n' };

  it('by its time limit or a signal leaves nothing', async () => {
    const repository = projectRepository(SLOW);
    repository.git('config', 'filter.slow.smudge', 'sleep 60');
    await expect(changed(repository, 'HEAD', { timeout: 0.5 })).rejects.toMatchObject({
      code: 'ERR_TANDEM_TIMEOUT',
    });
    expect(foldersLeft()).toEqual([]);
    const controller = new AbortController();
    const aborted = expect(changed(repository, 'HEAD', { signal: controller.signal })).rejects.toMatchObject({
      code: 'ERR_TANDEM_ABORTED',
    });
    setTimeout(() => controller.abort(), 300);
    await aborted;
  });

  it('by a kill leaves a folder, which the next run removes', async () => {
    const repository = projectRepository();
    const dead = join(tmpdir(), `tandem-rev-dead${process.pid}`);
    mkdirSync(dead);
    const owner = execFileSync(process.execPath, ['-e', 'console.log(process.pid)'], {
      encoding: 'utf8',
    }).trim();
    writeFileSync(join(dead, 'owner'), newRun().id.replace(`-${process.pid}-`, `-${owner}-`));
    await changed(repository);
    expect(() => statSync(dead)).toThrow();
  });
});
