import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildFilesOptions, buildSchema, hashFiles } from '@tandem/schema';
import { describe, expect, it } from 'vitest';
import { temporaryTree } from './temporary-tree.ts';

/** The example for which the output of confiture 1.29 is known; confiture printed the hashes. */
const EXAMPLE = {
  '00_common/extensions.sql': 'CREATE EXTENSION IF NOT EXISTS pgcrypto;\n',
  '10_tables/a.sql': 'CREATE TABLE a (id int PRIMARY KEY);',
  '10_tables/b.sql': 'CREATE TABLE b (id int);\n\n',
};
const BODY_SHA256 = '4bfda48be544f79d9c82cccf12d3d889cf2d0586a535b25fd72b4b0df0112bf8';

function example(): { base: string; files: string[] } {
  const base = temporaryTree(EXAMPLE);
  return { base, files: Object.keys(EXAMPLE).map((name) => join(base, name)) };
}

/** The body of a build of these files. */
async function bodyOf(
  content: Readonly<Record<string, string | Uint8Array>>,
  options: BuildFilesOptions = {},
): Promise<string> {
  const base = temporaryTree(content);
  const files = Object.keys(content).map((name) => join(base, name));
  const { schema, bodySha256 } = await buildSchema(files, { base, ...options });
  const text = Buffer.concat(schema ?? []).toString();
  const body = text.slice(text.lastIndexOf(`-- ${'='.repeat(44)}\n`) + 49);
  expect(createHash('sha256').update(body).digest('hex')).toBe(bodySha256);
  return body;
}

describe('a build', () => {
  it("has confiture's body, and a header without a time", async () => {
    const { base, files } = example();
    const { schema, bodySha256, bytes, status } = await buildSchema(files, { base });
    expect(bodySha256).toBe(BODY_SHA256);
    const whole = Buffer.concat(schema ?? []);
    expect(whole.length).toBe(bytes);
    expect(status).toBe('given');
    const [header] = whole.toString().split('\n\n');
    expect(header).toBe(`-- ============================================
-- PostgreSQL schema
-- ============================================
--
-- Environment: local
-- Body SHA-256: ${BODY_SHA256}
-- Files Included: 3
--
-- Made by Tandem (tandem schema build)
-- Do not edit: change the files it is made of and build again
--
-- ============================================`);
  });

  it('is written whole, and not written again where nothing changed', async () => {
    const { base, files } = example();
    const output = join(base, 'new', 'folder', 'schema.sql');
    const first = await buildSchema(files, { base, output });
    expect(first).toMatchObject({ status: 'written', schema: null });
    expect(statSync(output).size).toBe(first.bytes);
    utimesSync(output, 1000, 1000);
    expect(await buildSchema(files, { base, output })).toMatchObject({ status: 'unchanged' });
    expect(statSync(output).mtimeMs).toBe(1000 * 1000);
    writeFileSync(join(base, '10_tables/a.sql'), 'CREATE TABLE a (id bigint);');
    expect(await buildSchema(files, { base, output })).toMatchObject({ status: 'written' });
    expect(readFileSync(output, 'utf8')).toContain('\nCREATE TABLE a (id bigint);\n');
    expect(readdirSync(join(base, 'new', 'folder'))).toEqual(['schema.sql']);
  });

  it('that fails leaves the output unchanged, and nothing else', async () => {
    const { base, files } = example();
    const output = join(base, 'schema.sql');
    await buildSchema(files, { base, output });
    const before = readFileSync(output);
    writeFileSync(join(base, '10_tables/a.sql'), Buffer.from('SELECT 1;\n-- caf\xe9\n', 'latin1'));
    await expect(buildSchema(files, { base, output })).rejects.toMatchObject({
      code: 'ERR_TANDEM_INVALID_UTF8',
      path: join(base, '10_tables/a.sql'),
      line: 2,
      column: 7,
    });
    await expect(buildSchema([...files, join(base, 'gone.sql')], { base, output })).rejects.toThrow(/1 more/);
    expect(readFileSync(output)).toEqual(before);
    expect(readdirSync(base).filter((name) => name.startsWith('.tandem-'))).toEqual([]);
  });

  it('does not overwrite one of its sources', async () => {
    const { base, files } = example();
    const output = join(base, '10_tables', '..', '10_tables', 'a.sql');
    await expect(buildSchema(files, { base, output })).rejects.toMatchObject({
      code: 'ERR_TANDEM_OUTPUT_IS_INPUT',
    });
    expect(readFileSync(output, 'utf8')).toBe(EXAMPLE['10_tables/a.sql']);
  });

  it('refuses more input than the limit', async () => {
    const { base, files } = example();
    await expect(buildSchema(files, { base, maxSize: 60 })).rejects.toMatchObject({
      code: 'ERR_TANDEM_TOO_MUCH_INPUT',
    });
  });
});

