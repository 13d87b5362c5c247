/** SQL for a name with its schema. */
export function qualified(schema: string, name: string): string {
  return `quote_ident(${schema}) || '.' || quote_ident(${name})`;
}

/**
 * SQL for the condition that the schema n belongs to the user and the object does not belong to an extension.
 */
export function isOwn(table: string, oid: string): string {
  return `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND ${isNoMember(table, oid)}`;
}

/**
 * SQL for the condition that an object does not belong to an extension; for a function or a cast, that it
 * does not belong to a type either, because a type creates its own (those of a range).
 */
export function isNoMember(table: string, oid: string): string {
  const kinds = table === 'pg_proc' || table === 'pg_cast' ? "'e', 'i'" : "'e'";
  return `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${table}'::regclass AND e.objid = ${oid} AND e.deptype IN (${kinds}))`;
}

/**
 * Objects that a new database does not contain have OIDs from here on: FirstNormalObjectId of
 * access/transam.h.
 */
export const FIRST_OID = 16384;
