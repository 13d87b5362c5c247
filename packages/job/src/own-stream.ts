import type { BatchStream, FallbackEvent, Selection } from '@tandem/engine';
import type { RowBatch } from '@tandem/native';

/** Rows of an operation that moves files, and their totals. */
export interface OwnBatch<Row, Totals> {
  readonly rows: readonly Row[];
  readonly totals: Totals;
  /** Items, for progress. */
  readonly items: number;
}

const IN_TYPESCRIPT: Selection = {
  engine: 'typescript',
  reason: 'files are moved in TypeScript, whichever engine reads them',
  failures: [],
};

/**
 * The batches of an operation that is written once, in TypeScript, as a Report reads them.
 * @param separator between two rows
 */
export function ownStream<Row, Totals>(
  batches: AsyncGenerator<OwnBatch<Row, Totals>, void, undefined>,
  separator: ',\n' | '\n',
  engine: { readonly selection: Selection; readonly fallbacks: readonly FallbackEvent[] } = {
    selection: IN_TYPESCRIPT,
    fallbacks: [],
  },
): BatchStream<RowBatch> {
  async function* written(): AsyncGenerator<RowBatch, undefined, undefined> {
    for await (const { rows, totals, items } of batches) {
      const text = rows.map((row) => JSON.stringify(row)).join(separator);
      yield { rows: Buffer.from(text), totals: JSON.stringify(totals), items, bytes: 0, cursor: '' };
    }
    return undefined;
  }
  return { ...engine, [Symbol.asyncIterator]: written };
}
