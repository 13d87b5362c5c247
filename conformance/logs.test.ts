import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlockAnalyzer } from '../packages/infra/src/logs/analyze-block.ts';
import type {
  Block,
  BlockResult,
  LineBefore,
  LogSettings,
  StreamBlock,
} from '../packages/infra/src/logs/log-block.ts';
import { translatePattern } from '../packages/infra/src/logs/log-pattern.ts';
import { LogTotals } from '../packages/infra/src/logs/log-totals.ts';
import { lineMatcher } from '../packages/infra/src/logs/match-line.ts';
import { addon } from '../packages/sidecar/test/scan-trees.ts';

/**
 * The analysis of logs on random lines: both engines give the same result for a block, and the report does not
 * depend on where the blocks are cut, nor on the order in which they are merged.
 */

const RUNS = Number(process.env['TANDEM_CONFORMANCE_RUNS'] ?? 300);

/** Pieces of lines; several in a row make one that is nearly right. */
const piece = fc.constantFrom(
  ...[
    '2024-05-01T10:20:30Z',
    '2024-05-01 10:20:30',
    '2024/05/01 10:20:30.123',
    '1999-12-31T23:59:59.9+02:00',
  ],
  ...[
    'May  1 10:20:30',
    'Mon May 06 10:20:30 2024',
    'E0501 10:20:30.123',
    '1714558830',
    '1714558830250',
    '9999999999',
  ],
  ...['[01/May/2024:10:20:30 +0200]', '"GET / HTTP/1.1" 503', '" 200', '<11>', '<34>1 ', '<999>'],
  ...[
    'ERROR',
    'error:',
    '[warn]',
    '(info)',
    '<debug>',
    'level=error',
    'level="trace"',
    'FATAL:',
    'ERRORS',
    'VERBOSE',
  ],
  ...[
    '{"level":"error"',
    '"time":1714558830250',
    '"ts":"2024-05-01T10:20:30Z"',
    '"msg":"a 1"',
    '"level":50',
    '}',
    '{',
  ],
  ...[
    'time=2024-05-01T10:20:30Z',
    'ts="1714558830"',
    ' ',
    '\t',
    '-',
    ':',
    '=',
    '[',
    ']',
    '(',
    '"',
    '\\',
    '\\"',
    '_',
  ],
  ...[
    'a',
    'user',
    'bob',
    'x1',
    '7',
    'é',
    '\xff',
    '\0',
    'Caused by:',
    'Traceback (',
    '... ',
    'goroutine ',
    ' UTC',
    '+02:00',
  ],
);
const word = fc.oneof({ weight: 6, arbitrary: piece }, { weight: 1, arbitrary: fc.string({ maxLength: 5 }) });
const line = fc
  .tuple(
    fc.array(fc.tuple(word, fc.constantFrom(' ', '', '', ' ', '\t')), { maxLength: 12 }),
    fc.constantFrom('\n', '\n', '\r\n'),
  )
  .map(
    ([words, end]) =>
      words
        .flat()
        .join('')
        .replaceAll(/[\r\n]/g, '') + end,
  );
/** Few words in many combinations, so that positions of templates branch and collapse. */
const messages = fc
  .record({
    seed: fc.integer(),
    count: fc.integer({ min: 0, max: 1500 }),
    words: fc.integer({ min: 2, max: 40 }),
    isSorted: fc.boolean(),
  })
  .map(({ seed, count, words, isSorted }) => {
    let state = seed;
    const random = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % below;
    };
    const word = (): string => `w${'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNO'[random(words)]}`;
    const lines = Array.from(
      { length: count },
      () => `${Array.from({ length: random(4) }, word).join(' ')}\n`,
    );
    return isSorted ? lines.sort() : lines;
  });
const log = fc.oneof(fc.array(line, { maxLength: 40 }), messages);
const pattern = fc
  .array(
    fc.constantFrom(
      'a',
      'w',
      '[0-9]',
      '\\d',
      '\\s',
      '\\S',
      '\\w+',
      '.',
      'é',
      '(?:',
      ')',
      '|',
      '*',
      '+?',
      '{2,3}',
      '^',
      '$',
      '\\b',
      'ERR',
      '[^a-c"]',
    ),
    { maxLength: 7 },
  )
  .map((parts) => parts.join(''))
  .filter((source) => {
    try {
      lineMatcher(translatePattern('p', source));
      return true;
    } catch {
      return false;
    }
  })
  .map((source) => translatePattern('p', source));
