import type { Place } from '@tandem/files';
import type { JoinedFile } from '../join/join-run.ts';
import type { Separator } from '../join/separator.ts';
import { SqlParser } from '../parse/sql-parser.ts';
import { lineCount } from '../source-map/line-count.ts';
import { KEYS_HEADING } from './add-foreign-key.ts';
import { type Carried, NOTHING_CARRIED } from './own-statements.ts';
import { type CutFile, passFile } from './passed-file.ts';

/** A statement that adds a key. */
export interface AddedKey {
  /** Where it begins: the number of lines after the last file, from 0. */
  readonly at: number;
  readonly lines: number;
  /** Index of the file that had the key, and its position there. */
  readonly file: number;
  readonly place: Place;
}

/**
 * Two passes over the tables of a body, as in confiture's build.two_pass: every table without its foreign
 * keys, and the keys after all tables, so that no order of the files is wrong. Files are processed one by
 * one, in order; only the keys are kept in memory.
 */
export class TwoPass {
  readonly cutFiles: Map<number, CutFile> = new Map();
  readonly addedKeys: AddedKey[] = [];
  readonly #parser: SqlParser;
  readonly #separator: Separator;
  readonly #keys: { readonly file: number; readonly statement: string; readonly place: Place }[] = [];
  #carried: Carried = NOTHING_CARRIED;
  #next = 0;

  private constructor(parser: SqlParser, separator: Separator) {
    this.#parser = parser;
    this.#separator = separator;
  }

  static async begin(separator: Separator): Promise<TwoPass> {
    return new TwoPass(await SqlParser.load(), separator);
  }

  /**
   * The rows of one batch of the join, without the keys of its files; each part is valid as long as the rows
   * are.
   */
  *rows(
    rows: Uint8Array,
    files: readonly JoinedFile[],
    labelOf: (index: number) => string,
  ): Generator<Uint8Array, void, undefined> {
    let pending = 0;
    let at = 0;
    for (const { rows: length } of files) {
      const part = rows.subarray(at, at + length);
      const passed = this.file(part, labelOf(this.#next));
      if (passed !== part) {
        yield rows.subarray(pending, at);
        yield passed;
        pending = at + length;
      }
      at += length;
    }
    yield rows.subarray(pending);
  }

  /**
   * The next file without its keys.
   * @param part its separator, content and end
   * @param label as in its separator
   */
  file(part: Uint8Array, label: string): Uint8Array {
    const contentAt = Buffer.byteLength(this.#separator.pieces.join(label));
    const { part: left, keys, cut, after } = passFile(part, contentAt, this.#carried, this.#parser);
    const file = this.#next++;
    this.#carried = after;
    if (cut !== null) this.cutFiles.set(file, cut);
    for (const key of keys) this.#keys.push({ ...key, file });
    return left;
  }

  /** The text after the last file: the keys, or nothing if there are none. */
  end(): Buffer {
    if (this.#keys.length === 0) return Buffer.alloc(0);
    // The last statement may lack its semicolon, and must not continue into the keys.
    const before = (this.#carried.isOpen ? ';\n' : '') + KEYS_HEADING;
    let at = lineCount(before);
    for (const { statement, file, place } of this.#keys) {
      const lines = lineCount(statement);
      this.addedKeys.push({ at, lines, file, place });
      at += lines + 1;
    }
    const statements = this.#keys.map(({ statement }) => statement);
    return Buffer.from(`${before}${statements.join('\n')}\n`);
  }
}
