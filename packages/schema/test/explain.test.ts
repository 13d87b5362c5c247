import { explainFiles, readProject } from '@tandem/schema';
import { expect, test } from 'vitest';
import { plant } from './planted-project.ts';

function reasons(config: string, files: readonly string[]): [string, string][] {
  const project = readProject(plant({ config, files }), 'local');
  return explainFiles(project).map(({ label, reason }) => [label, reason]);
}

test('by name: the first part that differs', () => {
  expect(
    reasons('include_dirs: [db]\n', ['db/a/b/1.sql', 'db/a/b/2.sql', 'db/a/c/1.sql', 'db/a.sql', 'db/é.sql']),
  ).toEqual([
    ['a/b/1.sql', 'first'],
    ['a/b/2.sql', '2.sql after 1.sql'],
    ['a/c/1.sql', 'c/ after b/'],
    ['a.sql', 'a.sql after a/'],
    ['é.sql', 'é.sql after a.sql'],
  ]);
});

test('by order: the first file of a block', () => {
  const config = 'include_dirs: [{path: db/a, order: 10}, {path: db/b, order: -1}]\n';
  expect(reasons(config, ['db/a/1.sql', 'db/b/1.sql', 'db/b/2.sql'])).toEqual([
    ['b/1.sql', 'first'],
    ['b/2.sql', '2.sql after 1.sql'],
    ['a/1.sql', 'order 10 after order -1'],
  ]);
});

test('by number, in its base', () => {
  const config = 'include_dirs: [db]\nbuild: {sort_mode: hex}\n';
  expect(
    reasons(config, ['db/0f_a/9_x.sql', 'db/0f_a/10_y.sql', 'db/10_b/z.sql', 'db/c/z.sql', 'db/10_c.sql']),
  ).toEqual([
    ['0f_a/9_x.sql', 'first'],
    ['0f_a/10_y.sql', '10_y.sql: number 10 after 9'],
    ['10_b/z.sql', '10_b/: number 16 after 15'],
    ['10_c.sql', '10_c.sql after 10_b/'],
    ['c/z.sql', 'c/ has no number'],
  ]);
});

test('by number, below two spellings of one number', () => {
  const config = 'include_dirs: [db]\nbuild: {sort_mode: hex}\n';
  expect(
    reasons(config, ['db/01_x/2_b.sql', 'db/1_x/1_a.sql', 'db/1_x/3_c.sql', 'db/01_x/03_c.sql']),
  ).toEqual([
    ['1_x/1_a.sql', 'first'],
    ['01_x/2_b.sql', '2_b.sql: number 2 after 1'],
    ['01_x/03_c.sql', '03_c.sql: number 3 after 2'],
    ['1_x/3_c.sql', '1_x/ after 01_x/'],
  ]);
});
