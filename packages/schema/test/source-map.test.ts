import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mapFileOf, readSourceMap, SchemaBuilder, sourceOf } from '@tandem/schema';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryTree } from './temporary-tree.ts';

const STALE = { code: 'ERR_TANDEM_NO_SOURCE_MAP', message: expect.stringContaining('made for') };

function project(): { folder: string; output: string; builder: SchemaBuilder } {
  const folder = temporaryTree({
    'db/environments/local.yaml': 'database_url: postgresql://localhost/app\ninclude_dirs: [db/schema]\n',
    'db/schema/a.sql': 'SELECT 1;\n',
    'db/schema/b.sql': '\nSELECT 2;\n',
  });
  const builder = new SchemaBuilder({ projectDir: folder });
  return { folder, builder, output: join(folder, 'db/generated/schema_local.sql') };
}

function clock(seconds: string | undefined): void {
  const before = process.env['SOURCE_DATE_EPOCH'];
  const set = (value: string | undefined): void => {
    if (value === undefined) delete process.env['SOURCE_DATE_EPOCH'];
    else process.env['SOURCE_DATE_EPOCH'] = value;
  };
  set(seconds);
  onTestFinished(() => set(before));
}

describe('the map of a built file', () => {
  it('says where each line comes from, with and without a time in the header', async () => {
    for (const seconds of [undefined, '0']) {
      clock(seconds);
      const { builder, output } = project();
      await builder.build({ sourceMap: true });
      const lines = readFileSync(output, 'utf8').split('\n');
      const map = readSourceMap(output);
      const place = sourceOf(map, lines.indexOf('SELECT 2;') + 1);
      expect(place).toMatchObject({ label: 'b.sql', line: 2 });
    }
  });

  it('is not written again where it is the same', async () => {
    const { builder, output } = project();
    await builder.build({ sourceMap: true });
    utimesSync(mapFileOf(output), 1000, 1000);
    await builder.build({ sourceMap: true });
    expect(statSync(mapFileOf(output)).mtimeMs).toBe(1000 * 1000);
  });

  it('is refused for another body', async () => {
    const { builder, output, folder } = project();
    await builder.build({ sourceMap: true });
    writeFileSync(join(folder, 'db/schema/a.sql'), 'SELECT 1;\n\n');
    await builder.build();
    expect(() => readSourceMap(output)).toThrow(expect.objectContaining(STALE));
  });

  it('is refused for the same body below another header', async () => {
    const { builder, output } = project();
    clock(undefined);
    await builder.build({ sourceMap: true });
    clock('0');
    await builder.build();
    expect(() => readSourceMap(output)).toThrow(expect.objectContaining(STALE));
    await builder.build({ sourceMap: true });
    expect(readSourceMap(output).sources.length).toBe(2);
  });
});
