/** Names of which there can be one each in a schema, in the database, or on a relation. */
export type Space =
  | 'access method'
  | 'cast'
  | 'collation'
  | 'column'
  | 'constraint'
  | 'conversion'
  | 'default operator class'
  | 'event trigger'
  | 'extension'
  | 'foreign-data wrapper'
  | 'function'
  | 'language'
  | 'operator'
  | 'operator class'
  | 'operator family'
  | 'policy'
  | 'publication'
  | 'relation'
  | 'role'
  | 'rows'
  | 'rule'
  | 'schema'
  | 'server'
  | 'statistics'
  | 'text search configuration'
  | 'text search dictionary'
  | 'text search parser'
  | 'text search template'
  | 'trigger'
  | 'type'
  | 'unique key';

const IN_NO_SCHEMA: ReadonlySet<Space> = new Set<Space>([
  ...(['access method', 'cast', 'default operator class', 'event trigger', 'extension'] as const),
  ...(['foreign-data wrapper', 'language', 'publication', 'role', 'schema', 'server'] as const),
]);

export function isInSchema(space: Space): boolean {
  return !IN_NO_SCHEMA.has(space);
}

/** The same for two names that mean one object. */
export function keyOf(space: Space, schema: string | null, name: string, own: string | null = null): string {
  return JSON.stringify(own === null ? [space, schema, name] : [space, schema, name, own]);
}

/** `users`, `app.users`. */
export function shownName(schema: string | null, name: string): string {
  return schema === null || schema === '' || schema === 'public' ? name : `${schema}.${name}`;
}

/** A session's own tables and types; PostgreSQL numbers the real ones. */
export const TEMPORARY = 'pg_temp';
/** Where an extension puts what it creates is not always said: such an object is found by its bare name. */
export const ANYWHERE = '';
