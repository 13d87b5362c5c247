import { describe, expect, it } from 'vitest';
import { reportParts } from '../src/report-parts.ts';

async function partsOf(chunks: readonly string[]): Promise<unknown[]> {
  const parts: unknown[] = [];
  const bytes = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk);
  })();
  for await (const part of reportParts(bytes)) parts.push(part.kind === 'rows' ? part.rows() : part.closing);
  return parts;
}

describe('reportParts', () => {
  it('gives the batches, then the closing', async () => {
    const chunks = ['{"results":[\n', '{"a":1},\n{"a":2}', ',\n', '{"a":3}', '\n],"total":3}\n'];
    expect(await partsOf(chunks)).toEqual([[{ a: 1 }, { a: 2 }], [{ a: 3 }], { total: 3 }]);
  });

  it('without rows, and without a list', async () => {
    expect(await partsOf(['{"results":[\n', '\n],"total":0}\n'])).toEqual([{ total: 0 }]);
    expect(await partsOf(['{', '"total":2}\n'])).toEqual([{ total: 2 }]);
    expect(await partsOf([])).toEqual([]);
  });
});
