import { causeChain, oneLine } from '@tandem/engine';
import { describe, expect, test } from 'vitest';

describe('the one-line text of an error', () => {
  test('is the first line of its message, else its name', () => {
    expect(oneLine(new Error('first\nsecond\n\nfourth'))).toBe('first');
    expect(oneLine(new RangeError(''))).toBe('RangeError');
    expect(oneLine(new Error('\nsecond'))).toBe('');
    expect([oneLine('text'), oneLine(''), oneLine(7), oneLine(null)]).toEqual(['text', '', '7', 'null']);
  });

  test('has at most 300 letters, and ends in three dots where it was cut', () => {
    const line = 'x'.repeat(300);
    expect(oneLine(new Error(line))).toBe(line);
    expect(oneLine(new Error(`${line}y`))).toBe(`${line}...`);
    expect(oneLine(new Error(`${line}\ny`))).toBe(line);
  });
});

describe('the chain of causes', () => {
  test('starts with the outermost error, and ends where there is no cause', () => {
    const inner = new TypeError('inner');
    expect(causeChain(new Error('outer', { cause: inner }))).toEqual(['Error: outer', 'TypeError: inner']);
    expect(causeChain(new Error('outer', { cause: 'a word' }))).toEqual(['Error: outer', 'a word']);
    expect(causeChain(new Error('outer', { cause: null }))).toEqual(['Error: outer']);
    expect([causeChain(null), causeChain(undefined)]).toEqual([[], []]);
  });

  test('ends where it repeats', () => {
    const outer = new Error('outer');
    outer.cause = new Error('inner', { cause: outer });
    expect(causeChain(outer)).toEqual(['Error: outer', 'Error: inner']);
  });

  test('ends where a cause cannot be read', () => {
    const error = Object.defineProperty(new Error('outer'), 'cause', {
      get() {
        throw new Error('no');
      },
    });
    expect(causeChain(error)).toEqual(['Error: outer']);
  });
});
