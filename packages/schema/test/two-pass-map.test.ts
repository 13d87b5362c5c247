import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { mapFileOf, readSourceMap, SchemaBuilder, type SourceMap, sourceOf } from '@tandem/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plant, uproot } from './planted-project.ts';
import { randomTables } from './random-tables.ts';

const BUILD = 'include_dirs: [db/schema]\nbuild: {two_pass: true}\n';

interface Mapped {
  readonly lines: readonly string[];
  readonly map: SourceMap;
}

async function mapped(contents: Readonly<Record<string, string>>): Promise<Mapped & { project: string }> {
  const project = plant({
    files: Object.keys(contents).map((name) => `db/schema/${name}`),
    contents: Object.fromEntries(
      Object.entries(contents).map(([name, content]) => [`db/schema/${name}`, content]),
    ),
    config: BUILD,
  });
  const { schema, map } = await new SchemaBuilder({ projectDir: project }).build({
    output: null,
    sourceMap: true,
  });
  if (map === null) throw new Error('a map was asked for');
  return {
    project,
    lines: Buffer.concat(schema ?? [])
      .toString()
      .split('\n'),
    map,
  };
}

/** `a.sql:3:20` for the first occurrence of a text in the built file, and for the beginning of its line. */
function placesOf({ lines, map }: Mapped, text: string): string[] {
  const line = lines.findIndex((each) => each.includes(text));
  const column = Array.from((lines[line] ?? '').split(text)[0] ?? '').length;
  return [sourceOf(map, line + 1, column + 1), sourceOf(map, line + 1)].map((place) =>
    place === null ? 'no source' : `${place.label}:${place.line}:${place.column}`,
  );
}

describe('the map of a build in two passes', () => {
  it('leads to what follows a key, on its line and on the lines below', async () => {
    const built = await mapped({
      'a.sql': 'CREATE TABLE ä (x int REFERENCES b NOT NULL, y int REFERENCES\n  c (id) UNIQUE,\n  z int);\n',
      'b.sql': 'CREATE TABLE d (\n  x int,\n  FOREIGN KEY (x) REFERENCES ä,\n  w text\n);\n-- end\n',
    });
    expect(built.lines).toContain('CREATE TABLE ä (x int NOT NULL, y int UNIQUE,');
    expect(placesOf(built, 'x int NOT')).toEqual(['a.sql:1:17', 'a.sql:1:1']);
    expect(placesOf(built, 'NOT NULL')).toEqual(['a.sql:1:36', 'a.sql:1:1']);
    expect(placesOf(built, 'UNIQUE')).toEqual(['a.sql:2:10', 'a.sql:1:1']);
    expect(placesOf(built, 'z int')).toEqual(['a.sql:3:3', 'a.sql:3:1']);
    expect(placesOf(built, 'w text')).toEqual(['b.sql:4:3', 'b.sql:4:1']);
    expect(placesOf(built, '-- end')).toEqual(['b.sql:6:1', 'b.sql:6:1']);
  });

  it('leads to the key of a statement that adds one', async () => {
    const built = await mapped({
      'a.sql': 'CREATE TABLE a (\n  x int CONSTRAINT "new\nline" REFERENCES b\n);\n',
      'b.sql': 'CREATE TABLE b (id int, FOREIGN KEY (id) REFERENCES c)',
      'c.sql': ';\nCREATE TABLE c (id int,\n /* é */ FOREIGN KEY (id) REFERENCES a)\n;',
    });
    expect(placesOf(built, 'ALTER TABLE a')).toEqual(['a.sql:2:9', 'a.sql:2:9']);
    expect(placesOf(built, 'line" FOREIGN KEY')).toEqual(['a.sql:2:9', 'a.sql:2:9']);
    expect(placesOf(built, 'ALTER TABLE c')).toEqual(['c.sql:3:10', 'c.sql:3:10']);
    expect(placesOf(built, 'ADD FOREIGN KEY (id) REFERENCES a;')).toEqual(['c.sql:3:10', 'c.sql:3:10']);
    expect(placesOf(built, 'Pass 2')).toEqual(['no source', 'no source']);
    const last = built.lines.lastIndexOf('    ADD FOREIGN KEY (id) REFERENCES a;');
    expect(sourceOf(built.map, last + 2)).toBeNull();
  });

  it('counts from the first line where the last statement gets a semicolon', async () => {
    const built = await mapped({
      'a.sql': 'CREATE TABLE a (x int REFERENCES b);\n',
      'b.sql': 'CREATE TABLE b (x int)',
    });
    expect(placesOf(built, 'ALTER TABLE a')).toEqual(['a.sql:1:23', 'a.sql:1:23']);
    expect(sourceOf(built.map, built.lines.lastIndexOf(';') + 1)).toBeNull();
  });

  it('is the same when it is read back', async () => {
    const { project, map } = await mapped({
      'a.sql': 'CREATE TABLE a (x int REFERENCES b, y int REFERENCES c);\n',
      'b.sql': 'SELECT 1;\n',
    });
    const builder = new SchemaBuilder({ projectDir: project });
    const { output } = await builder.build({ sourceMap: true });
    const built = output ?? '';
    const { sources, ...rest } = readSourceMap(built);
    const absolute = sources.map((source) => ({ ...source, path: resolve(source.path) }));
    expect({ ...rest, sources: absolute }).toEqual(map);
    const file = mapFileOf(built);
    for (const broken of [
      null,
      { ...map, keys: [null] },
      { ...map, keys: [{ ...map.keys?.[0], source: 2 }] },
    ]) {
      writeFileSync(file, JSON.stringify(broken));
      expect(() => readSourceMap(built)).toThrow('has a map that this version does not read');
    }
    for (const cuts of [[null], [{ line: 1 }], {}]) {
      writeFileSync(file, JSON.stringify({ ...map, sources: [{ ...map.sources[0], cuts }] }));
      expect(() => readSourceMap(built)).toThrow('has a map that this version does not read');
    }
  });

  it('leads from every character to the same one in its source', { timeout: 120_000 }, async () => {
    let cuts = 0;
    const property = fc.asyncProperty(
      fc.array(randomTables, { minLength: 1, maxLength: 3 }),
      async (files) => {
        const contents = Object.fromEntries(files.map((sql, at) => [`${at}.sql`, sql]));
        const { project, lines, map } = await mapped(contents);
        cuts += map.sources.flatMap((source) => source.cuts ?? []).length;
        const sources = new Map(
          Object.entries(contents).map(([name, sql]) => [name, sql.replaceAll('\r\n', '\n').split('\n')]),
        );
        for (const [at, line] of lines.entries()) {
          // Including the end of the line.
          for (const [column, character] of [...line, '\n'].entries()) {
            const place = sourceOf(map, at + 1, column + 1);
            if (place === null) continue;
            const source = sources.get(place.label)?.[place.line - 1] ?? '';
            const rest = [...source, '\n'].slice(place.column - 1);
            const isKey = map.keys?.some((key) => at + 1 >= key.line && at + 1 < key.line + key.lines);
            if (isKey) expect(rest.join('')).toMatch(/^(CONSTRAINT|FOREIGN|REFERENCES)/);
            else expect(rest[0]).toBe(character);
          }
        }
        uproot(project);
      },
    );
    await fc.assert(property, { numRuns: 100 });
    expect(cuts).toBeGreaterThan(200);
  });
});
