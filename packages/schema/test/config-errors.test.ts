import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '@tandem/engine';
import { readProject } from '@tandem/schema';
import { describe, expect, test } from 'vitest';
import { DATABASE, plant } from './planted-project.ts';

/** The error of this configuration, with its line and column; database_url is on the first line. */
function refusal(config: string): Record<string, unknown> {
  return told(plant({ config, files: ['db/schema/a.sql', 'file.sql'] }));
}

function told(project: string, env = 'local'): Record<string, unknown> {
  try {
    readProject(project, env);
  } catch (error) {
    if (!TandemError.isTandemError(error)) throw error;
    const { code, line, column, message, hint } = error;
    expect(error.path).toBe(join(project, 'db/environments', `${env}.yaml`));
    return { code: code.replace('ERR_TANDEM_', ''), at: `${line}:${column}`, message, hint };
  }
  throw new Error('it was accepted');
}

const GOOD = 'include_dirs: [db/schema]\n';

describe('an unknown key is refused', () => {
  test.each([
    ['include_dir: [db/schema]\n', '2:1', 'include_dir', 'did you mean include_dirs?'],
    [`${GOOD}build:\n  sort_mod: hex\n`, '4:3', 'build.sort_mod', 'did you mean sort_mode?'],
    [`${GOOD}sort_mode: hex\n`, '3:1', 'sort_mode', 'it belongs under build'],
    [
      `${GOOD}build: {separators: {colour: red}}\n`,
      '3:22',
      'build.separators.colour',
      'known here: style, custom_template',
    ],
    [
      'include_dirs:\n- path: db/schema\n  é: 1\n',
      '4:3',
      'include_dirs[0].é',
      'known here: path, recursive, include, exclude, auto_discover, order',
    ],
    [
      `${GOOD}seed: {profiles: {ci: {includes: []}}}\n`,
      '3:24',
      'seed.profiles.ci.includes',
      'did you mean include?',
    ],
    [
      `${GOOD}ownership: {apply_to: [{shema: x}]}\n`,
      '3:25',
      'ownership.apply_to[0].shema',
      'did you mean schema?',
    ],
    [`${GOOD}migration_table: x\n`, '3:1', 'migration_table', 'write it as tracking_table under migration'],
    [`${GOOD}tenancy: {}\n`, '3:1', 'tenancy', 'it is a fact of the schema: move it to db/project.yaml'],
  ])('%j', (config, at, key, hint) => {
    expect(refusal(config)).toEqual({
      code: 'CONFIG_UNKNOWN_KEY',
      at,
      message: `unknown key: '${key}'`,
      hint,
    });
  });
});

