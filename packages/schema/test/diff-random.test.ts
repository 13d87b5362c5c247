import { SchemaBuilder } from '@tandem/schema';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitStatements } from '../src/lexer/split-statements.ts';
import { describeServer } from './databases-here.ts';
import { differences } from './diff-lines.ts';
import { RICH_SCHEMA } from './rich-schema.ts';
import { sharedServer } from './shared-server.ts';
import { projectOf } from './verified-project.ts';

/** Each run makes databases: few runs, and small ones. */
const RUNS = { numRuns: 6 };

/** Tables by name, each with its columns in order. */
type Model = Readonly<Record<string, Readonly<Record<string, string>>>>;

const NAMES = ['a', 'B', 'select', 'd"e', 'f, (g)', 'ä'];
const columns = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom('integer', 'text')), {
    maxLength: 4,
    selector: ([name]) => name,
  })
  .map((pairs) => Object.fromEntries(pairs));
const models: fc.Arbitrary<Model> = fc.dictionary(fc.constantFrom(...NAMES), columns, { maxKeys: 3 });

function sqlOf(model: Model): string {
  const tables = Object.entries(model).map(([table, fields]) => {
    const list = Object.entries(fields).map(([name, type]) => `${quoted(name)} ${type}`);
    return `CREATE TABLE ${quoted(table)} (${list.join(', ')});\n`;
  });
  return `-- a schema\n${tables.join('')}`;
}

/** The expected differences, computed from the models alone. */
function expected(before: Model, after: Model): string[] {
  const lines: string[] = [];
  for (const table of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[table], after[table]];
    const name = `public.${shown(table)}`;
    if (old === undefined) lines.push(`+ table ${name}`);
    else if (now === undefined) lines.push(`- table ${name}`);
    else {
      for (const [column, type] of Object.entries(old)) {
        if (now[column] === undefined) lines.push(`- column ${name}.${shown(column)}`);
        else if (now[column] !== type)
          lines.push(`~ column ${name}.${shown(column)}: ${type} => ${now[column]}`);
      }
      for (const column of Object.keys(now))
        if (old[column] === undefined) lines.push(`+ column ${name}.${shown(column)}`);
      const [was, is] = [
        Object.keys(old).filter((each) => now[each] !== undefined),
        Object.keys(now).filter((each) => old[each] !== undefined),
      ];
      const list = (fields: Readonly<Record<string, string>>): string =>
        `(${Object.keys(fields).map(shown).join(', ')})`;
      if (was.join('\0') !== is.join('\0'))
        lines.push(`~ column order ${name}: ${list(old)} => ${list(now)}`);
    }
  }
  return lines.sort();
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** As quote_ident writes it. */
function shown(name: string): string {
  return /^[a-z]$/.test(name) ? name : quoted(name);
}

describeServer('a diff of random schemas', () => {
  const server = sharedServer();
  const diff = async (before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>) =>
    new SchemaBuilder({ projectDir: projectOf(after) }).diff({
      before: { dir: projectOf(before) },
      database: { url: server.url() },
    });

  it('shows the differences of their two models', async () => {
    await fc.assert(
      fc.asyncProperty(models, models, async (before, after) => {
        const report = await diff({ 'a.sql': sqlOf(before) }, { 'a.sql': sqlOf(after) });
        expect(differences(report).sort()).toEqual(expected(before, after));
      }),
      RUNS,
    );
  });

  it('finds no difference between two layouts of the same statements', async () => {
    await server.session.apply('CREATE ROLE rich_reader');
    const text = Buffer.from(RICH_SCHEMA.replace('CREATE ROLE rich_reader;', ''));
    const statements = [...splitStatements(text)].map(({ start, end }) => text.toString('utf8', start, end));
    const layout = (cuts: readonly number[]): Record<string, string> => {
      const files: Record<string, string> = {};
      statements.forEach((statement, at) => {
        const name = `${String(cuts.filter((cut) => cut <= at).length).padStart(2, '0')}/x.sql`;
        files[name] = `${files[name] ?? ''}${statement}\n`;
      });
      return files;
    };
    const cuts = fc.array(fc.nat(statements.length), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(cuts, cuts, async (one, other) => {
        expect(differences(await diff(layout(one), layout(other)))).toEqual([]);
      }),
      RUNS,
    );
  });
});
