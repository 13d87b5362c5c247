import { FIRST_OID, isNoMember, isOwn, qualified } from './catalogue-names.ts';

// The manual, "System Catalogs" (52). Each gives kind, name, definition.

const TYPE = qualified('n.nspname', 't.typname');
const FROM_TYPE = 'FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace';
const OWN_TYPE = isOwn('pg_type', 't.oid');

const SCHEMAS = `
  SELECT 'schema', quote_ident(n.nspname), '' FROM pg_namespace n WHERE ${isOwn('pg_namespace', 'n.oid')}`;

/** plpgsql is in every database. */
const EXTENSIONS = `
  SELECT 'extension', quote_ident(e.extname), 'version ' || e.extversion || ' in ' || quote_ident(n.nspname)
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'`;

const TYPES = `
  SELECT 'enum', ${TYPE}, (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
  ${FROM_TYPE} WHERE t.typtype = 'e' AND ${OWN_TYPE}
  UNION ALL
  SELECT 'domain', ${TYPE}, concat_ws(' ', format_type(t.typbasetype, t.typtypmod), CASE WHEN t.typnotnull THEN 'NOT NULL' END,
    'DEFAULT ' || t.typdefault)
  ${FROM_TYPE} WHERE t.typtype = 'd' AND ${OWN_TYPE}
  UNION ALL
  SELECT 'constraint', ${TYPE} || '.' || quote_ident(k.conname), pg_get_constraintdef(k.oid)
  ${FROM_TYPE} JOIN pg_constraint k ON k.contypid = t.oid WHERE k.contype <> 'n' AND ${OWN_TYPE}
  UNION ALL
  SELECT 'composite type', ${TYPE}, (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
    WHERE attrelid = t.typrelid AND attnum > 0 AND NOT attisdropped)
  ${FROM_TYPE} JOIN pg_class c ON c.oid = t.typrelid WHERE c.relkind = 'c' AND ${OWN_TYPE}
  UNION ALL
  SELECT 'range type', ${TYPE}, format_type(r.rngsubtype, NULL) ${FROM_TYPE} JOIN pg_range r ON r.rngtypid = t.oid WHERE ${OWN_TYPE}`;

const ROUTINES = `
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END, p.oid::regprocedure::text,
    CASE p.prokind WHEN 'a' THEN (SELECT concat_ws(' ', 'SFUNC', a.aggtransfn::regproc, 'STYPE', format_type(a.aggtranstype, NULL),
      'FINALFUNC ' || nullif(a.aggfinalfn::oid, 0)::regproc::text, 'INITCOND ' || quote_literal(a.agginitval)) FROM pg_aggregate a WHERE a.aggfnoid = p.oid)
    ELSE pg_get_functiondef(p.oid) END
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${isOwn('pg_proc', 'p.oid')}`;

const OPERATORS = `
  SELECT 'operator', o.oid::regoperator::text, concat_ws(' ', 'FUNCTION', o.oprcode::regproc, 'COMMUTATOR ' || nullif(o.oprcom, 0)::regoperator::text,
    'NEGATOR ' || nullif(o.oprnegate, 0)::regoperator::text)
  FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE ${isOwn('pg_operator', 'o.oid')}
  UNION ALL
  SELECT 'cast', format_type(k.castsource, NULL) || ' AS ' || format_type(k.casttarget, NULL),
    concat_ws(' ', nullif(k.castfunc, 0)::regprocedure::text, k.castcontext::text, k.castmethod::text)
  FROM pg_cast k WHERE k.oid >= ${FIRST_OID} AND ${isNoMember('pg_cast', 'k.oid')}`;