const settings: fc.Arbitrary<LogSettings> = fc.record({
  templates: fc.constantFrom(true, true, false),
  patterns: fc.array(pattern, { maxLength: 2 }),
  since: fc.constantFrom(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Date.UTC(2024, 4, 1)),
  until: fc.constantFrom(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Date.UTC(2024, 4, 1, 10, 0, 0)),
  zone: fc.constantFrom(0, 120, -330),
  year: fc.constantFrom(2024, 2023),
});

const bytesOf = (lines: readonly string[]): Buffer => Buffer.from(lines.join(''), 'latin1');

/** The lines as blocks, cut before some of them. */
function blocksOf(lines: readonly string[], cuts: readonly number[]): StreamBlock[] {
  const starts = [...new Set([0, ...cuts.map((cut) => cut % (lines.length + 1))])].sort((a, b) => a - b);
  let [offset, before]: [number, LineBefore] = [0, 'none'];
  return starts.map((start, at) => {
    const part = lines.slice(start, starts[at + 1]);
    const block = { bytes: bytesOf(part), stream: 0, offset, isInsideLine: false, before, isCaughtUp: false };
    offset += block.bytes.length;
    const last = part.at(-1);
    if (last !== undefined) before = /^[ \t]/.test(last) ? 'indented' : 'plain';
    return block;
  });
}

function analyzerOf(given: LogSettings): BlockAnalyzer {
  return new BlockAnalyzer(given, given.patterns.map(lineMatcher));
}

function reportOf(blocks: readonly StreamBlock[], given: LogSettings): unknown {
  const totals = new LogTotals();
  const analyzer = analyzerOf(given);
  for (const block of blocks) {
    totals.add({ result: analyzer.analyze(block), block, items: 0, bytes: 0, cursor: '' });
  }
  return totals.report(
    { streams: [] },
    given,
    true,
    Object.fromEntries(given.patterns.map((each, at) => [String(at), each])),
  );
}

describe('the analysis of logs', () => {
  it.skipIf(addon === null)('is the same on both engines', async () => {
    const before = fc.constantFrom('none' as const, 'plain' as const, 'indented' as const);
    let mined = 0;
    await fc.assert(
      fc.asyncProperty(log, settings, before, fc.boolean(), async (lines, given, last, isInsideLine) => {
        const block: Block = { bytes: bytesOf(lines), isInsideLine, before: last };
        const result = analyzerOf(given).analyze(block);
        const native = await addon?.analyzeLog(block.bytes, {
          ...given,
          patterns: [...given.patterns],
          isInsideLine,
          before: last,
        });
        expect(JSON.parse(native ?? '')).toEqual(result);
        mined += result.templates.length;
      }),
      { numRuns: RUNS },
    );
    expect(mined).toBeGreaterThan(0);
  });

  it('does not depend on where the blocks are cut', () => {
    fc.assert(
      fc.property(log, settings, fc.array(fc.nat(), { maxLength: 6 }), (lines, given, cuts) => {
        expect(reportOf(blocksOf(lines, cuts), given)).toEqual(reportOf(blocksOf(lines, []), given));
      }),
      { numRuns: RUNS },
    );
  });

  it('finds the same templates in whichever order blocks are merged', () => {
    fc.assert(
      fc.property(
        log,
        settings,
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.infiniteStream(fc.nat()),
        (lines, given, cuts, random) => {
          const blocks = blocksOf(lines, cuts);
          const shuffled = blocks
            .map((block) => ({ block, key: random.next().value }))
            .sort((one, other) => one.key - other.key)
            .map(({ block }) => block);
          expect(reportOf(shuffled, given)).toEqual(reportOf(blocks, given));
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('has the levels, times and templates of a block that is one line', () => {
    const block = { bytes: Buffer.from('x'), isInsideLine: true, before: 'plain' } as const;
    const nothing: Partial<BlockResult> = { lines: 0, entries: 0, templates: [] };
    const given = {
      templates: true,
      patterns: [],
      since: Number.NEGATIVE_INFINITY,
      until: Number.POSITIVE_INFINITY,
      zone: 0,
      year: 2024,
    };
    expect(analyzerOf(given).analyze(block)).toMatchObject(nothing);
  });
});
