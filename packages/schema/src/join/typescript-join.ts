import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type BatchSource, type ErrorCode, type ErrorParams, LIMITS, TandemError } from '@tandem/engine';
import { ByteSink, FileReader, firstIllFormed, TextPlaces } from '@tandem/files';
import type { RowBatch } from '@tandem/native';
import { readDefinitions } from '../definitions/read-definitions.ts';
import { bomLength } from '../lexer/bom.ts';
import { checkSql } from '../lexer/check-sql.ts';
import type { JoinRequest } from './join-request.ts';
import type { JoinFinding } from './join-totals.ts';

/** JoinTotals while they are collected; the order of the keys is the order in the JSON. */
interface Totals {
  readonly files: number[];
  readonly digests: string[];
  readonly needs: number[];
  readonly definitions: (string | number)[];
  readonly findings: JoinFinding[];
}

const REQUIRES = Buffer.from('requires');
/** A search looks for the first byte: r is much more frequent than q. */
const RARE = REQUIRES.subarray(2);

/** The memory for rows that a file receives: what FileReader reads at once, and the most that it keeps. */
const LEAST_EXPECTED = 64 * 1024;
/** The initial size of the memory for the rows of a batch. */
const FIRST_BYTES = 256 * 1024;
const MOST_EXPECTED = 4 * 1024 * 1024;

/**
 * The longest time without a turn of the event loop, except during a single statement: signals and timers
 * wait for it.
 */
const TURN_MS = 8;

const CR = 0x0d;
const LF = 0x0a;

/** The join in TypeScript, on this thread: it spends its time reading, not computing. */
export class TypeScriptJoin implements BatchSource<RowBatch> {
  readonly #request: JoinRequest;
  readonly #reader: FileReader;
  readonly #pieces: readonly Buffer[];
  readonly #room = new ByteSink(FIRST_BYTES);
  #next: number;
  /** Size of the memory for the next file, based on the last one. */
  #expected = LEAST_EXPECTED;
  #cancelled = false;
  #turn: number = performance.now();

  constructor(request: JoinRequest) {
    this.#request = request;
    this.#reader = new FileReader(request.maxSize, { steady: true });
    this.#pieces = request.pieces.map((piece) => Buffer.from(piece));
    this.#next = firstIndex(request);
  }

  async next(): Promise<RowBatch | null> {
    const from = this.#next;
    const end = Math.min(this.#request.paths.length, from + filesInBatch(from));
    if (this.#cancelled || from >= end) return null;
    this.#room.length = 0;
    const totals: Totals = { files: [], digests: [], needs: [], definitions: [], findings: [] };
    const before = this.#reader.total;
    for (let index = from; index < end; index++) {
      for (const _ of this.#file(index, totals)) {
        if (performance.now() - this.#turn < TURN_MS) continue;
        await setImmediate();
        this.#turn = performance.now();
        if (this.#cancelled) return null;
      }
    }
    this.#next = end;
    return {
      rows: this.#room.bytes(),
      totals: JSON.stringify(totals),
      cursor: String(end),
      items: end - from,
      bytes: this.#reader.total - before,
    };
  }

  cancel(): void {
    this.#cancelled = true;
  }

  /** Yields where other tasks can have a turn: inside a large file, and at its end. */
  *#file(index: number, totals: Totals): Generator<void, void, undefined> {
    const { paths, text, lines, digests } = this.#request;
    const reader = this.#reader;
    const room = this.#room;
    const separated = room.length;
    this.#separator(index);
    const begun = room.length;
    // Read directly after its separator, at its final position.
    reader.bytes = room.lend(this.#expected);
    const fault = reader.read(paths[index] as string);
    reader.close();
    if (fault !== null) {
      room.length = separated;
      totals.files.push(0, 0, 0);
      totals.findings.push({
        file: index,
        code: fault.code,
        offset: null,
        line: null,
        column: null,
        // As text, like all params in the totals.
        params: Object.fromEntries(
          Object.entries(fault.params).map(([name, value]) => [name, String(value)]),
        ),
      });
      yield;
      return;
    }
    const content = reader.bytes.subarray(0, reader.length);
    this.#expected = Math.min(
      Math.max(content.length + (content.length >>> 1), LEAST_EXPECTED),
      MOST_EXPECTED,
    );
    if (digests) totals.digests.push(createHash('sha256').update(content).digest('hex'));
    if (text) {
      // First, because the text may be changed in place.
      yield* this.#look(index, content, totals);
      this.#text(content);
    } else {
      room.keep(content);
      room.push(0);
    }
    totals.files.push(content.length, lines ? countLines(room.bytes(), begun) : 0, room.length - separated);
    yield;
  }

  #separator(index: number): void {
    const label = this.#request.labels[index] as string;
    for (const [place, piece] of this.#pieces.entries()) {
      if (place > 0) this.#room.text(label);
      this.#room.append(piece);
    }
  }

  #text(content: Buffer): void {
    const room = this.#room;
    const begun = room.length;
    let from = bomLength(content);
    for (let at = content.indexOf(CR, from); at >= 0; at = content.indexOf(CR, from)) {
      room.append(content.subarray(from, at));
      room.push(LF);
      from = content[at + 1] === LF ? at + 2 : at + 1;
    }
    room.keep(content.subarray(from));
    if (room.length === begun || room.bytes().at(-1) !== LF) room.push(LF);
  }

  *#look(
    index: number,
    content: Buffer,
    { needs, definitions, findings }: Totals,
  ): Generator<void, void, undefined> {
    const places = new TextPlaces(content);
    const tell = (code: ErrorCode, offset: number, params: ErrorParams = {}): void => {
      findings.push({ file: index, code, offset, ...places.at(offset), params });
    };
    if (!isUtf8(content)) {
      tell('ERR_TANDEM_INVALID_UTF8', firstIllFormed(content));
      return;
    }
    const nul = content.indexOf(0);
    if (nul >= 0) {
      tell('ERR_TANDEM_SQL_NUL', nul);
      return;
    }
    if (content.includes(RARE) && content.includes(REQUIRES)) needs.push(index);
    if (bomLength(content) > 0) tell('ERR_TANDEM_SQL_BOM', 0);
    if (!this.#request.lex) return;
    if (!this.#request.definitions) yield* checkSql(content, tell);
    else {
      yield* checkSql(content, tell, (start, end) =>
        readDefinitions(content, start, end, ({ how, kind, schema, name, detail }) => {
          definitions.push(index, start, how, kind, schema, name, detail);
        }),
      );
    }
  }
}

/**
 * The number of files in the batch that begins at this index: half of the greatest power of two up to the
 * index, within the limits.
 */
function filesInBatch(index: number): number {
  const half = index < 2 ? 1 : 2 ** (30 - Math.clz32(index));
  return Math.min(Math.max(half, LIMITS.joinLeastBatchFiles), LIMITS.joinMostBatchFiles);
}

function firstIndex({ after, paths }: JoinRequest): number {
  const index = after === '' ? 0 : Number(after);
  if (
    Number.isInteger(index) &&
    index >= 0 &&
    index <= paths.length &&
    (after === '' || String(index) === after)
  ) {
    return index;
  }
  throw new TandemError('ERR_TANDEM_BAD_ARGUMENT', {
    params: {
      problem: 'the cursor does not belong to this join',
      cure: 'pass the cursor of a batch unchanged',
    },
  });
}

function countLines(bytes: Buffer, from: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LF, from); at >= 0; at = bytes.indexOf(LF, at + 1)) count++;
  return count;
}
