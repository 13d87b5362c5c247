import { nearest } from '@tandem/engine';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const COMMANDS = ['scan', 'validate', 'convert', 'cleanup', 'save', 'undo'];

describe('the nearest word', () => {
  test.each<[string, string | undefined, string]>([
    ['vallidate', 'validate', 'one letter too many'],
    ['valdate', 'validate', 'one letter too few'],
    ['vakidate', 'validate', 'one letter replaced'],
    ['vlaidate', 'validate', 'two letters swapped'],
    ['alidate', 'validate', 'the first letter missing'],
    ['validatee', 'validate', 'one letter more at the end'],
    ['kleanpu', 'cleanup', 'two slips in seven letters'],
    ['scna', 'scan', 'two letters swapped at the end'],
    ['csan', 'scan', 'two letters swapped at the beginning'],
    ['s', undefined, 'the first letter of two words'],
    ['con', 'convert', 'a prefix of three letters'],
    ['co', undefined, 'a prefix of two letters'],
    ['vert', undefined, 'a suffix'],
    ['scanscan', undefined, 'a word and more'],
    ['zzzz', undefined, 'not similar to any'],
  ])('to %s is %s: %s', (word, choice) => {
    expect(nearest(word, COMMANDS)).toBe(choice);
  });

  test('may differ in a third of its letters, rounded down, and always in one', () => {
    for (const [word, choice] of [
      ['a', 'b'],
      ['a', 'ab'],
      ['abcde', 'abcdx'],
      ['abcdef', 'abcdxx'],
      ['abcdefgh', 'abcdefxx'],
      ['abcdefghi', 'abcdefxxx'],
      ['abcdefghi', 'xxxdefghi'],
    ] as const) {
      expect(nearest(word, [choice]), word).toBe(choice);
    }
    for (const [word, choice] of [
      ['a', 'bc'],
      ['a', 'bcd'],
      ['abcde', 'abcxx'],
      ['abcdef', 'abcxxx'],
      ['abcdefgh', 'abcdexxx'],
      ['abcdefghi', 'abcdexxxx'],
      ['abcdefghi', 'xxxxefghi'],
    ] as const) {
      expect(nearest(word, [choice]), word).toBeUndefined();
    }
  });

  test('counts a swap of neighbors as one slip, and no other exchange', () => {
    expect(nearest('abcd', ['abdc'])).toBe('abdc');
    expect(nearest('abcd', ['badc'])).toBeUndefined();
    expect(nearest('abcd', ['dbca'])).toBeUndefined();
    expect(nearest('abc', ['cba'])).toBeUndefined();
    // A swap at both ends: the letters in between do not count.
    expect(nearest('abcdefg', ['bacdegf'])).toBe('bacdegf');
    expect(nearest('aab', ['baa'])).toBeUndefined();
    expect([nearest('ab', ['bx']), nearest('ab', ['xa'])]).toEqual([undefined, undefined]);
  });

  test('is the one with the fewest slips, and the first of equals', () => {
    expect(nearest('abcdef', ['abcdxx', 'abcdex', 'xbcdef'])).toBe('abcdex');
    expect(nearest('abcdef', ['xbcdef', 'abcdex', 'abcdxx'])).toBe('xbcdef');
    expect(nearest('conv', ['cony', 'convert', 'convey'])).toBe('convert');
    expect(nearest('any', [])).toBeUndefined();
  });

  test('is found after any one slip', () => {
    const letter = fc.constantFrom('a', 'b', 'c');
    const word = fc.string({ unit: letter, minLength: 2, maxLength: 7 });
    fc.assert(
      fc.property(word, fc.nat(6), letter, (choice, place, put) => {
        const at = place % choice.length;
        const [head, tail] = [choice.slice(0, at), choice.slice(at)];
        const swapped = tail.length > 1 ? head + tail[1] + tail[0] + tail.slice(2) : choice;
        for (const slip of [head + put + tail, head + put + tail.slice(1), head + tail.slice(1), swapped]) {
          expect(nearest(slip, [choice]), slip).toBe(choice);
        }
      }),
    );
  });
});
