import '../src/generated/error-codes.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Need } from '../src/order/need.ts';
import { orderByNeed } from '../src/order/order-by-need.ts';
import { resolveNeeds } from '../src/order/resolve-needs.ts';
import type { SelectedFile } from '../src/selection/selected-file.ts';

const file = (label: string): SelectedFile => ({
  path: `/project/${label}`,
  label,
  entry: '/project',
  order: 0,
  pattern: '**/*.sql',
  isSeed: false,
  phase: 'app',
});

/** The order of files given as `label: needs`. */
function ordered(needs: Readonly<Record<string, readonly string[]>>): string[] {
  const labels = Object.keys(needs);
  const files = labels.map(file);
  const lines: Need[] = labels.flatMap((label, index) =>
    (needs[label] ?? []).map((target, at) => ({ file: index, line: at + 1, target })),
  );
  return orderByNeed(files, resolveNeeds(files, lines)).map((index) => labels[index] as string);
}

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('the order by need', () => {
  it.each([
    ['is the configured one without needs', { a: [], b: [], c: [] }, 'abc'],
    ['is the configured one where it satisfies them', { a: [], b: ['a'], c: ['a', 'b'] }, 'abc'],
    ['puts a file right after what it needs', { a: ['c'], b: [], c: [], d: [] }, 'bcad'],
    ['follows needs of needs', { a: ['b'], b: ['c'], c: ['d'], d: [] }, 'dcba'],
    ['takes the first file that is ready', { a: ['e'], b: ['e'], c: [], d: [], e: [] }, 'cdeab'],
    ['accepts a repeated need', { a: ['b', 'b', 'b'], b: [] }, 'ba'],
  ])('%s', (_, needs, expected) => {
    expect(ordered(needs).join('')).toBe(expected);
  });

  it.each([
    ['a label', '20_views/v.sql'],
    ['a label without .sql', '20_views/v'],
    ['a path from its own folder', '../20_views/v.sql'],
    ['a path with dots in it', '20_views/./x/../v.sql'],
    ['a folder', '20_views'],
    ['a folder with its slash', '20_views/'],
  ])('finds %s', (_, target) => {
    const needs = { '10_tables/a.sql': [target], '20_views/v.sql': [], 'z.sql': [] };
    expect(ordered(needs)).toEqual(['20_views/v.sql', '10_tables/a.sql', 'z.sql']);
  });

  it('lets a file of a folder need the rest of the folder', () => {
    expect(ordered({ 'a/1.sql': ['a/'], 'a/2.sql': [], 'a/3.sql': [] })).toEqual([
      'a/2.sql',
      'a/3.sql',
      'a/1.sql',
    ]);
  });

  it.each([
    ['10_tables/user.sql', 'did you mean 10_tables/users.sql?'],
    ['20_tables/users.sql', 'did you mean 10_tables/users.sql?'],
    ['./usrs.sql', 'did you mean 10_tables/users.sql?'],
    ['entirely/else', 'tandem schema list names all files of the build'],
  ])('suggests a name for %s', (target, hint) => {
    const needs = { '10_tables/users.sql': [], '10_tables/view.sql': ['10_tables/users.sql', target] };
    expect(errorOf(() => ordered(needs))).toMatchObject({
      code: 'ERR_TANDEM_REQUIRES_MISSING',
      path: '/project/10_tables/view.sql',
      line: 2,
      hint,
    });
  });

  it('reports a cycle with all its lines, and no others', () => {
    const needs = { a: ['b'], b: ['x', 'c'], x: [], c: ['d'], d: ['b'], e: ['a'] };
    expect(errorOf(() => ordered(needs))).toMatchObject({
      code: 'ERR_TANDEM_REQUIRES_CIRCLE',
      path: '/project/b',
      line: 2,
      message: expect.stringContaining('b:2 requires c, c:1 requires d, d:1 requires b'),
    });
    expect(errorOf(() => ordered({ a: ['a'] }))).toMatchObject({
      message: expect.stringContaining('a:1 requires a'),
    });
  });

  it('meets every need, loses no file, and is the first such order', () => {
    // Needs that follow a hidden order cannot form a cycle.
    const graphs = fc.integer({ min: 1, max: 7 }).chain((count) =>
      fc.record({
        hidden: fc.shuffledSubarray([...Array(count).keys()], { minLength: count }),
        edges: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 12 }),
      }),
    );
    fc.assert(
      fc.property(graphs, ({ hidden, edges }) => {
        const needs = edges
          .filter(([one, other]) => hidden.indexOf(one) > hidden.indexOf(other))
          .map(([from, target]) => ({ file: from, line: 1, target }));
        const files = hidden.map((_, index) => file(`${index}`));
        const order = orderByNeed(files, needs);
        expect(order).toEqual(firstOrder(files.length, needs));
      }),
    );
  });
});

/** By search: at each position the smallest index whose needs are all placed. */
function firstOrder(count: number, needs: readonly { file: number; target: number }[]): number[] {
  const order: number[] = [];
  while (order.length < count) {
    const fits = (index: number): boolean =>
      !order.includes(index) && needs.every((need) => need.file !== index || order.includes(need.target));
    order.push([...Array(count).keys()].find(fits) as number);
  }
  return order;
}