describe('the body', () => {
  it.each([
    ['ends each file with LF', { 'a.sql': 'A', 'b.sql': '', 'c.sql': 'C\n' }, ['A\n', '\n', 'C\n']],
    ['has only LF', { 'a.sql': 'A\r\nB\rC\n\r', 'b.sql': '\r\n' }, ['A\nB\nC\n\n', '\n']],
    ['leaves out a byte order mark', { 'a.sql': '\ufeffA', 'b.sql': '\ufeff' }, ['A\n', '\n']],
    ['keeps other white space', { 'a.sql': ' \tA \n\n', 'b.sql': 'B\n' }, [' \tA \n\n', 'B\n']],
  ])('%s', async (_, content, expected) => {
    const body = await bodyOf(content, { separator: 'custom', template: '-- @', lex: false });
    expect(body.split('\n-- @\n').slice(1)).toEqual(expected);
  });

  it.each([
    ['block_comment', undefined, '\n/* BAR\n * File: x.sql\n * BAR */\n\nX\n'],
    ['line_comment', undefined, '\n-- BAR\n-- File: x.sql\n-- BAR\n\nX\n'],
    ['mysql', undefined, '\n# BAR\n# File: x.sql\n# BAR\n\nX\n'],
    ['custom', '-- {file_path} {{x}} {file_path}', '\n-- x.sql {x} x.sql\nX\n'],
  ] as const)('with the separator %s', async (separator, template, expected) => {
    const options = template === undefined ? { separator } : { separator, template };
    const body = await bodyOf({ 'x.sql': 'X' }, { ...options, lex: false });
    expect(body).toBe(expected.replaceAll('BAR', '='.repeat(42)));
  });

  it.each(['{', '}', '{file_path!r}', '{0}', '{}'])('refuses the template %s', async (template) => {
    await expect(bodyOf({ 'x.sql': 'X' }, { separator: 'custom', template })).rejects.toMatchObject({
      code: 'ERR_TANDEM_CONFIG_VALUE',
    });
  });

  it('changes names so that none can end its comment', async () => {
    const body = await bodyOf({ 'a*/*b.sql': 'A;', 'new\nline.sql': 'B;' });
    expect(body).toContain(' * File: a* / *b.sql\n');
    expect(body).toContain(' * File: new\\nline.sql\n');
  });
});

describe('the hash', () => {
  it("equals confiture's", async () => {
    const { base, files } = example();
    const hash = await hashFiles(files, { base });
    expect(hash).toMatch(/^648e2c4dfa56fd8f.*bcf1$/);
    const frames = Object.entries(EXAMPLE).map(([label, content]) => `${label}\0${content}\0`);
    expect(hash).toBe(createHash('sha256').update(frames.join('')).digest('hex'));
  });

  it('is taken from the unchanged bytes', async () => {
    const bytes = Buffer.from('\ufeffA\r\n\0\xff', 'latin1');
    const base = temporaryTree({ 'a.sql': bytes });
    const expected = createHash('sha256').update('a.sql\0').update(bytes).update('\0').digest('hex');
    expect(await hashFiles([join(base, 'a.sql')], { base })).toBe(expected);
  });
});
