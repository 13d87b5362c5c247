import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../src/generated/detection.ts';
import { Inspector } from '../src/inspect.ts';

interface Said {
  readonly operation?: string;
  readonly detections?: number;
  readonly tool?: string;
  readonly success?: boolean;
  readonly processing_time?: string;
  readonly created_at?: string;
  readonly last_updated?: string;
  readonly image_path?: string;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../spec/vectors/summary.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly { name: string; text: string; says: Said }[] };
const LIMITS = { maxSize: 1 << 20, maxDepth: 1024 };

describe('the summary of a document', () => {
  it.each(vectors.cases)('$name', ({ text, says }) => {
    const bytes = Buffer.from(text);
    for (const lint of [false, true]) {
      const { fault, summary } = new Inspector(LIMITS, lint).inspect(bytes, bytes.length, 'json');
      expect(fault).toBe(null);
      expect({ ...summary, operation: OPERATIONS[summary?.operation ?? -1]?.name }).toMatchObject({
        operation: says.operation ?? 'unknown',
        detections: says.detections ?? 0,
        tool: says.tool ?? null,
        success: says.success ?? null,
        processingTime: says.processing_time ?? null,
        createdAt: says.created_at ?? null,
        lastUpdated: says.last_updated ?? null,
        imagePath: says.image_path ?? null,
      });
    }
  });
});

describe('lint', () => {
  it.each([
    ['a duplicate key, spelled with an escape', '{"a":1,"\\u0061":2}', [['duplicate_key', 7]]],
    [
      'a lone surrogate, and none in a pair',
      '["\\udc00","\\ud83d\\ude00"]',
      [
        ['not_an_object', 0],
        ['lone_surrogate', 1],
      ],
    ],
    [
      'numbers',
      '{"a":1e999,"b":9007199254740993,"c":9007199254740992,"d":0.1}',
      [
        ['number_beyond_double', 5],
        ['number_beyond_2_53', 15],
      ],
    ],
    ['nothing', '{"a":[{"a":1},{"a":2}]}', []],
  ])('%s', (_, text, expected) => {
    const bytes = Buffer.from(text);
    const { findings } = new Inspector(LIMITS, true).inspect(bytes, bytes.length, 'json');
    expect(findings.map(({ finding, offset }) => [finding, offset])).toEqual(expected);
  });

  it('finds a tail of NUL bytes after a whole document', () => {
    const bytes = Buffer.from('{"a":1}\n\0\0\0');
    const { fault, findings } = new Inspector(LIMITS, true).inspect(bytes, bytes.length, 'json');
    expect(fault?.code).toBe('ERR_TANDEM_JSON_TRAILING');
    expect(findings).toEqual([{ finding: 'nul_tail', offset: 8 }]);
  });
});
