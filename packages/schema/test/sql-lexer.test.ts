import { readFileSync } from 'node:fs';
import type { ErrorParams } from '@tandem/engine';
import { describe, expect, it } from 'vitest';
import { checkSql } from '../src/lexer/check-sql.ts';
import { splitStatements } from '../src/lexer/split-statements.ts';

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

describe('the SQL lexer', () => {
  it.each(cases)('finds: $name', ({ text, findings }) => {
    const told: Case['findings'][number][] = [];
    checkSql(Buffer.from(text), (code, offset, params = {}) => told.push({ code, offset, params }));
    expect(told).toEqual(findings);
  });

  it.each(cases)('splits: $name', ({ text, statements }) => {
    const cut = [...splitStatements(Buffer.from(text))].map(({ kind, start, end, dataStart, dataEnd }) =>
      dataStart === undefined ? [kind, start, end] : [kind, start, end, dataStart, dataEnd],
    );
    expect(cut).toEqual(statements);
  });
});
