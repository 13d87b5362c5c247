import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '@tandem/engine';
import { makeFoldersAbove, newRun, outputError, rawPath, writeAtomically } from '@tandem/files';

/** A project that can be built, checked and applied without changes. */
const STARTER: Readonly<Record<string, string>> = {
  'db/environments/local.yaml': `# What a build reads, and in which order. The forms are those of confiture.
database_url: postgresql://localhost/app_local

include_dirs:
  - db/schema

build:
  separators:
    style: block_comment
`,
  'db/schema/00_common/extensions.sql': `CREATE EXTENSION IF NOT EXISTS pgcrypto;
`,
  'db/schema/10_tables/users.sql': `CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
`,
  'db/schema/20_views/user_names.sql': `-- requires: 10_tables/users.sql
CREATE VIEW user_names AS
SELECT id, name FROM users;
`,
};

/**
 * Writes a starter project.
 * @returns the files that were written, relative to the folder
 * @throws {TandemError} ERR_TANDEM_TARGET_EXISTS if one of them already exists; nothing is written then
 */
export function initProject(projectDir = '.'): string[] {
  const names = Object.keys(STARTER);
  const there = names.find((name) => existsSync(join(projectDir, name)));
  if (there !== undefined) {
    throw new TandemError('ERR_TANDEM_TARGET_EXISTS', {
      params: { target: join(projectDir, there) },
      hint: "this folder already has a project; 'tandem schema list' shows its files",
    });
  }
  const run = newRun().id;
  for (const name of names) {
    const path = join(projectDir, name);
    try {
      makeFoldersAbove(rawPath(path));
      writeAtomically(rawPath(path), Buffer.from(STARTER[name] as string), { run });
    } catch (error) {
      throw outputError(error, path);
    }
  }
  return names;
}
