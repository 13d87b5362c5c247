import { isOwn, qualified } from './catalogue-names.ts';

// The manual, "System Catalogs" (52). Each query returns kind, name, definition, and the object that it
// belongs to.

const TYPE = qualified('n.nspname', 't.typname');
const FROM_TYPE = 'FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace';
const OWN_TYPE = isOwn('pg_type', 't.oid');

const ENUMS = `
  SELECT 'enum', ${TYPE}, (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid), NULL
  ${FROM_TYPE} WHERE t.typtype = 'e' AND ${OWN_TYPE}`;

const DOMAINS = `
  SELECT 'domain', ${TYPE}, concat_ws(' ', format_type(t.typbasetype, t.typtypmod),
    (SELECT 'COLLATE ' || t.typcollation::regcollation::text FROM pg_type b WHERE b.oid = t.typbasetype AND b.typcollation <> t.typcollation),
    CASE WHEN t.typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || t.typdefault), NULL
  ${FROM_TYPE} WHERE t.typtype = 'd' AND ${OWN_TYPE}
  UNION ALL
  SELECT 'constraint', ${TYPE} || '.' || quote_ident(k.conname), pg_get_constraintdef(k.oid), ${TYPE}
  ${FROM_TYPE} JOIN pg_constraint k ON k.contypid = t.oid WHERE k.contype <> 'n' AND ${OWN_TYPE}`;

/** Their fields are reported as columns. */
const COMPOSITE_TYPES = `
  SELECT 'composite type', ${TYPE}, '(' || coalesce((SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped), '') || ')', NULL
  ${FROM_TYPE} JOIN pg_class c ON c.oid = t.typrelid WHERE c.relkind = 'c' AND ${OWN_TYPE}`;

const RANGE_TYPES = `
  SELECT 'range type', ${TYPE}, concat_ws(' ', format_type(r.rngsubtype, NULL),
    (SELECT 'COLLATE ' || r.rngcollation::regcollation::text FROM pg_type b WHERE b.oid = r.rngsubtype AND b.typcollation <> r.rngcollation),
    'CANONICAL ' || nullif(r.rngcanonical::oid, 0)::regproc::text, 'SUBTYPE_DIFF ' || nullif(r.rngsubdiff::oid, 0)::regproc::text), NULL
  ${FROM_TYPE} JOIN pg_range r ON r.rngtypid = t.oid WHERE ${OWN_TYPE}`;

/** Without the arrays that PostgreSQL creates for each type. */
const BASE_TYPES = `
  SELECT 'type', ${TYPE}, CASE WHEN t.typisdefined THEN concat_ws(' ', 'INPUT', t.typinput, 'OUTPUT', t.typoutput, 'LENGTH', t.typlen,
    'ALIGNMENT', t.typalign::text, 'STORAGE', t.typstorage::text) ELSE 'a shell' END, NULL
  ${FROM_TYPE} WHERE t.typtype IN ('b', 'p') AND t.typcategory <> 'A' AND ${OWN_TYPE}`;

/** The column that names the locale has a different name in each version. */
const COLLATIONS = `
  SELECT 'collation', ${qualified('n.nspname', 'c.collname')}, (SELECT string_agg(key || ' ' || value, ' ' ORDER BY key)
    FROM jsonb_each_text(to_jsonb(c) - '{oid,collname,collnamespace,collowner,collversion,collencoding}'::text[]) WHERE value IS NOT NULL), NULL
  FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE ${isOwn('pg_collation', 'c.oid')}`;

const TEXT_SEARCH = `
  SELECT 'text search configuration', ${qualified('n.nspname', 'c.cfgname')}, (SELECT string_agg(token || ' ' || dictionaries, ', ' ORDER BY token)
    FROM (SELECT (SELECT alias FROM ts_token_type(c.cfgparser) WHERE tokid = m.maptokentype) token,
      string_agg(m.mapdict::regdictionary::text, ' ' ORDER BY m.mapseqno) dictionaries
      FROM pg_ts_config_map m WHERE m.mapcfg = c.oid GROUP BY m.maptokentype) mapping), NULL
  FROM pg_ts_config c JOIN pg_namespace n ON n.oid = c.cfgnamespace WHERE ${isOwn('pg_ts_config', 'c.oid')}
  UNION ALL
  SELECT 'text search dictionary', ${qualified('n.nspname', 'd.dictname')}, concat_ws(' ', t.tmplname, d.dictinitoption), NULL
  FROM pg_ts_dict d JOIN pg_namespace n ON n.oid = d.dictnamespace JOIN pg_ts_template t ON t.oid = d.dicttemplate
  WHERE ${isOwn('pg_ts_dict', 'd.oid')}`;

/** Types, collations and text search objects. */
export const TYPE_QUERIES: readonly string[] = [
  ENUMS,
  DOMAINS,
  COMPOSITE_TYPES,
  RANGE_TYPES,
  BASE_TYPES,
  COLLATIONS,
  TEXT_SEARCH,
];
