import { isUtf8 } from 'node:buffer';
import type { Place } from '@tandem/files';
import { LF } from '../lexer/byte-classes.ts';
import type { SqlParser } from '../parse/sql-parser.ts';
import { addForeignKey } from './add-foreign-key.ts';
import type { Cut } from './cut-text.ts';
import { type Carried, ownStatements } from './own-statements.ts';
import { spellsReferences } from './spells-references.ts';
import { takeKeys } from './take-keys.ts';

/** A file after the first pass. */
export interface PassedFile {
  /** Separator, content and end; the original bytes if nothing was removed. */
  readonly part: Uint8Array;
  /** Statements for the second pass, and the original positions of their keys. */
  readonly keys: readonly { readonly statement: string; readonly place: Place }[];
  /** Where keys were removed. */
  readonly cut: CutFile | null;
  readonly after: Carried;
}

/** What remains of a file after its separator. */
export interface CutFile {
  readonly lines: number;
  readonly cuts: readonly Cut[];
}

/**
 * Removes the keys from one file.
 * @param part its separator, content and end, as the join produces them
 * @param contentAt the offset of its content
 */
export function passFile(
  part: Uint8Array,
  contentAt: number,
  before: Carried,
  parser: SqlParser,
): PassedFile {
  const content = part.subarray(contentAt);
  const { creates, after } = ownStatements(content, before);
  // Content that is not text ends the build, so the parser is not called.
  const mayHave = creates.length > 0 && spellsReferences(content) && isUtf8(content) && !content.includes(0);
  const taken = mayHave ? takeKeys(content, creates, parser) : null;
  if (taken === null) return { part, keys: [], cut: null, after };
  const { text, keys, cuts } = taken;
  return {
    part: Buffer.concat([part.subarray(0, contentAt), text]),
    keys: keys.map(({ key, place }) => ({
      statement: addForeignKey(key, (word) => parser.isReserved(word)),
      place,
    })),
    cut: { lines: countLines(text), cuts },
    after,
  };
}

function countLines(text: Uint8Array): number {
  let lines = 0;
  for (let at = text.indexOf(LF); at >= 0; at = text.indexOf(LF, at + 1)) lines++;
  return lines;
}
