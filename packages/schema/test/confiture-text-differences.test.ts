import { TandemError } from '@tandem/engine';
import { SchemaBuilder } from '@tandem/schema';
import { afterAll, describe, expect, test } from 'vitest';
import { type ConfitureBuilds, ConfitureOracle } from './confiture-oracle.ts';
import { plant } from './planted-project.ts';

/**
 * A row of docs/schema-compat.md about a built text: a part of the text, or the code of Tandem's error and
 * the class of confiture's.
 */
interface Difference {
  readonly contents: Readonly<Record<string, string>>;
  readonly build?: string;
  readonly ours: { readonly has: string } | { readonly error: string };
  readonly theirs: { readonly has: string } | { readonly error: string };
}

const BAR = '='.repeat(42);

const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'valid SQL is refused': {
    contents: { 'a.sql': "SELECT '/*';" },
    ours: { has: "SELECT '/*';\n" },
    theirs: { error: 'SchemaError' },
  },
  'an unterminated comment is built': {
    contents: { 'a.sql': '/* a /* b */\n', 'b.sql': 'SELECT 1;\n' },
    ours: { error: 'SQL_OPEN_COMMENT' },
    theirs: { has: '/* a /* b */\n' },
  },
  'an unterminated quote is built': {
    contents: { 'a.sql': "SELECT 'a;\n", 'b.sql': "SELECT 'b';\n" },
    ours: { error: 'SQL_OPEN_QUOTE' },
    theirs: { has: "SELECT 'a;\n" },
  },
  'unterminated COPY data swallows the next file': {
    contents: { 'a.sql': 'COPY t FROM stdin;\n1\n', 'b.sql': 'SELECT 1;\n' },
    ours: { error: 'SQL_OPEN_COPY' },
    theirs: { has: 'COPY t FROM stdin;\n1\n' },
  },
  'a NUL is built': {
    contents: { 'a.sql': 'SELECT 1;\0\n' },
    ours: { error: 'SQL_NUL' },
    theirs: { has: 'SELECT 1;\0\n' },
  },
  'a byte order mark is kept': {
    contents: { 'a.sql': '\ufeffSELECT 1;\n' },
    ours: { has: '\n\nSELECT 1;\n' },
    theirs: { has: '\n\n\ufeffSELECT 1;\n' },
  },
  'the name of a folder ends the comment that contains it': {
    contents: { 'a*/b.sql': 'SELECT 1;\n' },
    ours: { has: `\n * File: a* /b.sql\n * ${BAR} */\n` },
    theirs: { has: `\n * File: a*/b.sql\n * ${BAR} */\n` },
  },
  'a name opens a comment in the comment that contains it': {
    contents: { 'a/*.sql': 'SELECT 1;\n' },
    ours: { has: '\n * File: a/ *.sql\n' },
    theirs: { has: '\n * File: a/*.sql\n' },
  },
  'a line end in a name leaves the comment': {
    contents: { 'a\nDROP TABLE t;.sql': 'SELECT 1;\n', 'b\rc.sql': 'SELECT 2;\n' },
    build: 'separators: {style: line_comment}',
    ours: { has: '\n-- File: a\\nDROP TABLE t;.sql\n' },
    theirs: { has: '\n-- File: a\nDROP TABLE t;.sql\n' },
  },
  'a template has Python fields': {
    contents: { 'a/b.sql': 'SELECT 1;\n' },
    build: 'separators: {style: custom, custom_template: "-- {file_path.name}"}',
    ours: { error: 'CONFIG_VALUE' },
    theirs: { has: '\n-- b.sql\n' },
  },
  'a file comes before the file that it requires': {
    contents: { 'a.sql': '-- requires: b\nSELECT 1;\n', 'b.sql': 'SELECT 2;\n' },
    ours: { has: `SELECT 2;\n\n/* ${BAR}\n * File: a.sql\n` },
    theirs: { has: `SELECT 1;\n\n/* ${BAR}\n * File: b.sql\n` },
  },
  'two passes: a comma in brackets is counted, and another element is removed': {
    contents: {
      'a.sql': 'CREATE TABLE a (x int[] DEFAULT ARRAY[1, 2], y int, FOREIGN KEY (y) REFERENCES b);\n',
    },
    build: 'two_pass: true',
    ours: { has: 'CREATE TABLE a (x int[] DEFAULT ARRAY[1, 2], y int);\n' },
    theirs: { has: 'CREATE TABLE a (x int[] DEFAULT ARRAY[1, 2], FOREIGN KEY (y) REFERENCES b);\n' },
  },
  'two passes: COLLATE after a key is lost': {
    contents: {
      'a.sql':
        'CREATE TABLE a (x text REFERENCES b COLLATE "C" DEFERRABLE, y text REFERENCES c COLLATE "C" NOT NULL);\n',
    },
    build: 'two_pass: true',
    ours: { has: 'CREATE TABLE a (x text COLLATE "C", y text COLLATE "C" NOT NULL);\n' },
    theirs: { has: 'CREATE TABLE a (x text, y text NOT NULL);\n' },
  },
  'two passes: a temporal key loses its PERIOD': {
    contents: {
      'a.sql': 'CREATE TABLE a (x int, t tsrange, FOREIGN KEY (x, PERIOD t) REFERENCES b (x, PERIOD t));\n',
    },
    build: 'two_pass: true',
    ours: { has: 'FOREIGN KEY (x, PERIOD t) REFERENCES b (x, PERIOD t));\n' },
    theirs: { has: 'ADD FOREIGN KEY (x, t) REFERENCES b (x, t);\n' },
  },
  'two passes: a partition that contains only keys keeps ()': {
    contents: { 'a.sql': 'CREATE TABLE a PARTITION OF p (FOREIGN KEY (x) REFERENCES b) DEFAULT;\n' },
    build: 'two_pass: true',
    ours: { has: 'CREATE TABLE a PARTITION OF p DEFAULT;\n' },
    theirs: { has: 'CREATE TABLE a PARTITION OF p () DEFAULT;\n' },
  },
  'two passes: the words on both sides of a key are joined': {
    contents: { 'a.sql': 'CREATE TABLE a (x int REFERENCES b(id)NOT NULL);\n' },
    build: 'two_pass: true',
    ours: { has: 'CREATE TABLE a (x int NOT NULL);\n' },
    theirs: { has: 'CREATE TABLE a (x intNOT NULL);\n' },
  },
  'two passes: a table after a psql line keeps its keys': {
    contents: { 'a.sql': '\\set ON_ERROR_STOP on\nCREATE TABLE a (x int REFERENCES b);\n' },
    build: 'two_pass: true',
    ours: { has: 'CREATE TABLE a (x int);\n' },
    theirs: { has: 'CREATE TABLE a (x int REFERENCES b);\n' },
  },
  'two passes: a table on the line of a COPY keeps its keys': {
    contents: { 'a.sql': 'COPY c FROM stdin; CREATE TABLE a (x int REFERENCES b);\n1\n\\.\n' },
    build: 'two_pass: true',
    ours: { has: 'CREATE TABLE a (x int);\n' },
    theirs: { has: 'CREATE TABLE a (x int REFERENCES b);\n' },
  },
  'two passes: the key of a conditional table is added unconditionally': {
    contents: {
      'a.sql': '\\if :made\n',
      'b.sql': 'SELECT 1;\nCREATE TABLE a (x int REFERENCES b);\n',
      'c.sql': '\\endif\n',
    },
    build: 'two_pass: true',
    ours: { has: 'CREATE TABLE a (x int REFERENCES b);\n' },
    theirs: { has: 'ALTER TABLE a\n    ADD FOREIGN KEY (x) REFERENCES b;\n' },
  },
  'two passes: the keys become part of a last statement without a semicolon': {
    contents: {
      'a.sql': 'CREATE TABLE a (x int REFERENCES b);',
      'b.sql': 'CREATE TABLE b (x int REFERENCES c)',
    },
    build: 'two_pass: true',
    ours: { has: 'CREATE TABLE b (x int REFERENCES c)\n;\n\n-- ====' },
    theirs: { has: 'CREATE TABLE b (x int)\n\n-- ====' },
  },
  'two passes: a table that continues in the next file loses its keys': {
    contents: { 'a.sql': 'CREATE TABLE a (x int REFERENCES b,', 'b.sql': 'y int REFERENCES c);' },
    build: 'two_pass: true',
    ours: { has: 'y int REFERENCES c);\n' },
    theirs: { has: 'y int);\n' },
  },
  'two passes: keys stay in place after separators that are not SQL comments': {
    contents: { 'a.sql': 'CREATE TABLE a (x int REFERENCES b);\n' },
    build: 'two_pass: true, separators: {style: mysql}',
    ours: { has: 'CREATE TABLE a (x int);\n' },
    theirs: { has: 'CREATE TABLE a (x int REFERENCES b);\n' },
  },
};

