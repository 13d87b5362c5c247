import { realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type ProjectConfig, readProject } from '@tandem/schema';
import { describe, expect, test } from 'vitest';
import { DATABASE, plant } from './planted-project.ts';

const FILES = ['db/schema/a.sql', 'db/other/b.sql'];

function read(config: string): ProjectConfig {
  return readProject(plant({ config, files: FILES }), 'local');
}

test('omitted keys have default values', () => {
  const project = plant({ config: 'include_dirs: [db/schema]\n', files: FILES });
  const root = realpathSync(project);
  expect(readProject(project, 'local')).toEqual({
    file: join(project, 'db/environments/local.yaml'),
    filePath: join(root, 'db/environments/local.yaml'),
    env: 'local',
    projectDir: project,
    includes: [
      {
        path: `${root}/db/schema`,
        spelled: 'db/schema',
        recursive: true,
        include: ['**/*.sql'],
        exclude: [],
        autoDiscover: true,
        order: 0,
      },
    ],
    excludeDirs: [],
    superuserDirs: [],
    superuserPostDirs: [],
    sortMode: 'alphabetical',
    twoPass: false,
    separator: { style: 'block_comment', template: null },
    check: { enabled: true, failOnOpen: true },
    databaseUrl: 'postgresql://localhost/planted',
  });
});

test('every key that a build uses is read', () => {
  const config = read(`
name: not this one
include_dirs:
  - path: db/schema
    recursive: false
    include: [a.sql, /b]
    exclude: ["*.bak"]
    auto_discover: no
    order: -3
exclude_dirs: [db/x/../y]
superuser_dirs: [db/su, {path: /abs}]
superuser_post_dirs: [db/late]
build:
  sort_mode: hex
  two_pass: on
  validate_comments: {enabled: no, fail_on_unclosed_blocks: yes, fail_on_spillover: off}
  separators: {style: custom, custom_template: "-- {file_path}"}
  lint: {enabled: true}
`);
  const root = realpathSync(config.projectDir);
  expect(config.includes).toEqual([
    {
      path: `${root}/db/schema`,
      spelled: 'db/schema',
      recursive: false,
      include: ['a.sql', '/b'],
      exclude: ['*.bak'],
      autoDiscover: false,
      order: -3,
    },
  ]);
  expect(config).toMatchObject({
    env: 'local',
    excludeDirs: [`${root}/db/y`],
    superuserDirs: [`${root}/db/su`, '/abs'],
    superuserPostDirs: [`${root}/db/late`],
    sortMode: 'hex',
    twoPass: true,
    separator: { style: 'custom', template: '-- {file_path}' },
    check: { enabled: false, failOnOpen: false },
  });
});

test('a template is used only with its own style', () => {
  const build = 'build: {separators: {style: line_comment, custom_template: x}}\n';
  expect(read(`include_dirs: [db/schema]\n${build}`).separator).toEqual({
    style: 'line_comment',
    template: null,
  });
});

test('folders are raw: names beyond ASCII are bytes, one per character', () => {
  const project = plant({ config: 'include_dirs: [db/é]\n', files: ['db/é/a.sql'] });
  const [entry] = readProject(project, 'local').includes;
  expect(entry?.spelled).toBe('db/é');
  expect(entry?.path.endsWith('/db/Ã©')).toBe(true);
});

test('the project may be given as a relative path, and as a link', () => {
  const project = plant({ config: 'include_dirs: [db/schema]\n', files: FILES });
  symlinkSync(project, `${project}-link`);
  const { includes, file } = readProject(`${project}-link`, 'local');
  expect(includes[0]?.path).toBe(`${realpathSync(project)}/db/schema`);
  expect(file).toBe(`${project}-link/db/environments/local.yaml`);
  const below = readProject(relative(process.cwd(), project), 'local');
  expect(below.includes).toEqual(includes);
  expect(below.file).toBe(join(relative(process.cwd(), project), 'db/environments/local.yaml'));
});

