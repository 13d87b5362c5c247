import type { JournaledBatch } from '@tandem/files';
import type { RowBatch } from '@tandem/native';
import type { FolderCounts } from '../walk/walk-batch.ts';
import { ConvertTally, convertRow, type RowStyle } from './convert-rows.ts';
import type { Entry } from './outcome.ts';

/** The rows of one batch of the walk while its files are being converted. */
export class ConvertBatch {
  /** Its index among the batches of the run, from 0. */
  readonly number: number;
  readonly cursor: string;
  /** In the order of the walk; null for a file that has no row, or none yet. */
  readonly slots: (Entry | null)[] = [];
  otherOperation = 0;
  /** Bytes read. */
  bytes = 0;
  readonly #counts: FolderCounts;

  constructor(number: number, cursor: string, counts: FolderCounts) {
    this.number = number;
    this.cursor = cursor;
    this.#counts = counts;
  }

  get entries(): readonly Entry[] {
    return this.slots.filter((entry) => entry !== null);
  }

  /** The batch as it is written to the journal, with the outcomes at this time. */
  journaled(style: RowStyle): JournaledBatch {
    const tally = new ConvertTally();
    const { entries } = this;
    for (const entry of entries) tally.add(entry);
    const { number: batch, cursor, bytes } = this;
    const totals = tally.json(this.#counts, this.otherOperation);
    return { batch, cursor, totals, bytes, rows: entries.map((entry) => convertRow(entry, style)) };
  }
}

/** A journaled batch in the form in which it is handed out. */
export function handedOut({ cursor, totals, bytes, rows }: JournaledBatch, separator: string): RowBatch {
  return { rows: Buffer.from(rows.join(separator)), totals, cursor, items: rows.length, bytes };
}
