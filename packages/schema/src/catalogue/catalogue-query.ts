import { OTHER_QUERIES } from './other-queries.ts';
import { RELATION_QUERIES } from './relation-queries.ts';
import { RIGHT_QUERIES } from './right-queries.ts';
import { TYPE_QUERIES } from './type-queries.ts';

const COLUMNS = 'kind, name, definition, of';

/**
 * A single query for the whole catalog, for PostgreSQL 13 and later. Each row is a JSON array of kind, name,
 * definition and the object that it belongs to.
 */
export function catalogueQuery(): string {
  const parts = [...RELATION_QUERIES, ...TYPE_QUERIES, ...OTHER_QUERIES, ...RIGHT_QUERIES].map(
    // A subquery each, so that the names of their columns do not matter.
    (query) => `SELECT ${COLUMNS} FROM (${query}\n) part (${COLUMNS})`,
  );
  return `SELECT json_build_array(kind, name, coalesce(definition, ''), of)::text FROM (${parts.join('\nUNION ALL ')}) whole (${COLUMNS})`;
}
