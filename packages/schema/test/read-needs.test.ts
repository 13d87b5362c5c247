import { describe, expect, it } from 'vitest';
import { readNeeds } from '../src/order/read-needs.ts';

const needsOf = (text: string): string[] =>
  readNeeds(Buffer.from(text)).map(({ line, target }) => `${line}:${target}`);

describe('a requirement', () => {
  it.each([
    ['-- requires: a.sql', ['1:a.sql']],
    ['--requires:a.sql', ['1:a.sql']],
    ['--\t requires : a.sql , b/c.sql,,\n', ['1:a.sql', '1:b/c.sql']],
    ['-- tandem: requires a.sql', ['1:a.sql']],
    ['-- tandem:requires: a b.sql', ['1:a b.sql']],
    ['\ufeff-- requires: a.sql\r\nSELECT 1;', ['1:a.sql']],
    [
      '\n\n  -- requires: a.sql\n-- requires: b.sql\nSELECT 1;\n-- requires: c.sql',
      ['3:a.sql', '4:b.sql', '6:c.sql'],
    ],
    ['/* a /* b */ */ -- requires: a.sql', ['1:a.sql']],
    ['COPY t FROM stdin;\n-- requires: no.sql\n\\.\n-- requires: yes.sql\n', ['4:yes.sql']],
    ['\\set x 1\n-- requires: a.sql\nSELECT :x;', ['2:a.sql']],
  ])('is read from %j', (text, expected) => {
    expect(needsOf(text)).toEqual(expected);
  });

  it.each([
    'SELECT 1 -- requires: a.sql\n;',
    "SELECT '\n-- requires: a.sql\n';",
    '/* -- requires: a.sql\n*/',
    '$$\n-- requires: a.sql\n$$;',
    '-- requires a.sql',
    '-- Requires: a.sql',
    '-- it requires: a.sql',
    '-- requires:',
    'CREATE TABLE requires ();',
    '/* not closed\n-- requires: a.sql',
    'SELECT 1\n\\echo x\n-- requires: a.sql\n;',
  ])('is not read from %j', (text) => {
    expect(needsOf(text)).toEqual([]);
  });
});