describe('a wrong value is refused', () => {
  test.each([
    ['include_dirs: db/schema\n', '2:15', 'include_dirs is text, not a list'],
    ['include_dirs:\n', '2:14', 'include_dirs is nothing, not a list'],
    ['include_dirs: []\n', '2:15', 'include_dirs is empty'],
    ['include_dirs: [10]\n', '2:16', 'include_dirs[0] is neither a folder nor a mapping with a path'],
    ['include_dirs:\n- order: 1\n', '3:3', 'include_dirs[0] has no path'],
    ['include_dirs:\n- path: 2026-01-02\n', '3:9', 'include_dirs[0].path is a date, not text'],
    ['include_dirs:\n- path: 2026-1-2 3:04:05\n', '3:9', 'include_dirs[0].path is a date, not text'],
    ['include_dirs:\n- path: 1.5e+3\n', '3:9', 'include_dirs[0].path is a number, not text'],
    ['include_dirs:\r\n- order: 1\r\n', '3:3', 'include_dirs[0] has no path'],
    ['include_dirs: [file.sql]\n', '2:16', 'include_dirs[0] is a file, not a folder'],
    [
      'include_dirs:\n- {path: db/schema, order: 1.5}\n',
      '3:28',
      'include_dirs[0].order is not a whole number',
    ],
    [
      'include_dirs:\n- {path: db/schema, order: 99999999999999999999}\n',
      '3:28',
      'include_dirs[0].order is not a whole number',
    ],
    [
      'include_dirs:\n- {path: db/schema, recursive: 2}\n',
      '3:32',
      'include_dirs[0].recursive is neither true nor false',
    ],
    [
      'include_dirs:\n- {path: db/schema, include: "*.sql"}\n',
      '3:30',
      'include_dirs[0].include is text, not a list',
    ],
    [
      'include_dirs:\n- {path: db/schema, exclude: [a, ../b]}\n',
      '3:34',
      'include_dirs[0].exclude[1] contains .., which no path contains',
    ],
    [
      'include_dirs:\n- {path: db/schema, include: ["[z-a]"]}\n',
      '3:31',
      'include_dirs[0].include[0] has the class [z-a], and its range z-a runs backwards',
    ],
    [
      'include_dirs:\n- {path: db/schema, include: ["[\\\\d]"]}\n',
      '3:31',
      'include_dirs[0].include[0] has the class [\\d], and a backslash has no meaning in one',
    ],
    [`${GOOD}exclude_dirs: [1]\n`, '3:16', 'exclude_dirs[0] is a number, not text'],
    [`${GOOD}superuser_dirs: [{order: 1}]\n`, '3:18', 'superuser_dirs[0] has no path'],
    [`${GOOD}build: yes\n`, '3:8', 'build is a boolean, not a mapping'],
    [`${GOOD}build: {sort_mode: numeric}\n`, '3:20', "build.sort_mode has an unknown value: 'numeric'"],
    [`${GOOD}build:\n  two_pass: [on]\n`, '4:13', 'build.two_pass is neither true nor false'],
    [
      `${GOOD}build: {separators: {style: pretty}}\n`,
      '3:29',
      "build.separators.style has an unknown value: 'pretty'",
    ],
    [
      `${GOOD}build: {separators: {style: custom}}\n`,
      '3:29',
      'build.separators.style is custom, but custom_template is missing',
    ],
    [
      `${GOOD}build: {validate_comments: {enabled: maybe}}\n`,
      '3:38',
      'build.validate_comments.enabled is neither true nor false',
    ],
    ['include_dirs: [!local x]\n', '2:23', 'include_dirs[0] has the unknown tag !local'],
    [
      'include_dirs: [!!binary eA==]\n',
      '2:25',
      'include_dirs[0] has the unknown tag tag:yaml.org,2002:binary',
    ],
    [`${GOOD}build: {<<: 3}\n`, '3:13', 'build.<< is a number, and << merges mappings'],
  ])('%j', (config, at, message) => {
    const { hint, ...rest } = refusal(config);
    expect(rest).toEqual({ code: 'CONFIG_VALUE', at, message });
    expect(hint).toMatch(/./);
  });

  test.each([
    ['', 'the file is nothing, not a mapping', '1:1'],
    ['- a\n', 'the file is a list, not a mapping', '1:1'],
    [GOOD, 'the file has no database_url', '1:1'],
    [DATABASE, 'the file has no include_dirs', '1:1'],
    [`database_url: mysql://u:secret@h/d\n${GOOD}`, 'database_url is not a PostgreSQL URL', '1:15'],
    [`database_url: [postgresql://u:secret@h/d]\n${GOOD}`, 'database_url is a list, not text', '1:15'],
    [
      `database_url: !env postgresql://u:secret@h/d\n${GOOD}`,
      'database_url has the unknown tag !env',
      '1:20',
    ],
    [`\u{feff}database_url:\n${GOOD}`, 'database_url is nothing, not text', '1:14'],
  ])('in the whole file: %j', (text, message, at) => {
    const project = plant({ config: '', files: ['db/schema/a.sql'] });
    writeFileSync(join(project, 'db/environments/local.yaml'), text);
    const error = told(project);
    expect(error).toMatchObject({ code: 'CONFIG_VALUE', message, at });
    expect(JSON.stringify(error)).not.toContain('secret');
  });
});

test('a missing include folder is refused', () => {
  expect(refusal('include_dirs:\n- db/schema\n- "db/no such"\n')).toEqual({
    code: 'INCLUDE_MISSING',
    at: '4:3',
    message: 'include_dirs[1] names a folder that does not exist: db/no such',
    hint: 'create it, or change the entry',
  });
  expect(refusal('include_dirs: [{path: gone, auto_discover: false}]\n')).toMatchObject({ at: '2:23' });
});

