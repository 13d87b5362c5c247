import { OTHER_QUERIES } from './other-queries.ts';
import { RELATION_QUERIES } from './relation-queries.ts';

/** One query for all of a catalogue, for PostgreSQL 12 and later: a row is a JSON array of kind, name and definition. */
export function catalogueQuery(): string {
  const parts = [...RELATION_QUERIES, ...OTHER_QUERIES].map(
    // A subquery each, so that what they call their columns does not matter.
    (query) => `SELECT kind, name, definition FROM (${query}\n) part (kind, name, definition)`,
  );
  return `SELECT json_build_array(kind, name, coalesce(definition, ''))::text FROM (${parts.join('\nUNION ALL ')}) whole (kind, name, definition)`;
}
