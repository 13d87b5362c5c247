import type { BatchStream } from '@tandem/engine';
import { TandemError } from '@tandem/engine';
import { Report, type ReportLayout, type RowsKey } from '@tandem/job';
import type { RowBatch } from '@tandem/native';
import { describe, expect, it } from 'vitest';

interface Totals {
  items: number;
}

/** A report over batches of finished rows. */
function reportOf(
  batches: readonly string[],
  layout: ReportLayout,
  rows: RowsKey | null,
  end?: Error,
): Report<Totals, object, object> {
  async function* stream(): AsyncGenerator<RowBatch, undefined, undefined> {
    for (const text of batches) {
      const items = text === '' ? 0 : text.split('\n').length;
      yield { rows: Buffer.from(text), totals: JSON.stringify({ items }), cursor: '', items, bytes: 0 };
    }
    if (end !== undefined) throw end;
    return undefined;
  }
  const selection = { engine: 'typescript', reason: 'a test', failures: [] } as const;
  const source: BatchStream<RowBatch> = { selection, fallbacks: [], [Symbol.asyncIterator]: stream };
  let closings = 0;
  return new Report<Totals, object, object>(
    source,
    {
      layout,
      rows,
      closing: ({ items }, complete) => ({ items, complete, closings: ++closings }),
    },
    { items: 0 },
  );
}

async function read(pieces: AsyncIterable<Uint8Array>): Promise<string[]> {
  const read: string[] = [];
  for await (const piece of pieces) read.push(Buffer.from(piece).toString());
  return read;
}

describe('a report', () => {
  const batches = ['{"a":1},\n{"a":2}', '', '{"a":3}'];

  it('is a document, and its part after the rows is available without them', async () => {
    const report = reportOf(batches, 'json', 'results');
    expect(report.closing).toBeNull();
    const document = JSON.parse((await read(report.chunks())).join('')) as object;
    expect(document).toEqual({
      results: [{ a: 1 }, { a: 2 }, { a: 3 }],
      items: 3,
      complete: true,
      closings: 1,
    });
    // The same object, not a second one: it may contain a time.
    expect(report.closing).toEqual({ items: 3, complete: true, closings: 1 });
  });

  it('gives its rows, one piece per batch, and then its closing', async () => {
    const report = reportOf(batches, 'json', 'results');
    expect(await read(report.rowBatches())).toEqual([batches[0], batches[2]]);
    expect(report.closing).toEqual({ items: 3, complete: true, closings: 1 });
  });

  it('is only a closing where its rows are left out', async () => {
    const report = reportOf(batches, 'json', null);
    expect(await read(report.chunks())).toEqual(['{"items":3,"complete":true,"closings":1}\n']);
  });

  it('is one row per line as ndjson', async () => {
    const lines = ['{"a":1}\n{"a":2}', '{"a":3}'];
    expect((await read(reportOf(lines, 'ndjson', 'results').chunks())).join('')).toBe(
      `${lines.join('\n')}\n`,
    );
    const rows: object[] = [];
    for await (const row of reportOf(lines, 'ndjson', 'results').rows()) rows.push(row);
    expect(rows).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
  });

  it('gives its rows one by one in both JSON layouts, and refuses csv', async () => {
    const rows: object[] = [];
    for await (const row of reportOf(batches, 'json', null).rows()) rows.push(row);
    expect(rows).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    await expect(reportOf(['a,b'], 'csv', 'results').rows().next()).rejects.toMatchObject({
      code: 'ERR_TANDEM_BAD_ARGUMENT',
      message: expect.stringContaining('csv') as string,
    });
  });

  it('that is read by rows throws the error that stopped it after the last row', async () => {
    const stop = new TandemError('ERR_TANDEM_TIMEOUT', { params: { seconds: 1 } });
    for (const read of ['rows', 'rowBatches'] as const) {
      const report = reportOf(batches, 'json', 'results', stop);
      const got: unknown[] = [];
      const thrown = await (async () => {
        for await (const row of report[read]()) got.push(row);
      })().catch((error: unknown) => error);
      expect(thrown).toBe(stop);
      expect(got).toHaveLength(read === 'rows' ? 3 : 2);
      expect(report).toMatchObject({ stoppedBy: stop, totals: { items: 3 }, closing: { complete: false } });
    }
  });

  it('that was stopped says so, and one that failed has no closing', async () => {
    const stop = new TandemError('ERR_TANDEM_TIMEOUT', { params: { seconds: 1 } });
    const stopped = reportOf(batches, 'json', 'results', stop);
    expect(await stopped.collect()).toMatchObject({ items: 3, complete: false });
    expect(stopped.stoppedBy).toBe(stop);
    const failed = reportOf(batches, 'json', 'results', new TandemError('ERR_TANDEM_NO_SPACE'));
    await expect(failed.collect()).rejects.toThrow(expect.objectContaining({ code: 'ERR_TANDEM_NO_SPACE' }));
    expect(failed.closing).toBeNull();
  });
});
