/** SQL for a name with its schema. */
export function qualified(schema: string, name: string): string {
  return `quote_ident(${schema}) || '.' || quote_ident(${name})`;
}

/** SQL for whether the schema n is the user's and the object belongs to no extension. */
export function isOwn(table: string, oid: string): string {
  return `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND ${isNoMember(table, oid)}`;
}

/** SQL for whether an object belongs to no extension; a function or cast to no type either, which makes its own (those of a range). */
export function isNoMember(table: string, oid: string): string {
  const kinds = table === 'pg_proc' || table === 'pg_cast' ? "'e', 'i'" : "'e'";
  return `NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '${table}'::regclass AND e.objid = ${oid} AND e.deptype IN (${kinds}))`;
}

/** What a database does not begin with has an oid from here on: FirstNormalObjectId of access/transam.h. */
export const FIRST_OID = 16384;
