import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProject, type SelectedFile, type SelectOptions, selectFiles } from '@tandem/schema';
import { describe, expect, test } from 'vitest';
import { type Planted, plant } from './planted-project.ts';

const ONE = 'include_dirs: [db/schema]\n';
const isRoot = process.getuid?.() === 0;

function select(tree: Planted, options: SelectOptions = {}): readonly SelectedFile[] {
  return selectFiles(readProject(plant(tree), 'local'), options);
}

function labels(tree: Planted, options: SelectOptions = {}): string[] {
  return select(tree, options).map(({ label }) => label);
}

test('a selected file has its path, label, entry, order, pattern, kind and phase', () => {
  const project = plant({
    config:
      'include_dirs: [{path: db/schema, order: 3, include: ["b/*", "*.sql"]}]\nsuperuser_dirs: [db/schema/é]\n',
    files: ['db/schema/é/30_seeds.sql'],
  });
  const [file, ...others] = selectFiles(readProject(project, 'local'));
  expect(others).toEqual([]);
  expect(file).toEqual({
    path: expect.stringMatching(/\/db\/schema\/Ã©\/30_seeds\.sql$/),
    label: 'é/30_seeds.sql',
    entry: 'db/schema',
    order: 3,
    pattern: '*.sql',
    isSeed: false,
    phase: 'superuser_pre',
  });
});

describe('seeds', () => {
  const tree = {
    config: ONE,
    files: ['db/schema/10_x.sql', 'db/schema/20_seed/a.sql', 'db/schema/seed_b.sql'],
  };

  test('are left out of a build of the schema alone', () => {
    expect(labels(tree)).toEqual(['10_x.sql', '20_seed/a.sql', 'seed_b.sql']);
    expect(labels(tree, { schemaOnly: true })).toEqual(['10_x.sql']);
  });

  test('still take part in the order: a number in one of their names makes all numbers count', () => {
    const config = `${ONE}build: {sort_mode: hex}\n`;
    const files = ['db/schema/10_a/x.sql', 'db/schema/9_b/y.sql'];
    expect(labels({ config, files }, { schemaOnly: true })).toEqual(['10_a/x.sql', '9_b/y.sql']);
    const seeded = { config, files: [...files, 'db/schema/seeds/1_x.sql'] };
    expect(labels(seeded, { schemaOnly: true })).toEqual(['9_b/y.sql', '10_a/x.sql']);
  });

  test('alone are not a schema', () => {
    const seeds = { config: 'include_dirs: [db/seeds]\n', files: ['db/seeds/a.sql'] };
    expect(labels(seeds)).toEqual(['a.sql']);
    expect(() => select(seeds, { schemaOnly: true })).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_NO_SQL_FILES' }),
    );
  });
});

describe('a build is refused for', () => {
  test('a selection without files', () => {
    const project = plant({
      config: 'include_dirs: [db/schema, db/more]\n',
      files: ['db/schema/a.txt', 'db/more/'],
    });
    expect(() => selectFiles(readProject(project, 'local'))).toThrow(
      expect.objectContaining({
        code: 'ERR_TANDEM_NO_SQL_FILES',
        message: 'no .sql files in db/schema, db/more',
        hint: `check include_dirs, include, exclude and exclude_dirs in ${project}/db/environments/local.yaml`,
      }),
    );
  });

  test.skipIf(isRoot)('a folder that cannot be read, unless it is excluded', () => {
    const project = plant({ config: ONE, files: ['db/schema/a.sql', 'db/schema/shut/b.sql'] });
    const shut = join(project, 'db/schema/shut');
    chmodSync(shut, 0);
    try {
      const error = { code: 'ERR_TANDEM_FOLDER_UNREADABLE', path: expect.stringContaining('db/schema/shut') };
      expect(() => selectFiles(readProject(project, 'local'))).toThrow(expect.objectContaining(error));
      const excluding = { ...readProject(project, 'local'), excludeDirs: [shut] };
      expect(selectFiles(excluding)).toHaveLength(1);
    } finally {
      chmodSync(shut, 0o700);
    }
  });

  test('an include folder that was removed after the configuration was read', () => {
    const project = plant({
      config: 'include_dirs: [{path: db/schema, auto_discover: no}]\n',
      files: ['db/schema/a.sql'],
    });
    const config = readProject(project, 'local');
    rmSync(join(project, 'db/schema'), { recursive: true });
    expect(() => selectFiles(config)).toThrow(expect.objectContaining({ code: 'ERR_TANDEM_NOT_FOUND' }));
  });

  test('nothing that is not selected', () => {
    const tree = {
      config: 'include_dirs: [{path: db/schema, exclude: ["x*"]}]\n',
      files: ['db/schema/a.sql'],
      links: { 'db/schema/x.sql': 'nowhere', 'db/schema/b.txt': 'nowhere' },
    };
    expect(labels(tree)).toEqual(['a.sql']);
  });
});

test('an include folder in an excluded one adds no files, but still moves the base', () => {
  const config = 'include_dirs: [db/schema, db/old/deep]\nexclude_dirs: [db/old]\n';
  expect(labels({ config, files: ['db/schema/a.sql', 'db/old/deep/b.sql'] })).toEqual(['schema/a.sql']);
});

test('a file with two links to it is built once, under the first name', () => {
  const links = { 'db/schema/a.sql': 'm.sql', 'db/schema/z.sql': 'm.sql' };
  expect(labels({ config: ONE, files: ['db/schema/m.sql'], links })).toEqual(['a.sql']);
});

test('patterns for which other programs try every combination do not', () => {
  const stars = `${'a*'.repeat(60)}b`;
  const spans = `${'**/a/'.repeat(60)}b`;
  const project = plant({
    config: `include_dirs: [{path: db, include: ["${stars}", "${spans}", "*.sql"]}]\n`,
    files: [],
  });
  const folder = join(project, 'db', ...Array.from({ length: 80 }, () => 'a'));
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < 20; at += 1) writeFileSync(join(folder, `${'a'.repeat(200)}${at}.sql`), '');
  expect(selectFiles(readProject(project, 'local'))).toHaveLength(20);
});
