import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Definition } from '../src/definitions/definition.ts';
import { parsedDefinitions } from '../src/definitions/parsed-definitions.ts';
import { readDefinitions } from '../src/definitions/read-definitions.ts';
import { checkSql } from '../src/lexer/check-sql.ts';
import { maskedSql } from '../src/parse/masked-sql.ts';
import { SqlParser } from '../src/parse/sql-parser.ts';
import { definingStatement } from './sql-fragments.ts';

interface Case {
  readonly name: string;
  readonly text: string;
  /** Offset of the statement, how, kind, schema, name, detail. */
  readonly definitions: readonly (readonly (string | number)[])[];
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/sql-definitions.json', import.meta.url), 'utf8'),
) as { cases: readonly Case[] };

const parser = await SqlParser.load();

function read(text: string): (Definition & { readonly offset: number })[] {
  const bytes = Buffer.from(text);
  const found: (Definition & { readonly offset: number })[] = [];
  const visit = (start: number, end: number): void =>
    readDefinitions(bytes, start, end, (one) => found.push({ ...one, offset: start }));
  for (const _ of checkSql(bytes, () => undefined, visit));
  return found;
}

describe('what statements create', () => {
  it.each(cases)('$name', ({ text, definitions }) => {
    expect(
      read(text).map(({ offset, how, kind, schema, name, detail }) => [
        offset,
        how,
        kind,
        schema,
        name,
        detail,
      ]),
    ).toEqual(definitions);
  });
});

/** As the parser finds it, or null if it refuses the text; it writes arguments in another way. */
function parsed(text: string): Definition[] | null {
  const trees = parser.parse(maskedSql(Buffer.from(text)));
  return 'problem' in trees ? null : trees.flatMap(({ tree }) => parsedDefinitions(tree));
}

function comparable(definitions: readonly Definition[]): Definition[] {
  return definitions.map(({ how, kind, schema, name, detail }) => ({
    how,
    kind,
    schema,
    name,
    detail: /^(index|function|procedure)$/.test(kind) ? '' : detail,
  }));
}

describe("PostgreSQL's parser finds the same", () => {
  it.each(cases.filter(({ text }) => !/\\if/.test(text) && parsed(text) !== null))('$name', ({ text }) => {
    expect(comparable(read(text))).toEqual(comparable(parsed(text) as Definition[]));
  });

  it('in each statement of the vectors', () => {
    const statements = cases.flatMap(({ text }) => (/[\\:]/.test(text) ? [] : text.split(/(?<=;)\s+/)));
    const taken = statements.filter((text) => parsed(text) !== null);
    expect(taken.length).toBeGreaterThan(90);
    for (const text of taken) {
      expect(comparable(read(text)), text).toEqual(comparable(parsed(text) as Definition[]));
    }
  });

  it('in any statements that it accepts', () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.array(definingStatement, { minLength: 1, maxLength: 4 }), (statements) => {
        const text = statements.join('\n');
        const theirs = parsed(text);
        if (theirs === null) return;
        compared++;
        expect(comparable(read(text))).toEqual(comparable(theirs));
      }),
      { numRuns: 2000 },
    );
    expect(compared).toBeGreaterThan(500);
  });
});