const oracle =
  process.env['TANDEM_ENGINE'] === 'native'
    ? 'asked in the run of the TypeScript engine'
    : await ConfitureOracle.start();
const reason = typeof oracle === 'string' ? `, skipped: no confiture here (${oracle})` : '';
afterAll(() => {
  if (typeof oracle !== 'string') oracle.stop();
});
const onDisk = process.platform === 'linux' ? describe : describe.skip;

onDisk('the differences between the builds of Tandem and confiture 1.29', () => {
  test.each(Object.entries(DIFFERENCES))('Tandem differs: %s', async (_, difference) => {
    const told = await outcome(planted(difference));
    const { ours } = difference;
    expect(told).toEqual('has' in ours ? { text: expect.stringContaining(ours.has) } : ours);
  });

  test.skipIf(reason !== '').each(Object.entries(DIFFERENCES))(
    `confiture: %s${reason}`,
    async (_, difference) => {
      const wishes = { envs: ['local'], parts: false, check: true };
      const told = theirOutcome(await (oracle as ConfitureOracle).build(planted(difference), wishes));
      const { theirs } = difference;
      expect(told).toEqual('has' in theirs ? { text: expect.stringContaining(theirs.has) } : theirs);
    },
  );
});

function planted({ contents, build }: Difference): string {
  const below = Object.entries(contents).map(([name, content]) => [`db/schema/${name}`, content] as const);
  return plant({
    files: below.map(([path]) => path),
    contents: Object.fromEntries(below),
    config: `include_dirs: [db/schema]\n${build === undefined ? '' : `build: {${build}}\n`}`,
  });
}

async function outcome(project: string): Promise<object> {
  try {
    const { schema } = await new SchemaBuilder({ projectDir: project }).build({ output: null });
    return { text: Buffer.concat(schema ?? []).toString() };
  } catch (error) {
    if (TandemError.isTandemError(error)) return { error: error.code.replace('ERR_TANDEM_', '') };
    throw error;
  }
}

function theirOutcome(answer: ConfitureBuilds): object {
  return 'error' in answer ? { error: answer.error } : { text: answer.texts['local'] };
}
