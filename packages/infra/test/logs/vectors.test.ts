import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BlockAnalyzer } from '../../src/logs/analyze-block.ts';
import { LEVELS } from '../../src/logs/log-block.ts';

interface Case {
  readonly name: string;
  readonly line: string;
  readonly level: string;
  readonly time: number | null;
  readonly unzoned: boolean;
  readonly yearless: boolean;
  readonly template: string;
}

const { cases } = JSON.parse(
  readFileSync(new URL('../../../../spec/vectors/logs.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

describe('a line', () => {
  const analyzer = new BlockAnalyzer({
    templates: true,
    patterns: [],
    since: Number.NEGATIVE_INFINITY,
    until: Number.POSITIVE_INFINITY,
    zone: 60,
    year: 2023,
  });

  it.each(cases.map((each) => [each.name, each] as const))('%s', (_, { line, ...expected }) => {
    const bytes = Buffer.from(`${line}\n`);
    const result = analyzer.analyze({ bytes, isInsideLine: false, before: 'none' });
    const [[level, count, first, last, tokens] = []] = result.templates;
    expect({ count, first, last }).toEqual({ count: 1, first: 0, last: 0 });
    expect({
      name: expected.name,
      level: LEVELS[level as number],
      time: result.first,
      unzoned: result.unzoned === 1,
      yearless: result.yearless === 1,
      template: Buffer.from((tokens ?? []).join(' '), 'latin1').toString(),
    }).toEqual(expected);
    expect(result.levels[level as number]).toBe(1);
  });
});
