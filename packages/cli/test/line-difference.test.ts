import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareLines } from '../src/schema/line-difference.ts';

const texts = fc
  .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 })
  .map((lines) => lines.join('\n'));

describe('the lines that differ', () => {
  it('are as few as possible', () => {
    const lines = compareLines('begin\none\ntwo\nend', 'begin\ntwo\nthree\nend');
    expect(lines.map(({ mark, text }) => mark + text)).toEqual([' begin', '-one', ' two', '+three', ' end']);
  });

  it('restore both texts', () => {
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        const lines = compareLines(before, after);
        const without = (mark: string): string =>
          lines
            .filter((line) => line.mark !== mark)
            .map(({ text }) => text)
            .join('\n');
        expect([without('+'), without('-')]).toEqual([before, after]);
        expect(lines.filter(({ mark }) => mark === ' ').length).toBe(
          longestCommon(before.split('\n'), after.split('\n')),
        );
      }),
    );
  });

  it('are all lines where too many lines differ to be compared', () => {
    const long = (seed: number, size: number): string =>
      Array.from({ length: size }, (_, at) => `${at * seed}`).join('\n');
    const some = compareLines(`head\n${long(1, 900)}\ntail`, `head\n${long(-1, 900)}\ntail`);
    expect(some.filter(({ mark }) => mark === ' ').map(({ text }) => text)).toEqual(['head', '0', 'tail']);
    const all = compareLines(`head\n${long(1, 1500)}`, `head\n${long(-1, 1500)}`);
    expect(all.map(({ mark }) => mark).join('')).toBe('-'.repeat(1501) + '+'.repeat(1501));
  });
});

/** By trying all possibilities. */
function longestCommon(one: readonly string[], other: readonly string[]): number {
  const known = new Map<string, number>();
  const from = (i: number, j: number): number => {
    if (i === one.length || j === other.length) return 0;
    const key = `${i} ${j}`;
    const found =
      known.get(key) ??
      (one[i] === other[j] ? 1 + from(i + 1, j + 1) : Math.max(from(i + 1, j), from(i, j + 1)));
    known.set(key, found);
    return found;
  };
  return from(0, 0);
}