describe('invalid YAML is refused', () => {
  test.each([
    ['a: [1\n', '3:1', 'wrong indentation, or an unclosed bracket'],
    ['a: 1\n b: 2\n', '2:4', undefined],
    ['a:\n\t- b\n', '3:1', 'tabs cannot be used for indentation'],
    [`${GOOD}include_dirs: []\n`, '3:1', 'duplicate key'],
    ['x-a:\n- {b: 1, "b": 2}\n', '3:10', 'duplicate key'],
    ['x-a: {<<: {}, <<: {}}\n', '2:15', 'duplicate key'],
    ['--- {}\n', '2:1', 'more than one document'],
    ['a: "\\q"\n', '2:5', 'invalid escape'],
    [`${GOOD}build: *gone\n`, '3:8', 'undefined alias: *gone'],
    ['x-a: [{b: *c}, &c 1]\n', '2:11', 'undefined alias: *c'],
    ['? [a]\n: b\n', '2:3', 'a key must be text'],
  ])('%j', (config, at, problem) => {
    const error = refusal(config);
    expect(error).toMatchObject({ code: 'CONFIG_SYNTAX', at, hint: 'correct the file there' });
    if (problem !== undefined) expect(error['message']).toBe(`invalid YAML: ${problem}`);
  });

  test('columns are counted in code points', () => {
    expect(refusal('build: {"\u{1f600}é": [}\n')).toMatchObject({ at: '2:16' });
  });

  test.each([
    ['not UTF-8', Buffer.from([0x61, 0x3a, 0x20, 0xff]), 'the text is not valid UTF-8'],
    ['too large', Buffer.alloc(1_048_577, '#'), 'it has more than 1048576 bytes'],
    ['too deep', Buffer.from(`x-a: ${'['.repeat(200_000)}`), 'its values are nested too deeply'],
  ])('%s', (_, bytes, problem) => {
    const project = plant({ config: '', files: [] });
    writeFileSync(join(project, 'db/environments/local.yaml'), bytes);
    expect(told(project)).toMatchObject({
      code: 'CONFIG_SYNTAX',
      message: `invalid YAML: ${problem}`,
    });
  });

  test('aliases that expand a page to a full disk are refused', () => {
    const doubled = Array.from(
      { length: 30 },
      (_, at) => `  b${at + 1}: &b${at + 1} {<<: [*b${at}, *b${at}]}\n`,
    );
    const config = `x-bombs:\n  b0: &b0 {sort_mode: hex}\n${doubled.join('')}${GOOD}build: *b30\n`;
    expect(refusal(config)).toMatchObject({
      code: 'CONFIG_SYNTAX',
      message: 'invalid YAML: its aliases expand to more than 100000 values',
    });
  });

  test('a long chain of merges is refused', () => {
    const chain = (links: number): string => {
      const merging = Array.from({ length: links }, (_, at) => `  b${at + 1}: &b${at + 1} {<<: *b${at}}\n`);
      return `x-chain:\n  b0: &b0 {sort_mode: hex}\n${merging.join('')}${GOOD}build: *b${links}\n`;
    };
    const project = plant({ config: chain(400), files: ['db/schema/a.sql'] });
    expect(readProject(project, 'local').sortMode).toBe('hex');
    expect(refusal(chain(20_000))).toMatchObject({
      code: 'CONFIG_VALUE',
      message: 'build.<< ends too long a chain of merges',
    });
  });

  test('nesting beyond the limit is refused where it exceeds it', () => {
    const nested = (depth: number): string => `${GOOD}x-a: ${'['.repeat(depth)}${']'.repeat(depth)}\n`;
    expect(readProject(plant({ config: nested(499), files: ['db/schema/a.sql'] }), 'local').env).toBe(
      'local',
    );
    expect(refusal(nested(500))).toMatchObject({ code: 'CONFIG_SYNTAX', at: '3:505' });
  });

  test('many keys and aliases are read in linear time', { timeout: 15_000 }, () => {
    const lines = Array.from({ length: 70_000 }, (_, at) => `  k${at}: *a\n`);
    const config = `x-a: &a 1\nx-b:\n${lines.join('')}${GOOD}`;
    expect(readProject(plant({ config, files: ['db/schema/a.sql'] }), 'local').env).toBe('local');
  });

  test('a mapping that merges itself is refused', () => {
    expect(refusal(`${GOOD}build: &b\n  sort_mode: hex\n  <<: *b\n`)).toMatchObject({
      code: 'CONFIG_VALUE',
      at: '5:7',
    });
  });
});

describe('a missing environment', () => {
  const hint = (project: string, env: string): unknown => {
    const error = told(project, env);
    expect(error).toMatchObject({
      code: 'CONFIG_MISSING',
      message: `no configuration for the environment '${env}'`,
    });
    return error['hint'];
  };

  test('the hint lists the existing ones', () => {
    const project = plant({
      config: GOOD,
      files: ['db/environments/production.yaml', 'db/environments/x.yml'],
    });
    expect(hint(project, 'prodution')).toBe('did you mean production? there are: local, production');
    expect(hint(project, 'zzz')).toBe('there are: local, production');
    rmSync(join(project, 'db/environments'), { recursive: true });
    expect(hint(project, 'local')).toBe('is this the folder of the project? it holds db/environments');
    mkdirSync(join(project, 'db/environments'));
    expect(hint(project, 'local')).toBe('write db/environments/local.yaml');
  });

  test.each(['', '.', '..', 'a/b', 'a\\b', 'a\0'])('%j is not a valid name', (env) => {
    expect(() => readProject('.', env)).toThrow(expect.objectContaining({ code: 'ERR_TANDEM_BAD_ARGUMENT' }));
  });
});
