import { type Place, TextPlaces } from '@tandem/files';
import type { CreateStmt } from 'libpg-query';
import type { SqlParser } from '../parse/sql-parser.ts';
import { type Cut, cutsOf, cutText } from './cut-text.ts';
import { type ForeignKey, movableKeys } from './foreign-key.ts';
import { keySpans, type Span } from './key-spans.ts';
import { spellsReferences } from './spells-references.ts';

/** A foreign key that was removed, and where it was. */
export interface TakenKey {
  readonly key: ForeignKey;
  readonly place: Place;
}

/** A text without the foreign keys that can be added after all tables. */
export interface TakenText {
  readonly text: Buffer;
  readonly keys: readonly TakenKey[];
  readonly cuts: readonly Cut[];
}

/**
 * Removes the foreign keys from the CREATE TABLE statements of a text, at the positions that PostgreSQL's
 * parser reports; everything else is kept byte for byte. A statement that the parser rejects is left as it
 * is.
 * @param creates the statements to inspect, in order
 * @returns null if there is no key to remove
 */
export function takeKeys(text: Uint8Array, creates: readonly Span[], parser: SqlParser): TakenText | null {
  const spans: Span[] = [];
  const found: { readonly key: ForeignKey; readonly at: number }[] = [];
  for (const { start: offset, end } of creates) {
    const statement = text.subarray(offset, end);
    const table = spellsReferences(statement) ? tableOf(statement, parser) : null;
    const keys = table === null ? [] : movableKeys(table);
    if (table === null || keys.length === 0) continue;
    const shape = {
      nameAt: table.relation?.location ?? 0,
      mayBeEmpty: table.partbound === undefined && table.ofTypename === undefined,
    };
    for (const span of keySpans(statement, keys, shape)) {
      spans.push({ start: span.start + offset, end: span.end + offset });
    }
    for (const { key, pieces } of keys) found.push({ key, at: offset + (pieces[0]?.start ?? 0) });
  }
  if (found.length === 0) return null;
  const places = new TextPlaces(text);
  const left = cutText(text, spans);
  return {
    text: left,
    keys: found.map(({ key, at }) => ({ key, place: places.at(at) })),
    cuts: cutsOf(text, left, spans),
  };
}

function tableOf(statement: Uint8Array, parser: SqlParser): CreateStmt | null {
  const parsed = parser.parse(Buffer.from(statement.buffer, statement.byteOffset, statement.byteLength));
  if ('problem' in parsed) return null;
  const [only, ...others] = parsed;
  return only !== undefined && others.length === 0 && 'CreateStmt' in only.tree ? only.tree.CreateStmt : null;
}