describe('all keys of confiture 1.29 are accepted', () => {
  test('and those that a build does not use are ignored', () => {
    const config = read(`
include_dirs: [db/schema]
migration: {tracking_table: public.tb, locking: {enabled: true}, migration_generators: {m: {command: x, description: y}}, backfill: {batch_size: 5}}
infrastructure: {replicas: [a]}
seed: {execution_mode: sequential, profiles: {ci: {include: [a], exclude: [], name: ci}}}
drift: {ignore_column_order: true}
ssh_tunnel: {host: h, remote_socket: /x}
acls: {lint_enabled: true, expectations: [{schema: s, apply_to: ALL_TABLES, grants: []}]}
ownership: {expected_owner: app, apply_to: [{schema: s, relkinds: [r]}], default_privileges: {s: {r: [SELECT]}}}
function_coverage: {enabled: true}
security_lint: {severity: error}
lint: {ignore_objects: [a], search_path: [b], status_words: [WIP]}
database: {host: h, password: p}
notifications: {hooks: [{id: a}]}
x-mine: {anything: goes}
`);
    expect(config.includes).toHaveLength(1);
  });

  test('and an empty section or a list is ignored', () => {
    expect(read('include_dirs: [db/schema]\nseed:\nmigration: []\nssh_tunnel: null\n').env).toBe('local');
  });
});

describe('YAML 1.1, as PyYAML reads it', () => {
  const order = (text: string): number | undefined =>
    read(`include_dirs: [{path: db/schema, order: ${text}}]\n`).includes[0]?.order;
  test.each([
    ['10', 10],
    ['-5', -5],
    ['010', 8],
    ['0x1F', 31],
    ['0b11', 3],
    ['1_000', 1000],
    ['1:30', 90],
    ['"7"', 7],
    ['" 7 "', 7],
    ['3.0', 3],
    ['1.0e+3', 1000],
    ['1:30.0', 90],
    ['yes', 1],
    ['!!int 9', 9],
  ])('order: %s', (text, expected) => {
    expect(order(text)).toBe(expected);
  });

  const flag = (text: string): boolean | undefined =>
    read(`include_dirs: [{path: db/schema, recursive: ${text}}]\n`).includes[0]?.recursive;
  test.each(['true', 'Yes', 'ON', 'y', '"T"', '1', '"1"', '1.0', '!!str yes'])('recursive: %s', (text) => {
    expect(flag(text)).toBe(true);
  });
  test.each(['false', 'No', 'off', 'n', '"F"', '0', "'no'"])('recursive: %s', (text) => {
    expect(flag(text)).toBe(false);
  });

  test('a name that looks like a boolean, a number or a date only to other readers is text', () => {
    const names = ['y', 'n', '1e3', '1.5e3', 'e3', '-.5', '._', '08', '0_9', '01:30', '2026-1-2', '0o7'];
    const project = plant({
      config: `include_dirs: [${names.join(', ')}]\n`,
      files: names.map((name) => `${name}/a.sql`),
    });
    expect(readProject(project, 'local').includes.map(({ spelled }) => spelled)).toEqual(names);
  });

  test('anchors, aliases and merged mappings; keys of the mapping itself override merged keys', () => {
    const config = read(`
x-a: &a {order: 1, recursive: no}
x-b: &b {order: 2, include: [z]}
include_dirs:
  - {<<: [*a, *b], path: db/schema}
  - &whole {<<: *b, path: db/other, order: 7}
  - *whole
`);
    expect(config.includes.map(({ order, recursive, include }) => [order, recursive, include])).toEqual([
      [1, false, ['z']],
      [7, true, ['z']],
      [7, true, ['z']],
    ]);
  });

  test('a byte order mark and CRLF', () => {
    const project = plant({ config: '', files: FILES });
    const path = join(project, 'db/environments/local.yaml');
    writeFileSync(path, `\u{feff}${DATABASE}include_dirs:\n- db/schema\n`.replaceAll('\n', '\r\n'));
    expect(readProject(project, 'local').includes[0]?.spelled).toBe('db/schema');
  });
});
