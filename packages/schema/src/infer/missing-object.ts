import type { Stopped } from '../verify/apply-schema.ts';
import { byteOfCharacter } from '../verify/statement-place.ts';
import type { NeedKind } from './inferred-need.ts';

/** What a statement lacks, as far as PostgreSQL's message states it. */
export interface MissingObject {
  /** Its own name, without its schema; null if the message has none. */
  readonly name: string | null;
  /** Null if the message names none. */
  readonly schema: string | null;
  /**
   * Where to search for what supplies it: in heads for this kind of object, in rows, or in every statement
   * that contains its name.
   */
  readonly within: 'schema' | 'relation' | 'type' | 'function' | 'any' | 'rows' | 'text';
  /** For display: `role reader`. */
  readonly what: string;
  readonly kind: NeedKind;
  /** In bytes from the start of the file. */
  readonly offset: number;
}

/**
 * SQLSTATEs of errors that another file may resolve, and where to search
 * (https://www.postgresql.org/docs/18/errcodes-appendix.html). A file that fails for another reason is also
 * tried again at the end of a pass; only its message is not examined.
 */
const STATES: Readonly<Record<string, MissingObject['within']>> = {
  // undefined_table, undefined_object, undefined_function, invalid_schema_name
  '42P01': 'relation',
  '42704': 'any',
  '42883': 'function',
  '3F000': 'schema',
  // undefined_column; a key: invalid_foreign_key, invalid_column_reference, grouping_error; a cast:
  // cannot_coerce, datatype_mismatch
  '42703': 'text',
  '42830': 'text',
  '42P10': 'text',
  '42803': 'text',
  '42846': 'text',
  '42804': 'text',
  // A value of an enum, a materialized view without its rows, a partition: invalid_text_representation,
  // object_not_in_prerequisite_state, check_violation
  '22P02': 'text',
  '55000': 'text',
  '23514': 'text',
  // foreign_key_violation
  '23503': 'rows',
};
const NAMES = [
  /"(.+?)"/,
  /^(?:function|procedure|aggregate|routine) (.+?)\(/,
  /^column (\S+) /,
  /^cannot cast type (\S+) to /,
  /^operator does not exist: .*?([-+*/<>=~!@#%^&|`?]+)/,
];
const BODY = /\bas\s+(?:\$|')|\bbegin\s+atomic\b|\breturn\s/i;
const ROUTINE = /^create\s+(?:or\s+replace\s+)?(?:function|procedure)\b/i;

/** @returns null if it is unlikely that another file helps */
export function missingObject({ start, end, why }: Stopped, text: Buffer): MissingObject | null {
  if (why.kind !== 'refused') return null;
  const { sqlstate, message, detail, position } = why.failure.server;
  const within = STATES[sqlstate];
  if (within === undefined) return null;
  const told = within === 'rows' ? (detail ?? '').slice(-200).replace(/^.*\btable /s, '') : message;
  const named = nameIn(told);
  const dot = named?.lastIndexOf('.') ?? -1;
  const name = named?.slice(dot + 1) ?? null;
  const statement = text.toString('utf8', start, end);
  const place = placeOf(statement, name, position);
  return {
    name,
    schema: dot > 0 ? (named as string).slice(0, dot) : null,
    within: within === 'any' ? objectKind(message) : within,
    what: within === 'rows' ? `rows of ${named}` : whatOf(message),
    kind: within === 'rows' ? 'rows' : place.kind,
    offset: start + place.at,
  };
}

/** Heads do not cover roles. */
function objectKind(message: string): MissingObject['within'] {
  if (message.startsWith('role ')) return 'text';
  return message.startsWith('type ') ? 'type' : 'any';
}

/** As PostgreSQL writes it, without array brackets. */
function nameIn(message: string): string | null {
  for (const pattern of NAMES) {
    const name = pattern.exec(message)?.[1];
    if (name !== undefined) return name.replace(/(?:\[\])+$/, '');
  }
  return null;
}

function whatOf(message: string): string {
  const missing = /^(.+?)(?: for encoding "\w+")? does not exist/.exec(message)?.[1];
  return missing === undefined ? `something (${message})` : missing.replaceAll('"', '');
}

/**
 * In bytes from the start of the statement. PostgreSQL reports no position for a foreign key, and none within
 * a DO block.
 */
function placeOf(
  statement: string,
  name: string | null,
  position: number | null,
): { readonly at: number; readonly kind: NeedKind } {
  if (position !== null) {
    const at = byteOfCharacter(statement, position);
    const body = ROUTINE.test(statement)
      ? (BODY.exec(statement)?.index ?? Number.POSITIVE_INFINITY)
      : Number.POSITIVE_INFINITY;
    return { at, kind: at > body ? 'function body' : 'object' };
  }
  if (name === null) return { at: 0, kind: 'object' };
  const word = wordPattern(name);
  const key = new RegExp(`\\breferences\\s+(?:only\\s+)?(?:[^\\s.(]+\\s*\\.\\s*)?"?${word}`, 'iu').exec(
    statement,
  );
  const found = key ?? new RegExp(word, 'iu').exec(statement);
  const before = statement.slice(0, found === null ? 0 : found.index);
  return { at: Buffer.byteLength(before), kind: key === null ? 'object' : 'foreign key' };
}

/** A pattern for a name; it matches only whole words if the name begins like a word. */
export function wordPattern(name: string): string {
  const escaped = name.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
  return /^[\p{L}\p{N}_$]/u.test(name) ? `(?<![\\p{L}\\p{N}_$])${escaped}(?![\\p{L}\\p{N}_$])` : escaped;
}
