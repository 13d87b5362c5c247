import type { ForeignKey, TableName } from './foreign-key.ts';

const BAR = `-- ${'='.repeat(44)}\n`;
/** The heading above the keys, byte for byte that of confiture (core/fk_extractor.py). */
export const KEYS_HEADING: string = `\n${BAR}-- Pass 2: Foreign Key Constraints\n${BAR}\n`;

/**
 * The lower-case characters that a name may contain without quotes; other characters are allowed too, but
 * confiture quotes them.
 */
const BARE = /^[a-z_][a-z0-9_$]*$/;

/**
 * The statement that adds a key to its table, as confiture writes it (core/ddl_clauses.py).
 * @param isReserved whether a word cannot be a name without quotes
 */
export function addForeignKey(key: ForeignKey, isReserved: (word: string) => boolean): string {
  const quoted = (name: string): string =>
    BARE.test(name) && !isReserved(name) ? name : `"${name.replaceAll('"', '""')}"`;
  const table = ({ schema, name }: TableName): string =>
    schema === null ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
  const columns = (names: readonly string[]): string => `(${names.map(quoted).join(', ')})`;
  const clauses = [
    ...(key.name === null ? [] : [`CONSTRAINT ${quoted(key.name)}`]),
    `FOREIGN KEY ${columns(key.columns)}`,
    `REFERENCES ${table(key.target)}`,
    ...(key.targetColumns.length === 0 ? [] : [columns(key.targetColumns)]),
    ...(key.onDelete === null ? [] : [`ON DELETE ${key.onDelete}`]),
    ...(key.onUpdate === null ? [] : [`ON UPDATE ${key.onUpdate}`]),
    ...(key.deferrable === null ? [] : [`DEFERRABLE INITIALLY ${key.deferrable}`]),
  ];
  return `ALTER TABLE ${table(key.table)}\n    ADD ${clauses.join(' ')};\n`;
}