const WHOLE_DATABASE = `
  SELECT 'event trigger', quote_ident(t.evtname), concat_ws(' ', t.evtevent, t.evtfoid::regproc, t.evttags::text, t.evtenabled::text)
  FROM pg_event_trigger t WHERE ${isNoMember('pg_event_trigger', 't.oid')}
  UNION ALL
  SELECT 'publication', quote_ident(p.pubname), concat_ws(' ', CASE WHEN p.puballtables THEN 'ALL TABLES' END,
    (SELECT string_agg(r.prrelid::regclass::text, ', ' ORDER BY r.prrelid::regclass::text) FROM pg_publication_rel r WHERE r.prpubid = p.oid),
    CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
    CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)
  FROM pg_publication p
  UNION ALL
  SELECT 'server', quote_ident(s.srvname), concat_ws(' ', quote_ident(w.fdwname), s.srvtype, s.srvversion, s.srvoptions::text)
  FROM pg_foreign_server s JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw`;

/** Of what is the user's: extensions have comments of their own. */
const COMMENTS = `
  SELECT 'comment', pg_describe_object(d.classoid, d.objoid, d.objsubid), d.description FROM pg_description d
  WHERE d.objoid >= ${FIRST_OID} AND d.classoid <> 'pg_extension'::regclass AND NOT EXISTS (SELECT FROM pg_depend e
    WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')`;

/** Who may what, beside the owner. What PostgreSQL grants of itself is told of functions, where it is PUBLIC that may call them. */
const GRANTS = `
  SELECT 'grant', o.object || ' to ' || CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END,
    string_agg(g.privilege_type || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END, ', ' ORDER BY g.privilege_type)
  FROM (
    SELECT 'schema ' || quote_ident(n.nspname) AS object, n.nspowner AS owner, n.nspacl AS acl FROM pg_namespace n
      WHERE ${isOwn('pg_namespace', 'n.oid')}
    UNION ALL SELECT ${qualified('n.nspname', 'c.relname')}, c.relowner, c.relacl
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${isOwn('pg_class', 'c.oid')}
    UNION ALL SELECT ${qualified('n.nspname', 'c.relname')} || '.' || quote_ident(a.attname), c.relowner, a.attacl
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attacl IS NOT NULL AND ${isOwn('pg_class', 'c.oid')}
    UNION ALL SELECT 'function ' || p.oid::regprocedure::text, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${isOwn('pg_proc', 'p.oid')}
    UNION ALL SELECT 'type ' || ${TYPE}, t.typowner, t.typacl ${FROM_TYPE} WHERE ${OWN_TYPE}
  ) o, aclexplode(o.acl) g WHERE g.grantee <> o.owner GROUP BY 2
  UNION ALL
  SELECT 'default privileges', concat_ws(' ', 'for', d.defaclrole::regrole, 'in ' || quote_ident(n.nspname), 'on', d.defaclobjtype::text,
    'to', CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END), string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type)
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) g GROUP BY 2`;

/** Only where it is not the owner of the database: that is whoever applied the schema. */
const OWNERS = `
  SELECT 'owner', o.object, o.owner::regrole::text FROM (
    SELECT 'schema ' || quote_ident(n.nspname) AS object, n.nspowner AS owner FROM pg_namespace n
      WHERE n.oid >= ${FIRST_OID} AND ${isOwn('pg_namespace', 'n.oid')}
    UNION ALL SELECT ${qualified('n.nspname', 'c.relname')}, c.relowner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind NOT IN ('i', 'I', 'c') AND ${isOwn('pg_class', 'c.oid')}
    UNION ALL SELECT 'function ' || p.oid::regprocedure::text, p.proowner FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE ${isOwn('pg_proc', 'p.oid')}
    UNION ALL SELECT 'type ' || ${TYPE}, t.typowner ${FROM_TYPE} WHERE t.typtype IN ('e', 'd') AND ${OWN_TYPE}
  ) o WHERE o.owner <> (SELECT datdba FROM pg_database WHERE datname = current_database())`;

/** All that is no relation and hangs on none. */
export const OTHER_QUERIES: readonly string[] = [
  SCHEMAS,
  EXTENSIONS,
  TYPES,
  ROUTINES,
  OPERATORS,
  WHOLE_DATABASE,
  COMMENTS,
  GRANTS,
  OWNERS,
];
