import { readFileSync } from 'node:fs';
import type { ErrorParams } from '@tandem/engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLASSES, OPEN } from '../src/lexer/byte-classes.ts';
import { checkSql } from '../src/lexer/check-sql.ts';
import { endOfPlain, pairsOf } from '../src/lexer/plain.ts';
import { splitStatements } from '../src/lexer/split-statements.ts';
import { psqlText, sqlText } from './sql-fragments.ts';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly findings: readonly {
    readonly code: string;
    readonly offset: number;
    readonly params: ErrorParams;
  }[];
  /** Kind, start and end, and where its data starts and ends. */
  readonly statements: readonly (readonly (string | number)[])[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/sql-lexer.json', import.meta.url), 'utf8'),
) as { cases: readonly Case[] };

/** The text at an odd address in memory. */
function odd(text: string): Buffer {
  const bytes = Buffer.from(text);
  const memory = Buffer.alloc(bytes.length + 1);
  bytes.copy(memory, 1);
  return memory.subarray(1);
}

function found(text: Buffer): Case['findings'][number][] {
  const told: Case['findings'][number][] = [];
  for (const _ of checkSql(text, (code, offset, params = {}) => told.push({ code, offset, params })));
  return told;
}

describe('the SQL lexer', () => {
  it.each(cases)('finds: $name', ({ text, findings }) => {
    expect(found(Buffer.from(text))).toEqual(findings);
    expect(found(odd(text))).toEqual(findings);
  });

  it('finds the same at any address in memory', () => {
    fc.assert(
      fc.property(fc.oneof(sqlText, psqlText), (text) => {
        expect(found(odd(text))).toEqual(found(Buffer.from(text)));
        expect([...splitStatements(odd(text))]).toEqual([...splitStatements(Buffer.from(text))]);
      }),
      { numRuns: 500 },
    );
  });

  it('stops at each byte that is not plain, from each position', () => {
    for (let byte = 0; byte < 256; byte++) {
      const isStop = (CLASSES[byte] as number) >= OPEN;
      for (let column = 0; column < 24; column++) {
        for (const start of [0, 1]) {
          const text = new Uint8Array(Buffer.alloc(28, 'a')).subarray(start);
          text[column] = byte;
          for (const at of [0, 1, column]) {
            const end = at > column || !isStop ? text.length : column;
            expect(endOfPlain(text, pairsOf(text), start, at, text.length)).toBe(end);
          }
        }
      }
    }
  });

  it.each(cases)('splits: $name', ({ text, statements }) => {
    const cut = [...splitStatements(Buffer.from(text))].map(({ kind, start, end, dataStart, dataEnd }) =>
      dataStart === undefined ? [kind, start, end] : [kind, start, end, dataStart, dataEnd],
    );
    expect(cut).toEqual(statements);
  });
});
