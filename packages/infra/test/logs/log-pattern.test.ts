import { describe, expect, it } from 'vitest';
import { translatePattern } from '../../src/logs/log-pattern.ts';
import { lineMatcher } from '../../src/logs/match-line.ts';

const matches = (pattern: string, line: string): boolean =>
  lineMatcher(translatePattern('p', pattern))(Buffer.from(line).toString('latin1'));

describe('a pattern', () => {
  it.each([
    ['took \\d{4,} ms', 'took 1234 ms', 'took 123 ms'],
    ['^a.c$', 'abc', 'abcd'],
    ['(?i)error|FAIL', 'Error', 'warn'],
    ['\\berr\\b', 'an err.', 'errs'],
    ['[^a-z\\]\\s]', 'a1', 'a ]'],
    ['x\\sy', 'x\ty', 'x\vy'],
    ['x\\Sy', 'x\vy', 'x y'],
    ['für+', 'fürrr', 'fur'],
    ['é{2}', 'éé', 'é'],
    ['(?:ab){2}', 'abab', 'ab'],
    ['a{2,3}?b|\\x41', 'A', 'ab'],
    ['\\{\\[\\*', '{[*', '[*'],
    ['a}]', 'a}]', 'a}'],
    ['', 'x', null],
  ])('%s matches %j and not %j', (pattern, line, other) => {
    expect(matches(pattern, line)).toBe(true);
    if (other !== null) expect(matches(pattern, other)).toBe(false);
  });

  it.each([
    ['(?=a)', 'the lookahead (?='],
    ['(?<=a)', 'the lookbehind or name (?<'],
    ['(?P<n>a)', 'the flag (?P'],
    ['a(?i)b', 'the flag (?i'],
    ['(a)\\1', 'the backreference \\1'],
    ['\\pL', '\\p'],
    ['\\', 'cannot have \\'],
    ['a**', "'*' with nothing before it"],
    ['*a', "'*' with nothing before it"],
    ['^+', "'+' with nothing before it"],
    ['a{', "'{' that is no repetition"],
    ['a{3,2}', 'the repetition {3,2}'],
    ['a{1001}', 'the repetition {1001}: at most 1000'],
    ['((a{10}){10}){11}', 'the repetition {11}: at most 1000'],
    ['[a', "a '[' without ']'"],
    ['[[:alpha:]]', '[ in [ ]'],
    ['[a&&b]', '&& in [ ]'],
    ['[é]', "'é' in [ ]"],
    ['(a', "a '(' without ')'"],
    ['a)', "a ')' without '('"],
    ['(?i)é', '(?i) with letters'],
    ['\\xZZ', '\\x without two'],
  ])('%s is refused by name', (pattern, what) => {
    expect(() => translatePattern('p', pattern)).toThrow(what);
  });

  it('takes linear time', () => {
    const evil = lineMatcher(translatePattern('p', '(a+)+$'));
    expect(evil(`${'a'.repeat(10_000)}b`)).toBe(false);
  });
});
