import { decodeCursor, folderOf, type JournaledBatch, type JournalReader, rootPrefix } from '@tandem/files';
import type { ConvertRequest } from '../engines/requests.ts';
import { PathTexts } from '../rows/path-text.ts';
import { type Conversion, isConversion } from './conversion.ts';
import { convertRow, isInvalid, type RowStyle } from './convert-rows.ts';
import { FolderNames, targetName } from './folder-names.ts';
import type { Entry } from './outcome.ts';
import type { Planner } from './planner.ts';
import { lstatOf } from './source-file.ts';

/** The fields that are read from a journaled row; spec/sidecar/convert.md, "Rows". */
interface JournaledRow {
  readonly file_path: string;
  readonly file_path_bytes?: string;
  readonly status: string;
  readonly bytes_before: number;
  readonly bytes_after: number;
  readonly respelled: boolean;
}

/** A journaled batch and the work that remains for its rows. */
export interface ReplayedBatch {
  readonly journaled: JournaledBatch;
  /** Raw paths of the folders of its rows. */
  readonly folders: ReadonlySet<string>;
  /** By the index of the row. */
  readonly unfinished: ReadonlyMap<number, Conversion | Entry>;
}

/** The batches that another engine journaled in this run and that have not been handed out yet. */
export class Replay {
  readonly #request: ConvertRequest;
  readonly #reader: JournalReader;
  readonly #planner: Planner;
  #next: number;
  #folder: { readonly path: string; readonly names: FolderNames } | null = null;

  constructor(request: ConvertRequest, reader: JournalReader, planner: Planner) {
    this.#request = request;
    this.#reader = reader;
    this.#planner = planner;
    this.#next = reader.after(request.after);
  }

  /** The next batch; null when all are handed out. */
  next(): ReplayedBatch | null {
    if (this.#next >= this.#reader.batches) return null;
    const journaled = this.#reader.read(this.#next++);
    const unfinished = new Map<number, Conversion | Entry>();
    const folders = new Set<string>();
    for (const [index, text] of journaled.rows.entries()) {
      const row = JSON.parse(text) as JournaledRow;
      folders.add(folderOf(pathOfRow(row)));
      const isDone = this.#request.keep || row.status !== 'converted';
      const plan = isDone ? null : this.#plan(row);
      if (plan !== null) unfinished.set(index, plan);
    }
    return { journaled, folders, unfinished };
  }

  /** The work that remains for a row; null if its source is gone, or is its own target. */
  #plan(row: JournaledRow): Conversion | Entry | null {
    const path = pathOfRow(row);
    const folder = folderOf(path);
    const name = path.slice(folder.length);
    if (targetName(name, this.#request.to) === name || lstatOf(path) === null) return null;
    if (this.#folder?.path !== folder) {
      this.#folder = { path: folder, names: new FolderNames(folder, this.#request.to) };
    }
    const { names } = this.#folder;
    return this.#planner.plan({ paths: new PathTexts(folder), name, mark: 'f', names });
  }
}

/**
 * The raw names that the run has created in the folder where it continues. They appear when the folder is
 * listed again, and an uninterrupted run would never look at them.
 */
export function madeWhereItGoesOn(request: ConvertRequest, reader: JournalReader, cursor: string): Made {
  const { folder } = decodeCursor(cursor);
  const path = rootPrefix(request.root) + folder;
  const names = new Set<string>();
  for (let batch = reader.after(cursor) - 1; batch >= 0; batch--) {
    let isAllHere = true;
    for (const text of reader.read(batch).rows) {
      const row = JSON.parse(text) as JournaledRow;
      const source = pathOfRow(row);
      if (folderOf(source) !== path) isAllHere = false;
      else if (row.status === 'converted') names.add(targetName(source.slice(path.length), request.to));
    }
    if (!isAllHere) break;
  }
  return { folder, names };
}

export interface Made {
  /** Raw path relative to the root. */
  readonly folder: string;
  readonly names: ReadonlySet<string>;
}

/** The batch with the rows that have become failures, and totals to match. */
export function withFailures({ journaled, unfinished }: ReplayedBatch, style: RowStyle): JournaledBatch {
  const rows = [...journaled.rows];
  const totals = JSON.parse(journaled.totals) as Record<
    'converted' | 'failed' | 'invalid' | 'bytes_before' | 'bytes_after' | 'respelled',
    number
  >;
  for (const [index, plan] of unfinished) {
    const entry = isConversion(plan) ? plan.entry : plan;
    if (entry.outcome.status !== 'failed') continue;
    const before = JSON.parse(rows[index] as string) as JournaledRow;
    rows[index] = convertRow(entry, style);
    totals.converted -= 1;
    totals.failed += 1;
    if (isInvalid(entry)) totals.invalid += 1;
    totals.bytes_before -= before.bytes_before;
    totals.bytes_after -= before.bytes_after;
    totals.respelled -= before.respelled ? 1 : 0;
  }
  return { ...journaled, rows, totals: JSON.stringify(totals) };
}

function pathOfRow({ file_path, file_path_bytes }: JournaledRow): string {
  const bytes =
    file_path_bytes === undefined ? Buffer.from(file_path) : Buffer.from(file_path_bytes, 'base64');
  return bytes.toString('latin1');
}
