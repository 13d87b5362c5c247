import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SchemaBuilder, type SchemaBuilderOptions } from '@tandem/schema';
import { type Files, GitRepository } from './git-repository.ts';

/** A configuration with these folders. */
export const configOf = (...folders: string[]): string =>
  `database_url: postgresql://localhost/app\ninclude_dirs:\n${folders.map((each) => `  - ${each}\n`).join('')}`;
export const PROJECT = {
  'db/environments/local.yaml': configOf('db/schema'),
  'db/schema/10/a.sql': 'CREATE TABLE a ();\n',
  'db/schema/20/b.sql': 'CREATE TABLE b ();\n',
};

/** A repository with a committed project at its top. */
export function projectRepository(files: Files = {}): GitRepository {
  return new GitRepository().write({ ...PROJECT, ...files }).commit();
}

/** `changed 10/a.sql` for each change since a revision. */
export async function changed(
  repository: GitRepository,
  revision = 'HEAD',
  { projectDir = '', ...options }: SchemaBuilderOptions = {},
): Promise<string[]> {
  const builder = new SchemaBuilder({ projectDir: join(repository.folder, projectDir), ...options });
  const changes = await builder.changedSince({ revision });
  return changes.map(({ change, path }) => `${change} ${path}`);
}

/** Folders of revisions that this process has not removed. */
export function foldersLeft(): string[] {
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith('tandem-rev-'));
  return folders.filter((name) => {
    try {
      return readFileSync(join(tmpdir(), name, 'owner'), 'utf8').includes(`-${process.pid}-`);
    } catch {
      return false;
    }
  });
}
