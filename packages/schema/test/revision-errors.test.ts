import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SchemaBuilderOptions } from '@tandem/schema';
import { afterEach, describe, expect, it } from 'vitest';
import { GitRepository } from './git-repository.ts';
import { changed, configOf, foldersLeft, PROJECT, projectRepository } from './revision-project.ts';
import { temporaryTree } from './temporary-tree.ts';

afterEach(() => expect(foldersLeft()).toEqual([]));

describe('a revision that cannot be used is reported', () => {
  const failure = async (
    repository: GitRepository,
    revision: string,
    options: SchemaBuilderOptions = {},
  ): Promise<{ code: string; text: string }> => {
    const error = await changed(repository, revision, options).catch((thrown: unknown) => thrown);
    const { code, path, message, hint } = error as {
      code: string;
      path?: string;
      message: string;
      hint?: string;
    };
    const text = `${path ?? ''}: ${message} (${hint})`.replaceAll(repository.folder, 'REPO');
    expect(text).not.toContain('tandem-rev-');
    return { code, text };
  };

  it('with the nearest name', async () => {
    const repository = projectRepository();
    repository.git('branch', 'feature/orders');
    repository.git('tag', 'v1.2');
    repository.git('update-ref', 'refs/remotes/origin/release', 'HEAD');
    for (const [revision, cure] of [
      ['mian', 'did you mean main?'],
      ['feature/order', 'did you mean feature/orders?'],
      ['v1.3', 'did you mean v1.2?'],
      ['release', 'did you mean origin/release?'],
      ['HEAD~7', 'name a branch, a tag or a commit, or a folder that is there'],
      ['^main', 'did you mean main?'],
      ['main..main', 'name a branch, a tag or a commit, or a folder that is there'],
      ['HEAD:db', 'name a branch, a tag or a commit, or a folder that is there'],
      ['--upload-pack=x', 'name a branch, a tag or a commit, or a folder that is there'],
      ['nul\0byte', 'name a branch, a tag or a commit, or a folder that is there'],
      ['', 'name a branch, a tag or a commit, or a folder that is there'],
    ] as const) {
      const { code, text } = await failure(repository, revision);
      expect(code).toBe('ERR_TANDEM_NO_REVISION');
      expect(text).toContain(`: no revision '${revision}' in the repository REPO (${cure}`);
    }
    expect((await failure(new GitRepository().write(PROJECT), 'HEAD')).text).toContain(
      'it has no commit yet',
    );
  });

  it('for a shallow clone', async () => {
    const repository = projectRepository().commit();
    const clone = new GitRepository().remove('.git');
    clone.git('clone', '--quiet', '--depth=1', `file://${repository.folder}`, '.');
    expect((await failure(clone, 'v99')).text).toContain('the clone is shallow: git fetch origin v99');
  });

  it('without a repository, a folder or git', async () => {
    const repository = projectRepository().remove('.git');
    const { code, text } = await failure(repository, 'main');
    expect(code).toBe('ERR_TANDEM_GIT_FAILED');
    expect(text).toMatch(/cannot look up the revision 'main' in REPO\/?: not a git repository/);
    expect(await failure(repository, 'main', { projectDir: 'nosuch' })).toMatchObject({
      code: 'ERR_TANDEM_BAD_ARGUMENT',
      text: expect.stringContaining('no such folder: REPO/nosuch'),
    });
    const { PATH } = process.env;
    try {
      process.env['PATH'] = '/nowhere';
      expect(await failure(projectless(), 'main')).toMatchObject({
        code: 'ERR_TANDEM_GIT_FAILED',
        text: ': a revision needs git: git was not found on PATH (install git)',
      });
    } finally {
      process.env['PATH'] = PATH;
    }
  });

  /** Made without git. */
  function projectless(): GitRepository {
    return Object.assign(Object.create(GitRepository.prototype) as GitRepository, {
      folder: temporaryTree(PROJECT),
    });
  }

  it('if it has no such project, environment or folder, with places in the revision', async () => {
    const repository = new GitRepository().write({ 'README.md': '' }).commit();
    repository.git('tag', 'empty');
    repository.write({ 'shop/db/environments/production.yaml': configOf('db/schema') }).commit();
    repository.write({ 'shop/db/environments/local.yaml': configOf('db/schema') });
    repository.write({ 'shop/db/schema/a.sql': '' });
    const options = { projectDir: 'shop' };
    expect(await failure(repository, 'empty', options)).toEqual({
      code: 'ERR_TANDEM_CONFIG_MISSING',
      text: "empty:shop/db/environments/local.yaml: no configuration for the environment 'local' (the revision empty has no project there)",
    });
    expect((await failure(repository, 'main', options)).text).toBe(
      "main:shop/db/environments/local.yaml: no configuration for the environment 'local' (there are: production)",
    );
    expect(await failure(repository, 'main', { ...options, env: 'production' })).toEqual({
      code: 'ERR_TANDEM_INCLUDE_MISSING',
      text: expect.stringMatching(
        /^main:shop\/db\/environments\/production\.yaml: include_dirs\[0\] names a folder/,
      ),
    });
  });

  it('with the line of a folder that cannot be in a revision', async () => {
    for (const folder of ['/usr', '../../outside']) {
      const repository = new GitRepository()
        .write({
          'shop/db/environments/local.yaml': configOf('db/schema', folder),
          'shop/db/schema/a.sql': '',
        })
        .commit();
      const { code, text } = await failure(repository, 'main', { projectDir: 'shop' });
      expect(code).toBe('ERR_TANDEM_CONFIG_VALUE');
      expect(text).toContain('main:shop/db/environments/local.yaml: include_dirs[1] ');
    }
  });

  it('if an include folder is missing in it', async () => {
    const repository = projectRepository({ 'db/schema/b.sql': '\xff' }).commit();
    repository.write({ 'db/schema/b.sql': Buffer.from([0xff]) }).commit();
    repository.git('rm', '-rq', 'db/schema');
    repository.commit();
    repository.write(PROJECT);
    expect((await failure(repository, 'main')).text).toContain(
      'names a folder that does not exist: db/schema',
    );
  });

  it('for a submodule', async () => {
    const other = new GitRepository().write({ 'c.sql': '' }).commit();
    for (const [place, folders] of [
      ['db/schema/common', ['db/schema']],
      ['common', ['db/schema', 'common']],
      ['common', ['db/schema', 'common/below']],
    ] as const) {
      const repository = projectRepository({ 'db/environments/local.yaml': configOf(...folders) });
      repository.git('submodule', '--quiet', 'add', other.folder, place);
      repository.commit();
      mkdirSync(join(repository.folder, 'common/below'), { recursive: true });
      const { code, text } = await failure(repository, 'main');
      expect(code).toBe('ERR_TANDEM_NOT_IN_REVISION');
      expect(text).toMatch(/^: (db\/schema\/|)common(\/below)? is not in the revision main: /);
    }
    const repository = projectRepository({
      'db/environments/local.yaml': `${configOf('db/schema')}exclude_dirs: [db/schema/common]\n`,
    });
    repository.git('submodule', '--quiet', 'add', other.folder, 'db/schema/common');
    expect(await changed(repository.commit(), 'main')).toEqual([]);
  });
});
