import { FIRST_OID, isNoMember, isOwn } from './catalogue-names.ts';

// The manual, "System Catalogs" (52). Each query returns kind, name, definition, and the object that it
// belongs to.

const SCHEMAS = `
  SELECT 'schema', quote_ident(n.nspname), '', NULL FROM pg_namespace n WHERE ${isOwn('pg_namespace', 'n.oid')}`;

/** Without plpgsql, which is in every database. */
const EXTENSIONS = `
  SELECT 'extension', quote_ident(e.extname), 'version ' || e.extversion || ' in ' || quote_ident(n.nspname), NULL
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'`;

const ROUTINES = `
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, p.oid::regprocedure::text,
    CASE p.prokind WHEN 'a' THEN (SELECT concat_ws(' ', 'SFUNC', a.aggtransfn::regproc, 'STYPE', format_type(a.aggtranstype, NULL),
      'FINALFUNC ' || nullif(a.aggfinalfn::oid, 0)::regproc::text, 'COMBINEFUNC ' || nullif(a.aggcombinefn::oid, 0)::regproc::text,
      'INITCOND ' || quote_literal(a.agginitval), 'SORTOP ' || nullif(a.aggsortop, 0)::regoperator::text,
      'PARALLEL ' || nullif(p.proparallel::text, 'u')) FROM pg_aggregate a WHERE a.aggfnoid = p.oid)
    ELSE pg_get_functiondef(p.oid) END, NULL
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${isOwn('pg_proc', 'p.oid')}`;

const OPERATORS = `
  SELECT 'operator', o.oid::regoperator::text, concat_ws(' ', 'FUNCTION', o.oprcode::regproc, 'COMMUTATOR ' || nullif(o.oprcom, 0)::regoperator::text,
    'NEGATOR ' || nullif(o.oprnegate, 0)::regoperator::text, 'RESTRICT ' || nullif(o.oprrest::oid, 0)::regproc::text,
    'JOIN ' || nullif(o.oprjoin::oid, 0)::regproc::text, CASE WHEN o.oprcanhash THEN 'HASHES' END, CASE WHEN o.oprcanmerge THEN 'MERGES' END), NULL
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE ${isOwn('pg_operator', 'o.oid')}
  UNION ALL
  SELECT 'operator class', quote_ident(n.nspname) || '.' || quote_ident(o.opcname) || ' using ' || quote_ident(m.amname),
    concat_ws(' ', CASE WHEN o.opcdefault THEN 'DEFAULT' END, 'FOR', format_type(o.opcintype, NULL),
      'STORAGE ' || nullif(o.opckeytype, 0)::regtype::text), NULL
  FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace JOIN pg_am m ON m.oid = o.opcmethod WHERE ${isOwn('pg_opclass', 'o.oid')}
  UNION ALL
  SELECT 'cast', format_type(k.castsource, NULL) || ' AS ' || format_type(k.casttarget, NULL),
    concat_ws(' ', nullif(k.castfunc, 0)::regprocedure::text, k.castcontext::text, k.castmethod::text), NULL
  FROM pg_cast k WHERE k.oid >= ${FIRST_OID} AND ${isNoMember('pg_cast', 'k.oid')}`;

const WHOLE_DATABASE = `
  SELECT 'event trigger', quote_ident(t.evtname), concat_ws(' ', t.evtevent, t.evtfoid::regproc, t.evttags::text, t.evtenabled::text), NULL
  FROM pg_event_trigger t WHERE ${isNoMember('pg_event_trigger', 't.oid')}
  UNION ALL
  SELECT 'publication', quote_ident(p.pubname), concat_ws(' ', CASE WHEN p.puballtables THEN 'ALL TABLES' END,
    (SELECT string_agg(r.prrelid::regclass::text, ', ' ORDER BY r.prrelid::regclass::text) FROM pg_publication_rel r WHERE r.prpubid = p.oid),
    CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
    CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END), NULL
  FROM pg_publication p
  UNION ALL
  SELECT 'foreign-data wrapper', quote_ident(w.fdwname), concat_ws(' ', 'HANDLER ' || nullif(w.fdwhandler, 0)::regproc::text,
    'VALIDATOR ' || nullif(w.fdwvalidator, 0)::regproc::text, w.fdwoptions::text), NULL
  FROM pg_foreign_data_wrapper w WHERE ${isNoMember('pg_foreign_data_wrapper', 'w.oid')}
  UNION ALL
  SELECT 'server', quote_ident(s.srvname), concat_ws(' ', quote_ident(w.fdwname), s.srvtype, s.srvversion, s.srvoptions::text), NULL
  FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw`;

/** All objects that are neither relations nor types and belong to neither. */
export const OTHER_QUERIES: readonly string[] = [SCHEMAS, EXTENSIONS, ROUTINES, OPERATORS, WHOLE_DATABASE];
