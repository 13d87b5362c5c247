import { closeSync, fstatSync, readSync } from 'node:fs';
import { errnoOf } from './entry-kind.ts';
import type { FileSteps } from './file-steps.ts';
import { openToRead } from './open-file.ts';
import { parseRun, type Run, SCRATCH } from './run-id.ts';
import { writeErrorCode } from './system-error.ts';

/** A batch as the journal stores it: spec/sidecar/convert.md, "Journal". */
export interface JournaledBatch {
  readonly batch: number;
  readonly cursor: string;
  /** JSON. */
  readonly totals: string;
  /** Bytes read. */
  readonly bytes: number;
  /** Each is the JSON of a row. */
  readonly rows: readonly string[];
}

const PREFIX = `${SCRATCH}journal-`;
const LF = 0x0a;
const CHUNK_BYTES = 1 << 20;

/** The raw name of a run's journal. */
export function journalName(run: string): string {
  return PREFIX + run;
}

/** The run that a journal name belongs to; null if the name is not that of a journal. */
export function runOfJournal(name: string): Run | null {
  return name.startsWith(PREFIX) ? parseRun(name.slice(PREFIX.length)) : null;
}

/**
 * Writes the rows of batches ahead of changes that cannot be undone. The journal is not synced: it serves the
 * engine that continues after another failed, in the same process. After the end of a process, the tree
 * itself shows what is left to do.
 */
export class JournalWriter {
  readonly #path: string;
  readonly #steps: FileSteps;
  #fd = -1;
  #isBroken = false;

  /** @param path raw; nothing is written before the first batch */
  constructor(path: string, steps: FileSteps) {
    this.#path = path;
    this.#steps = steps;
  }

  /**
   * A later line of the same batch replaces the earlier one. If a line cannot be written, for example because
   * the disk is full, nothing more is written and the run continues: rows depend on the journal if an engine
   * fails later, documents never do.
   */
  write({ batch, cursor, totals, bytes, rows }: JournaledBatch): void {
    if (this.#isBroken) return;
    const line = `{"batch":${batch},"cursor":"${cursor}","totals":${totals},"bytes":${bytes},"rows":[${rows.join(',')}]}\n`;
    try {
      if (this.#fd < 0) this.#open();
      this.#steps.write(this.#fd, this.#path, Buffer.from(line));
    } catch (error) {
      if (writeErrorCode(error) === null) throw error;
      this.#isBroken = true;
    }
  }

  /** An engine that failed may have left an incomplete line: it is terminated, and its content is ignored. */
  #open(): void {
    this.#fd = this.#steps.append(this.#path);
    if (isCut(this.#path)) this.#steps.write(this.#fd, this.#path, Buffer.from('\n'));
  }

  close(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }
}

function isCut(path: string): boolean {
  const fd = openToRead(path);
  try {
    const { size } = fstatSync(fd);
    const last = Buffer.alloc(1);
    return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last[0] !== LF;
  } finally {
    closeSync(fd);
  }
}

/** The position of a batch's line in its journal. */
interface Line {
  readonly cursor: string;
  readonly start: number;
  readonly length: number;
}

/** Reads a journal back batch by batch: it may be larger than memory. */
export class JournalReader {
  readonly #path: string;
  /** The last complete line of each batch. */
  readonly #lines: readonly Line[];

  /** @param path raw; a journal that does not exist has no batches */
  constructor(path: string) {
    this.#path = path;
    this.#lines = linesOf(path);
  }

  /** The number of batches, which are numbered from 0. */
  get batches(): number {
    return this.#lines.length;
  }

  /**
   * The number of the batch after the one with this cursor: 0 for '', and the number of batches for an
   * unknown cursor.
   */
  after(cursor: string): number {
    if (cursor === '') return 0;
    const found = this.#lines.findLastIndex((line) => line.cursor === cursor);
    return found < 0 ? this.#lines.length : found + 1;
  }

  /** The cursor after which the walk continues if `cursor` is that of the last batch handed out. */
  goesOnAfter(cursor: string): string {
    const last = this.#lines.at(-1)?.cursor ?? '';
    const isKnown = cursor === '' || this.#lines.some((line) => line.cursor === cursor);
    return isKnown && last !== '' ? last : cursor;
  }

  read(batch: number): JournaledBatch {
    const { start, length } = this.#lines[batch] as Line;
    const bytes = Buffer.alloc(length);
    const fd = openToRead(this.#path);
    try {
      for (let done = 0; done < length; ) {
        const count = readSync(fd, bytes, done, length - done, start + done);
        if (count === 0) throw new Error('the journal was cut while it was read');
        done += count;
      }
    } finally {
      closeSync(fd);
    }
    const { cursor, totals, bytes: bytesRead, rows } = JSON.parse(bytes.toString('utf8')) as WrittenLine;
    // Rows are written by the rules that JSON.stringify follows, so this returns the same bytes.
    return {
      batch,
      cursor,
      totals: JSON.stringify(totals),
      bytes: bytesRead,
      rows: rows.map((row) => JSON.stringify(row)),
    };
  }
}

interface WrittenLine {
  readonly cursor: string;
  readonly totals: unknown;
  readonly bytes: number;
  readonly rows: readonly unknown[];
}

const HEAD = /^\{"batch":(\d+),"cursor":"([^"]*)"/;
/** Longer than any head: the longest path in base64. */
const MOST_HEAD = 16 * 1024;

function linesOf(path: string): Line[] {
  const lines: Line[] = [];
  let fd: number;
  try {
    fd = openToRead(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return lines;
    throw error;
  }
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    let head = '';
    let start = 0;
    for (let at = 0; ; ) {
      const count = readSync(fd, chunk, 0, chunk.length, at);
      if (count === 0) break;
      for (let from = 0; from < count; ) {
        const end = chunk.subarray(0, count).indexOf(LF, from);
        const until = end < 0 ? count : end;
        if (head.length < MOST_HEAD)
          head += chunk.toString('latin1', from, Math.min(until, from + MOST_HEAD));
        if (end < 0) break;
        const [, batch, cursor] = HEAD.exec(head) ?? [];
        if (batch !== undefined)
          lines[Number(batch)] = { cursor: cursor as string, start, length: at + end - start };
        head = '';
        start = at + end + 1;
        from = end + 1;
      }
      at += count;
    }
  } finally {
    closeSync(fd);
  }
  // A batch without a line means that the journal belongs to another run; nothing after the gap is trusted.
  const gap = Array.from(lines).indexOf(undefined as never);
  return gap < 0 ? lines : lines.slice(0, gap);
}
