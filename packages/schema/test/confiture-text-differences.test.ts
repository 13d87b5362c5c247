import { TandemError } from '@tandem/engine';
import { SchemaBuilder } from '@tandem/schema';
import { afterAll, describe, expect, test } from 'vitest';
import { type ConfitureBuilds, ConfitureOracle } from './confiture-oracle.ts';
import { plant } from './planted-project.ts';

/** A row of docs/schema-compat.md about a text that is built: what each has there, or the code of Tandem's error and the class of confiture's. */
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
  'a comment that is open is built': {
    contents: { 'a.sql': '/* a /* b */\n', 'b.sql': 'SELECT 1;\n' },
    ours: { error: 'SQL_OPEN_COMMENT' },
    theirs: { has: '/* a /* b */\n' },
  },
  'a quote that is open is built': {
    contents: { 'a.sql': "SELECT 'a;\n", 'b.sql': "SELECT 'b';\n" },
    ours: { error: 'SQL_OPEN_QUOTE' },
    theirs: { has: "SELECT 'a;\n" },
  },
  'COPY data without an end takes the next file along': {
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
  'a folder ends the comment that its name stands in': {
    contents: { 'a*/b.sql': 'SELECT 1;\n' },
    ours: { has: `\n * File: a* /b.sql\n * ${BAR} */\n` },
    theirs: { has: `\n * File: a*/b.sql\n * ${BAR} */\n` },
  },
  'a name opens a comment in the one that it stands in': {
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
  'a template has Python in it': {
    contents: { 'a/b.sql': 'SELECT 1;\n' },
    build: 'separators: {style: custom, custom_template: "-- {file_path.name}"}',
    ours: { error: 'CONFIG_VALUE' },
    theirs: { has: '\n-- b.sql\n' },
  },
  'a file that says what it requires comes before it': {
    contents: { 'a.sql': '-- requires: b\nSELECT 1;\n', 'b.sql': 'SELECT 2;\n' },
    ours: { has: `SELECT 2;\n\n/* ${BAR}\n * File: a.sql\n` },
    theirs: { has: `SELECT 1;\n\n/* ${BAR}\n * File: b.sql\n` },
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

onDisk('what Tandem builds otherwise than confiture 1.29', () => {
  test.each(Object.entries(DIFFERENCES))('ours: %s', async (_, difference) => {
    const told = await outcome(planted(difference));
    const { ours } = difference;
    expect(told).toEqual('has' in ours ? { text: expect.stringContaining(ours.has) } : ours);
  });

  test.skipIf(reason !== '').each(Object.entries(DIFFERENCES))(
    `confiture's: %s${reason}`,
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
