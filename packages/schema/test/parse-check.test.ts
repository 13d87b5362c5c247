import { join } from 'node:path';
import { SchemaBuilder } from '@tandem/schema';
import { describe, expect, it } from 'vitest';
import { temporaryTree } from './temporary-tree.ts';

const CONFIG =
  'database_url: postgresql://localhost/app\ninclude_dirs: [db]\nexclude_dirs: [db/environments]\n';

/** Findings of a check with the parser, as `file:line:column code text`. */
async function found(files: Readonly<Record<string, string>>): Promise<string[]> {
  const projectDir = temporaryTree({ 'db/environments/local.yaml': CONFIG });
  const { mkdirSync, writeFileSync } = await import('node:fs');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(projectDir, 'db', name, '..'), { recursive: true });
    writeFileSync(join(projectDir, 'db', name), text);
  }
  const { findings } = await new SchemaBuilder({ projectDir }).check({ parse: true });
  const below = join(projectDir, 'db/');
  return findings.map(({ path, line, column, code, message }) => {
    const text = message.replaceAll(below, '');
    return `${path.replace(below, '')}:${line}:${column} ${code.replace('ERR_TANDEM_SQL_', '')} ${text}`;
  });
}

describe("PostgreSQL's parser", () => {
  it('reports every wrong statement with its place in the file', async () => {
    expect(
      await found({
        'a.sql': '-- é\nCREATE TABEL x();\nSELECT 1;\n  SELECT ü FORM y WHERE;\n',
        'b.sql': 'SELECT 1;\n',
      }),
    ).toEqual([
      `a.sql:2:8 SYNTAX PostgreSQL's parser: syntax error at or near "TABEL"`,
      `a.sql:4:17 SYNTAX PostgreSQL's parser: syntax error at or near "y"`,
    ]);
  });

  it('accepts a byte order mark, psql commands and data', async () => {
    const text = '\ufeff\\set x 1\nCOPY t (a) FROM stdin;\n1\tit\'s "\n\\.\n\\echo done\nSELECT 1;\n';
    const findings = await found({ 'a.sql': text });
    expect(findings.filter((finding) => finding.includes('SYNTAX'))).toEqual([]);
  });
});
