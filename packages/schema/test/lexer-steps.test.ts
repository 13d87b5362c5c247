import { describe, expect, it } from 'vitest';
import { readDefinitions } from '../src/definitions/read-definitions.ts';
import { checkSql } from '../src/lexer/check-sql.ts';
import { splitStatements } from '../src/lexer/split-statements.ts';
import { readNeeds } from '../src/order/read-needs.ts';

/** A text that counts how many of its bytes are read. */
function counted(text: Buffer): { readonly text: Buffer; steps(): number } {
  let steps = 0;
  const found = (from: number, at: number): void => {
    steps += (at < 0 ? text.length : at) - from;
  };
  const methods: Readonly<Record<string, unknown>> = {
    indexOf: (byte: number, from = 0) => {
      const at = text.indexOf(byte, from);
      found(from, at);
      return at;
    },
    subarray: (from = 0, to = text.length) => {
      steps += to - from;
      return text.subarray(from, to);
    },
    toString: (encoding: BufferEncoding, from = 0, to = text.length) => {
      steps += to - from;
      return text.toString(encoding, from, to);
    },
  };
  const proxy = new Proxy(text, {
    get(target, key) {
      const value: unknown = target[key as unknown as number];
      if (typeof value === 'number') steps += 1;
      if (typeof value !== 'function') return value;
      if (!(String(key) in methods)) throw new Error(`${String(key)} is not counted`);
      return methods[String(key)];
    },
  });
  return { text: proxy, steps: () => steps };
}

const READERS: Readonly<Record<string, (text: Buffer) => void>> = {
  check: (text) => {
    const visit = (start: number, end: number): void => readDefinitions(text, start, end, () => undefined);
    for (const _ of checkSql(text, () => undefined, visit));
  },
  split: (text) => {
    for (const _ of splitStatements(text));
  },
  needs: (text) => {
    readNeeds(text);
  },
};

const SIZE = 600;
/** At twice the size, a linear scan takes twice the steps; a quadratic one takes almost four times. */
const MOST = 2.5;

/** The factor by which the steps grow when a text becomes twice as long. */
function growth(read: (text: Buffer) => void, text: (size: number) => string): number {
  const [once, twice] = [SIZE, 2 * SIZE].map((size) => {
    const { text: bytes, steps } = counted(Buffer.from(text(size)));
    read(bytes);
    return steps();
  });
  return (twice as number) / Math.max(once as number, SIZE / 8);
}

const UNITS = [
  ...["'a'", "''", "'a' ", "'a'\n", "E'\\''", "b'1'", "U&'a'", 'u&"a"', '"a"', '""', "'", '"', "E'"],
  ...['$$', '$a$', '$a', '$1', 'a$', '$', '_$$', '$a$b$a$', '$$a$$', '$ab', 'é'],
  ...[
    '--',
    '-- x\n',
    '-',
    '/*',
    '*/',
    '/**/',
    '/* a */ ',
    '/',
    '*',
    '/*/',
    '-- requires: a\n',
    '--requires:a,b,\n',
  ],
  ...[
    ' ',
    '\n',
    '\r',
    '\r\n',
    '\t',
    ';',
    ';\n',
    ' ;',
    '(',
    ')',
    '()',
    '(;',
    ');',
    ',',
    '.',
    '..',
    ':',
    '::',
    ":'a'",
    ':a',
  ],
  ...['1', '1.', '.5', '1..', '1_0', '_', '1e', '1e-', 'e+', '0x1F', '1_0$', '1_', '1e-1'],
  ...['a', 'a ', 'a-', 'e-', 'a;', 'select 1;', 'select 1;\n', 'from ', 'from.', '. from ', ' .'],
  ...[
    'create ',
    'create or replace ',
    'create function f() ',
    'begin ',
    'case ',
    'end ',
    'begin;',
    'end;',
    'or ',
  ],
  ...[
    'create table a (b int);',
    'create table a.b (c int);\n',
    'create view "a" as select;',
    'create index on a (b);',
  ],
  ...[
    'alter table a add b int;',
    'drop table a, b, c;',
    'comment on table a is null;',
    'create type a as (b c);',
  ],
  ...[
    'copy a from stdin;\n\\.\n',
    'copy a from stdin;',
    'copy ',
    'copy a from stdin\n;',
    '\\.\n',
    '\\.',
    'copy a (b) from ',
  ],
  ...[
    '\\',
    '\\a',
    '\\a ',
    '\\a\n',
    '\\echo hi',
    '\\echo hi\n',
    '\\;',
    '\\; ',
    '\\:',
    '\\\\',
    '\\a\\\\',
    "\\a 'b",
    "\\a 'b'",
  ],
  ...[
    '\\g',
    '\\g\n',
    '\\g |',
    '\\copy a from stdin\n',
    '\\copy a from stdin\n\\.\n',
    '\\if a\n',
    '\\endif\n',
    '\\!',
    '\\! a\n',
  ],
  ...[
    'select 1 \\g ',
    'select 1 \\gset',
    '\\a"',
    '\\a`',
    '\\a|',
    '\\o |a',
    'a\\g',
    '\\;--\n',
    '\\;/*a*/',
    'select\\;',
  ],
];

describe.each(Object.keys(READERS))('%s reads each byte a few times, whatever the length', (name) => {
  const read = READERS[name] as (text: Buffer) => void;

  it('of a text that repeats one piece', () => {
    const slow = UNITS.filter((unit) => growth(read, (size) => unit.repeat(size / unit.length)) > MOST);
    expect(slow).toEqual([]);
  });

  it('of a line of many copies or commands, and data after it', () => {
    const slow = ['copy a from stdin;', '\\a', '\\echo hi', "\\a 'b'", '\\;'].filter(
      (unit) =>
        growth(read, (size) => {
          const count = Math.floor(size / (unit.length + 3));
          return `${unit.repeat(count)}\n${'\\.\n'.repeat(count)}`;
        }) > MOST,
    );
    expect(slow).toEqual([]);
  });
});
