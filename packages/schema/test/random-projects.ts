import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { type Planted, plant } from './planted-project.ts';
import { randomTree } from './random-trees.ts';
import { psqlText, routineText, sqlText } from './sql-fragments.ts';

/**
 * Projects with files of any kind: right and broken SQL, bytes that are not text, requirements, and entries
 * that are not files.
 */

/** A project, and the entries that replace some of its files. */
export interface RandomProject {
  readonly tree: Planted;
  readonly contents: Readonly<Record<string, Uint8Array>>;
  readonly instead: Readonly<Record<string, Instead>>;
}

/** What replaces a file; only root can read a closed file. */
type Instead = 'folder' | 'pipe' | 'dangling link' | 'looping link' | 'closed file';

const RIGHT = [
  'SELECT 1;\n',
  'CREATE TABLE t (id int PRIMARY KEY);',
  '',
  '-- a comment\r\nSELECT 1;\r\n',
  'SELECT 1;\rSELECT 2;\r',
  '\ufeffSELECT 1;\n',
  "SELECT 'é \u{1f600} \u2028';\n",
  "DO $$ BEGIN PERFORM '/*'; END $$;\n",
  'COPY t FROM stdin;\n1\n\\.\n',
  '/* a /* b */ c */ SELECT 1\n',
  '\\set x 1\nSELECT (1;\n',
];
const WRONG = [
  "SELECT 'open\n",
  'SELECT 1; /* open',
  'DO $a$ open',
  'SELECT 1;\n"open',
  'COPY t FROM stdin;\n1\n',
  'SELECT 1;\0',
];
const ILL_FORMED = ['\xff', 'SELECT 1;\n\xc3', '\xed\xa0\x80', 'é\xe9', '\xef\xbb', '\xf0\x9f\x98;'];

const bytes = (text: string): Uint8Array => Buffer.from(text);
const right = fc.array(fc.constantFrom(...RIGHT), { maxLength: 3 }).map((parts) => bytes(parts.join('')));
const large = fc.nat(3000).map((times) => bytes(`${RIGHT[1]}\r\n-- é\n`.repeat(times)));
const wrong = fc.oneof(
  fc.oneof(sqlText, routineText, psqlText, fc.constantFrom(...WRONG)).map(bytes),
  fc.constantFrom(...ILL_FORMED).map((text) => Buffer.from(text, 'latin1')),
);
const content = (oddity: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    { weight: 40, arbitrary: right },
    { weight: 1, arbitrary: large },
    { weight: oddity, arbitrary: wrong },
  );
const insteadOf: fc.Arbitrary<Instead> = fc.constantFrom(
  'folder',
  'pipe',
  'dangling link',
  'looping link',
  'closed file',
);

/** `-- requires:` with the index of a file in the list; its name may be misspelt. */
interface Requirement {
  readonly from: number;
  readonly to: number;
  readonly spelled: 'name' | 'without .sql' | 'beside it' | 'misspelt';
}
const requirement = (back: boolean): fc.Arbitrary<Requirement> =>
  fc
    .record({
      from: fc.nat(1000),
      to: fc.nat(1000),
      spelled: fc.constantFrom(
        ...(['name', 'name', 'without .sql', 'beside it', 'beside it'] as const),
        back ? ('misspelt' as const) : 'name',
      ),
    })
    .map((one) => (back || one.from >= one.to ? one : { ...one, from: one.to, to: one.from }));

/** Any tree, with any content. */
export const awkwardProject: fc.Arbitrary<RandomProject> = fc
  .record({
    tree: randomTree,
    contents: fc
      .constantFrom(0, 0, 1, 8)
      .chain((oddity) => fc.array(content(oddity), { minLength: 25, maxLength: 25 })),
    requirements: fc.oneof(fc.constant([]), fc.array(requirement(true), { maxLength: 2 })),
    instead: fc.oneof(
      { weight: 5, arbitrary: fc.constant(null) },
      { weight: 1, arbitrary: fc.tuple(fc.nat(1000), insteadOf) },
    ),
    lex: fc.boolean(),
  })
  .map(({ tree, contents, requirements, instead, lex }) => {
    const files = tree.files.filter((file) => !file.endsWith('/'));
    return {
      tree: lex ? { ...tree, config: tree.config.replace('"enabled":false', '"enabled":true') } : tree,
      contents: withRequirements(files, contents, requirements),
      instead: instead === null ? {} : { [files[instead[0] % files.length] as string]: instead[1] },
    };
  });

/** Files of one folder that require each other, some of them in a cycle, in up to a few batches of a join. */
export const requiringProject: fc.Arbitrary<RandomProject> = fc
  .record({
    count: fc.oneof(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 100, max: 220 })),
    contents: fc.array(right, { minLength: 10, maxLength: 10 }),
    requirements: fc.oneof(
      fc.array(requirement(false), { minLength: 1, maxLength: 12 }),
      fc.array(requirement(true), { minLength: 1, maxLength: 8 }),
    ),
  })
  .map(({ count, contents, requirements }) => {
    const files = Array.from({ length: count }, (_, at) => `db/schema/${String(at).padStart(3, '0')}.sql`);
    return {
      tree: { files, config: 'include_dirs: [db/schema]\nsuperuser_dirs: [db/schema/001.sql]\n' },
      contents: withRequirements(files, contents, requirements),
      instead: {},
    };
  });

/**
 * Three files; each pair is the number of a file and that of a file that it requires, which may not exist.
 */
export function requiring(...pairs: readonly (readonly [from: number, to: number])[]): RandomProject {
  const name = (at: number): string => `db/schema/${at}.sql`;
  const lines = (at: number): string[] =>
    pairs.filter(([from]) => from === at).map(([, to]) => `-- requires: ${to}.sql\n`);
  const files = [0, 1, 2].map(name);
  const contents = Object.fromEntries([0, 1, 2].map((at) => [name(at), bytes(lines(at).join(''))]));
  return { tree: { files, config: 'include_dirs: [db/schema]\n' }, contents, instead: {} };
}

function withRequirements(
  files: readonly string[],
  contents: readonly Uint8Array[],
  requirements: readonly Requirement[],
): Record<string, Uint8Array> {
  return Object.fromEntries(
    files.map((file, at) => {
      const lines = requirements
        .filter(({ from }) => from % files.length === at)
        .map(({ to, spelled }) => `-- requires: ${spelling(files[to % files.length] as string, spelled)}\n`);
      return [
        file,
        Buffer.concat([Buffer.from(lines.join('')), contents[at % contents.length] as Uint8Array]),
      ];
    }),
  );
}

function spelling(file: string, spelled: Requirement['spelled']): string {
  switch (spelled) {
    case 'name':
      return file.replace('db/schema/', '');
    case 'without .sql':
      return file.replace('db/schema/', '').replace('.sql', '');
    case 'beside it':
      return `./${basename(file)}`;
    case 'misspelt':
      return `${file}x`;
  }
}

/** Creates it in a folder that is removed after the tests. */
export function plantRandom({ tree, contents, instead }: RandomProject): string {
  const project = plant(tree);
  for (const [file, content] of Object.entries(contents)) writeFileSync(join(project, file), content);
  for (const [file, what] of Object.entries(instead)) put(join(project, file), what);
  return project;
}

function put(path: string, what: Instead): void {
  if (what === 'closed file') {
    chmodSync(path, 0);
    return;
  }
  rmSync(path);
  if (what === 'folder') mkdirSync(path);
  else if (what === 'pipe') execFileSync('mkfifo', [path]);
  else symlinkSync(what === 'dangling link' ? 'nowhere' : basename(path), path);
}
