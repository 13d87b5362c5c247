import type { Space } from './space.ts';

/**
 * Names by which schemas use what common extensions bring, beside those that are the extension's own: types, functions, operator classes.
 * Those that come with PostgreSQL are held against it by a test.
 */
export const EXTENSION_NAMES: readonly (readonly [extension: string, space: Space, names: string])[] = [
  ['autoinc', 'function', 'autoinc'],
  [
    'btree_gist',
    'operator class',
    'gist_(bit|bool|bpchar|bytea|cash|cidr|date|enum|float[48]|inet|int[248]|interval)_ops',
  ],
  [
    'btree_gist',
    'operator class',
    'gist_(macaddr8?|numeric|oid|text|time|timestamp|timestamptz|timetz|uuid|vbit)_ops',
  ],
  ['citext', 'operator class', 'citext_(pattern_)?ops'],
  ['cube', 'function', 'cube(_\\w+)?'],
  ['cube', 'operator class', '(gist_)?cube_ops'],
  ['dblink', 'function', 'dblink(_\\w+)?'],
  ['dict_int', 'text search dictionary', 'intdict'],
  ['dict_xsyn', 'text search dictionary', 'xsyn'],
  ['earthdistance', 'type', 'earth'],
  [
    'earthdistance',
    'function',
    'earth|earth_box|earth_distance|gc_to_sec|geo_distance|latitude|ll_to_earth|longitude|sec_to_gc',
  ],
  [
    'fuzzystrmatch',
    'function',
    'daitch_mokotoff|dmetaphone(_alt)?|levenshtein(_less_equal)?|metaphone|soundex|text_soundex',
  ],
  ['hstore', 'function', 'akeys|avals|hstore(_\\w+)?|skeys|slice|slice_array|svals'],
  ['hstore', 'operator class', '(btree|gin|gist|hash)_hstore_ops'],
  ['insert_username', 'function', 'insert_username'],
  ['intarray', 'type', 'query_int'],
  ['intarray', 'function', 'icount|idx|intset|sort_asc|sort_desc|subarray|uniq'],
  ['intarray', 'operator class', 'gin__int_ops|gist__int(big)?_ops'],
  ['isn', 'type', 'ean13|is[bms]n(13)?|upc'],
  ['isn', 'function', 'ean13|is[bms]n(13)?|isn_weak|make_valid|upc'],
  ['lo', 'function', 'lo_manage|lo_oid'],
  ['ltree', 'type', 'lquery|ltxtquery'],
  ['ltree', 'function', 'lca|ltree2text|nlevel|subltree|subpath|text2ltree'],
  ['ltree', 'operator class', 'gist__?ltree_ops|ltree_ops'],
  ['moddatetime', 'function', 'moddatetime'],
  ['pg_cron', 'schema', 'cron'],
  ['pg_graphql', 'schema', 'graphql'],
  ['pg_net', 'schema', 'net'],
  ['pg_partman', 'function', 'create_parent|run_maintenance(_proc)?'],
  ['pg_stat_statements', 'relation', 'pg_stat_statements(_info)?'],
  ['pg_trgm', 'function', 'set_limit|show_limit|show_trgm|(strict_)?(word_)?similarity'],
  ['pg_trgm', 'operator class', '(gin|gist)_trgm_ops'],
  [
    'pgcrypto',
    'function',
    'armor|crypt|dearmor|(de|en)crypt(_iv)?|digest|gen_random_bytes|gen_salt|hmac|pgp_\\w+',
  ],
  ['pgmq', 'schema', 'pgmq'],
  ['pgrowlocks', 'function', 'pgrowlocks'],
  ['pgstattuple', 'function', 'pg_relpages|pgstat(gin|hash)?index|pgstattuple(_approx)?'],
  ['postgis', 'type', 'box[23]d|box2df|geography|geometry|geometry_dump|gidx|spheroid'],
  ['postgis', 'function', '_?st_\\w+|(geography|geometry)\\w*|addgeometrycolumn|postgis_\\w+'],
  ['postgis', 'operator class', '(brin|btree|gist|hash|spgist)_(geography|geometry)_\\w*ops(_\\w+)?'],
  ['postgis', 'relation', 'geography_columns|geometry_columns|spatial_ref_sys'],
  ['postgis_raster', 'type', 'raster'],
  ['postgis_topology', 'schema', 'topology'],
  ['refint', 'function', 'check_foreign_key|check_primary_key'],
  ['seg', 'function', 'seg_\\w+'],
  ['tablefunc', 'function', 'connectby|crosstab[234]?|normal_rand'],
  ['tcn', 'function', 'triggered_change_notification'],
  [
    'timescaledb',
    'function',
    'add_(\\w+)_policy|create_hypertable|time_bucket(_gapfill)?|set_chunk_time_interval',
  ],
  ['unaccent', 'function', 'unaccent'],
  ['unaccent', 'text search dictionary', 'unaccent'],
  ['uuid-ossp', 'function', 'uuid_(generate_v(1|1mc|3|4|5)|nil|ns_(dns|oid|url|x500))'],
  ['vector', 'type', 'halfvec|sparsevec'],
  [
    'vector',
    'function',
    '(cosine|hamming|inner_product|jaccard|l1|l2)_distance|inner_product|l2_norm(alize)?|vector_\\w+',
  ],
  ['vector', 'operator class', '(bit|halfvec|sparsevec|vector)_(cosine|hamming|ip|jaccard|l1|l2)_ops'],
  ['vector', 'access method', 'hnsw|ivfflat'],
  ['bloom', 'access method', 'bloom'],
  ['xml2', 'function', 'xml_encode_special_chars|xpath_(bool|list|nodeset|number|string|table)|xslt_process'],
];

const MOST_KNOWN = 10_000;

type Patterns = readonly (readonly [extension: string, names: RegExp])[];

const PATTERNS: ReadonlyMap<Space, Patterns> = patterns();
/** The same few names are asked for again and again. */
const KNOWN = new Map<string, string | null>();

/** The extension that an object of that name is from, where it is from one of these. */
export function extensionOf(space: Space, name: string): string | null {
  const known = PATTERNS.get(space);
  if (known === undefined) return null;
  const key = `${space} ${name}`;
  let extension = KNOWN.get(key);
  if (extension === undefined) {
    extension = known.find(([, names]) => names.test(name))?.[0] ?? null;
    // What a process reads in its life may be more than it has room for.
    if (KNOWN.size < MOST_KNOWN) KNOWN.set(key, extension);
  }
  return extension;
}

function patterns(): Map<Space, Patterns> {
  const bySpace = new Map<Space, Patterns>();
  for (const [extension, space, names] of EXTENSION_NAMES) {
    const known = bySpace.get(space) ?? [];
    bySpace.set(space, [...known, [extension, new RegExp(`^(?:${names})$`)]]);
  }
  return bySpace;
}
