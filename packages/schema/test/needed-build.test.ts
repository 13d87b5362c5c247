import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, SchemaBuilder } from '@tandem/schema';
import { describe, expect, it } from 'vitest';
import { neededOrder } from '../src/order/needed-order.ts';
import { temporaryTree } from './temporary-tree.ts';

const CONFIG = 'database_url: postgresql://localhost/app\ninclude_dirs: [db/schema]\n';
const PROJECT = {
  'db/environments/local.yaml': CONFIG,
  'db/schema/a.sql': '-- requires: sub/c.sql\nSELECT 1;\n',
  'db/schema/b.sql': 'SELECT 2;\n',
  'db/schema/sub/c.sql': 'SELECT 3;\n',
};

/** The names in the separators of a build. */
async function built(projectDir: string): Promise<string[]> {
  const { schema } = await new SchemaBuilder({ projectDir }).build({ output: null });
  const text = Buffer.concat(schema ?? []).toString();
  return [...text.matchAll(/^ \* File: (.*)$/gm)].map(([, name]) => name as string);
}

describe('a build with requirements', () => {
  it('puts a file after the files that it requires', async () => {
    const projectDir = temporaryTree(PROJECT);
    expect(await built(projectDir)).toEqual(['b.sql', 'sub/c.sql', 'a.sql']);
    const order = await new SchemaBuilder({ projectDir }).order();
    expect(order.map(({ label }) => label)).toEqual(['b.sql', 'sub/c.sql', 'a.sql']);
  });

  it('has its own order in the source map', async () => {
    const projectDir = temporaryTree(PROJECT);
    const { map } = await new SchemaBuilder({ projectDir }).build({ output: null, sourceMap: true });
    expect(map?.sources.map(({ label }) => label)).toEqual(['b.sql', 'sub/c.sql', 'a.sql']);
  });

  it("keeps confiture's order where the word is only in a string", async () => {
    const projectDir = temporaryTree({ ...PROJECT, 'db/schema/a.sql': "SELECT 'requires';\n" });
    expect(await built(projectDir)).toEqual(['a.sql', 'b.sql', 'sub/c.sql']);
  });

  it('names a file that was removed between two readings', () => {
    const projectDir = temporaryTree(PROJECT);
    const files = new SchemaBuilder({ projectDir }).files();
    rmSync(join(projectDir, 'db/schema/a.sql'));
    expect(() => neededOrder(files, [0])).toThrow(
      expect.objectContaining({ code: 'ERR_TANDEM_CHANGED', path: join(projectDir, 'db/schema/a.sql') }),
    );
  });

  it('reports a missing file, as an error of a build and as a finding of a check', async () => {
    const projectDir = temporaryTree({ ...PROJECT, 'db/schema/a.sql': '\n-- requires: sub/d.sql\n' });
    const builder = new SchemaBuilder({ projectDir });
    const error = {
      code: 'ERR_TANDEM_REQUIRES_MISSING',
      path: join(projectDir, 'db/schema/a.sql'),
      line: 2,
      hint: 'did you mean sub/c.sql?',
    };
    await expect(builder.build({ output: null })).rejects.toMatchObject(error);
    const report = await builder.check();
    expect(report).toMatchObject({ errors: 1, findings: [{ ...error, severity: 'error' }] });
  });

  it('also orders a list of files', async () => {
    const base = temporaryTree({ 'x.sql': '-- requires: y\n', 'y.sql': '' });
    const { schema } = await buildSchema([join(base, 'x.sql'), join(base, 'y.sql')], { base });
    const text = Buffer.concat(schema ?? []).toString();
    expect(text.indexOf('File: y.sql')).toBeLessThan(text.indexOf('File: x.sql'));
  });
});
