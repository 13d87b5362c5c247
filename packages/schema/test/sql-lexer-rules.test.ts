import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitStatements } from '../src/lexer/split-statements.ts';
import { SqlLexer } from '../src/lexer/sql-lexer.ts';
import { flexRules } from './flex-rules.ts';
import { psqlText, routineText, sqlText } from './sql-fragments.ts';

const RUNS = Number(process.env['TANDEM_CONFORMANCE_RUNS'] ?? 25) * 200;
const NAMES: Readonly<Record<string, string>> = {
  ...{ parenthesis: 'open', 'dollar quote': 'dollar', string: 'string', identifier: 'identifier' },
  ...{ comment: 'comment', statement: 'statement' },
};

function cut(text: string) {
  const bytes = Buffer.from(text);
  const lexer = new SqlLexer(bytes);
  const ends: number[] = [];
  // The lexer knows what is open before it returns the statement that this leaves open.
  for (let found = lexer.next(); found !== 'end' && lexer.open === null; found = lexer.next()) {
    ends.push(lexer.end);
  }
  const { open } = lexer;
  return { ends, open: open === null ? null : { what: NAMES[open.what], at: open.at } };
}

describe('the SQL lexer and the rules of flex', () => {
  it.each([
    ['text', sqlText],
    ['routines', routineText],
  ])('cut the same %s', (_name, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        // The rules do not know a byte order mark.
        fc.pre(!text.startsWith('\ufeff'));
        const byRules = flexRules(Buffer.from(text).toString('latin1'));
        fc.pre(byRules !== null);
        const { ends, open } = byRules;
        const what = open?.what === 'bits' || open?.what === 'escapes' ? 'string' : open?.what;
        expect(cut(text)).toEqual({ ends, open: open === null ? null : { ...open, what } });
      }),
      { numRuns: RUNS },
    );
  });
});

describe('the statements of any text', () => {
  it('follow each other, except for commands inside a statement, and have their data after them', () => {
    fc.assert(
      fc.property(psqlText, (text) => {
        const bytes = Buffer.from(text);
        const last = { sql: 0, copy: 0, psql: 0 };
        for (const { kind, start, end, dataStart = end, dataEnd = dataStart } of splitStatements(bytes)) {
          expect(start).toBeLessThan(end);
          expect(start).toBeGreaterThanOrEqual(last[kind]);
          expect(end).toBeLessThanOrEqual(bytes.length);
          expect(dataStart).toBeGreaterThanOrEqual(end);
          expect(dataEnd).toBeGreaterThanOrEqual(dataStart);
          expect(dataEnd).toBeLessThanOrEqual(bytes.length);
          if (kind === 'psql') last.psql = end;
          else last.sql = last.copy = end;
        }
      }),
      { numRuns: RUNS / 5 },
    );
  });

  it('are the same whether they are read together or separately', () => {
    fc.assert(
      fc.property(fc.array(sqlText, { maxLength: 4 }), (texts) => {
        const parts = texts
          .map((text) => Buffer.from(text))
          .filter((part) => cut(part.toString()).open === null);
        const whole = [...splitStatements(Buffer.concat(parts))];
        let from = 0;
        const single = parts.flatMap((part, index) => {
          // A byte order mark is one only at the beginning of the whole text.
          fc.pre(index === 0 || part[0] !== 0xef);
          const moved = [...splitStatements(part)].map((one) => ({
            ...one,
            start: one.start + from,
            end: one.end + from,
          }));
          from += part.length;
          return moved;
        });
        // A line comment at the end of a part would continue in the next one.
        fc.pre(parts.every((part) => !/--[^\r\n]*$/.test(part.toString('latin1'))));
        expect(whole).toEqual(single);
      }),
      { numRuns: RUNS / 4 },
    );
  });
});
