import { nearest } from '@tandem/engine';
import type { ConfigValue } from './config-value.ts';
import { ENVIRONMENT_KEYS, type KeyTable, type Known } from './known-keys.ts';

/** The hint for a key that confiture rejects by name. */
const MOVED_KEYS: ReadonlyMap<string, string> = new Map([
  ['migration_table', 'write it as tracking_table under migration'],
  ['tenancy', 'it is a fact of the schema: move it to db/project.yaml'],
]);

/**
 * Looks for unknown keys, at this level and below. A value that is not of the kind that the table expects is
 * skipped.
 * @throws {TandemError} ERR_TANDEM_CONFIG_UNKNOWN_KEY
 */
export function checkKeys(value: ConfigValue, known: Known = ENVIRONMENT_KEYS): void {
  if (Array.isArray(known)) {
    if (value.isList) for (const item of value.list()) checkKeys(item, known[0]);
    return;
  }
  if (known === null || !value.isMapping) return;
  for (const [name, part] of value.mapping()) {
    // These keys belong to the user, who may define anchors there.
    if (name.startsWith('x-')) continue;
    const below = Object.hasOwn(known, name) ? known[name] : known['NAME'];
    if (below === undefined) part.refuseKey(cureOf(name, known));
    checkKeys(part, below);
  }
}

function cureOf(key: string, table: KeyTable): string {
  const moved = MOVED_KEYS.get(key);
  if (moved !== undefined) return moved;
  const near = nearest(key, Object.keys(table));
  if (near !== undefined) return `did you mean ${near}?`;
  const home = homeOf(key, ENVIRONMENT_KEYS);
  if (home === undefined) return `known here: ${Object.keys(table).join(', ')}`;
  return home.length === 0 ? 'it belongs to the top of the file' : `it belongs under ${home.join('.')}`;
}

/** The place where a key is known: [build] for sort_mode. */
function homeOf(key: string, known: Known, place: readonly string[] = []): readonly string[] | undefined {
  const table = Array.isArray(known) ? known[0] : known;
  if (table === null) return undefined;
  if (Object.hasOwn(table, key)) return place;
  const homes = Object.entries(table).map(([name, below]) => homeOf(key, below, [...place, name]));
  return homes.find((home) => home !== undefined);
}
