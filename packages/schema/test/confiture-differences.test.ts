import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '@tandem/engine';
import { readProject, selectFiles } from '@tandem/schema';
import { afterAll, describe, expect, test } from 'vitest';
import { type ConfitureAnswer, ConfitureOracle } from './confiture-oracle.ts';
import { type Planted, plant } from './planted-project.ts';

/** A row of docs/schema-compat.md: labels, or the code of Tandem's error and the class of confiture's. */
interface Difference {
  readonly tree: Planted;
  /** Makes what a Planted cannot describe. */
  readonly prepare?: (project: string) => void;
  readonly ours: readonly string[] | string;
  readonly theirs: readonly string[] | string;
}

const ONE = 'include_dirs: [db/schema]\n';
const A = { config: ONE, files: ['db/schema/a.sql'] };
const withConfig = (config: string): Planted => ({ ...A, config });

const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'an excluded name of a file excludes its other name too': {
    tree: {
      config: `${ONE}exclude_dirs: [db/schema/old]\n`,
      files: ['db/schema/z.sql', 'db/schema/b.sql'],
      links: { 'db/schema/old/x.sql': '../z.sql' },
    },
    ours: ['b.sql', 'z.sql'],
    theirs: ['b.sql'],
  },
  'a class matches a slash': {
    tree: {
      config: 'include_dirs: [{path: db/schema, include: ["x[!a]y.sql"]}]\n',
      files: ['db/schema/x/y.sql', 'db/schema/xby.sql'],
    },
    ours: ['xby.sql'],
    theirs: ['x/y.sql', 'xby.sql'],
  },
  'a class has the meaning of Python': {
    tree: {
      config: "include_dirs: [{path: db/schema, include: ['[\\d].sql']}]\n",
      files: ['db/schema/1.sql'],
    },
    ours: 'CONFIG_VALUE',
    theirs: ['1.sql'],
  },
  'a line end in a name hides it from **': {
    tree: {
      config: 'include_dirs: [{path: db/schema, exclude: [old/**]}]\n',
      files: ['db/schema/old/a\nb.sql', 'db/schema/c.sql'],
    },
    ours: ['c.sql'],
    theirs: ['c.sql', 'old/a\nb.sql'],
  },
  'a broken link is selected': {
    tree: { ...A, links: { 'db/schema/b.sql': 'nowhere.sql' } },
    ours: 'BROKEN_SYMLINK',
    theirs: ['a.sql', 'b.sql'],
  },
  'a link to itself': {
    tree: { ...A, links: { 'db/schema/b.sql': 'b.sql' } },
    ours: 'BROKEN_SYMLINK',
    theirs: 'RuntimeError',
  },
  'a pipe is selected': {
    tree: A,
    prepare: (project) => execFileSync('mkfifo', [join(project, 'db/schema/p.sql')]),
    ours: 'NOT_A_FILE',
    theirs: ['a.sql', 'p.sql'],
  },
  'a name that is not UTF-8 is selected': {
    tree: A,
    prepare: (project) => writeFileSync(Buffer.from(`${project}/db/schema/\xe9.sql`, 'latin1'), ''),
    ours: 'NAME_NOT_UTF8',
    theirs: ['a.sql', '\ufffd.sql'],
  },
  'a folder whose name is not UTF-8 is selected': {
    tree: A,
    prepare: (project) => {
      mkdirSync(Buffer.from(`${project}/db/schema/\xff`, 'latin1'));
      writeFileSync(Buffer.from(`${project}/db/schema/\xff/b.sql`, 'latin1'), '');
    },
    ours: 'NAME_NOT_UTF8',
    theirs: ['a.sql', '\ufffd/b.sql'],
  },
  'a working file of Tandem is selected': {
    tree: { ...A, files: ['db/schema/a.sql', 'db/schema/.tandem-x/b.sql', 'db/schema/.tandem-c.sql'] },
    ours: ['a.sql'],
    theirs: ['.tandem-c.sql', '.tandem-x/b.sql', 'a.sql'],
  },
  'an unknown key is ignored': {
    tree: withConfig(`${ONE}exclude_dir: [db/schema]\n`),
    ours: 'CONFIG_UNKNOWN_KEY',
    theirs: ['a.sql'],
  },
  'an unknown sort mode is alphabetical': {
    tree: withConfig(`${ONE}build: {sort_mode: numeric}\n`),
    ours: 'CONFIG_VALUE',
    theirs: ['a.sql'],
  },
  'the last of two equal keys counts': {
    tree: withConfig(`include_dirs: [nowhere]\n${ONE}`),
    ours: 'CONFIG_SYNTAX',
    theirs: ['a.sql'],
  },
  'an include folder that is a file': {
    tree: withConfig('include_dirs: [db/schema/a.sql]\n'),
    ours: 'CONFIG_VALUE',
    theirs: 'NotADirectoryError',
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

onDisk('where Tandem differs from confiture 1.29', () => {
  test.each(Object.entries(DIFFERENCES))('Tandem differs: %s', (_, { tree, prepare, ours }) => {
    const project = plant(tree);
    prepare?.(project);
    expect(outcome(project)).toEqual(ours);
  });

  test.skipIf(reason !== '').each(Object.entries(DIFFERENCES))(
    `confiture: %s${reason}`,
    async (_, { tree, prepare, theirs }) => {
      const project = plant(tree);
      prepare?.(project);
      expect(told(await (oracle as ConfitureOracle).ask(project))).toEqual(theirs);
    },
  );
});

function outcome(project: string): readonly string[] | string {
  try {
    return selectFiles(readProject(project, 'local')).map(({ label }) => label);
  } catch (error) {
    if (TandemError.isTandemError(error)) return error.code.replace('ERR_TANDEM_', '');
    throw error;
  }
}

function told(answer: ConfitureAnswer): readonly string[] | string {
  if ('error' in answer) return answer.error;
  return answer.files.map(({ label }) => Buffer.from(label, 'latin1').toString());
}
