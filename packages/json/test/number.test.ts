import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonNumber } from '../src/number.ts';

/** The grammar of RFC 8259, section 6. */
const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;

/** Judged between bytes that would continue it. */
function judge(text: string, before: string, behind: string): boolean {
  return isJsonNumber(Buffer.from(before + text + behind), before.length, before.length + text.length);
}

describe('isJsonNumber', () => {
  it.each(['0', '-0', '10', '0.5', '1e5', '1E+5', '-12.50e-07'])('%j is a number', (text) => {
    expect(judge(text, '', '')).toBe(true);
  });

  it.each(['', '-', '01', '.5', '1.', '1e', '1e+', '+1', '0x1', '1 ', 'NaN', '1_0', '--1', '1.e5'])(
    '%j is not a number',
    (text) => {
      expect(judge(text, '', '')).toBe(false);
    },
  );

  it('follows the grammar, and reads only its own bytes', () => {
    const pieces = fc.array(fc.constantFrom(...'0019-+.eE', 'x', '/', ':'), { maxLength: 8 });
    const around = fc.constantFrom('', '0', '7', '.5', 'e9', '-');
    fc.assert(
      fc.property(pieces, around, around, (text, before, behind) => {
        expect(judge(text.join(''), before, behind)).toBe(NUMBER.test(text.join('')));
      }),
      { numRuns: 2000 },
    );
  });
});
