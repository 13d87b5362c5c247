import { FIRST_OID, isOwn, qualified } from './catalogue-names.ts';

// The manual, "System Catalogs" (52). Each query returns kind, name, definition, and the object that it
// belongs to.

/**
 * All objects that have an owner, privileges or comments: the object as displayed, its own name, owner,
 * privileges.
 */
const OBJECTS = `
    SELECT 'schema ' || quote_ident(n.nspname) AS object, quote_ident(n.nspname) AS name, n.nspowner AS owner, n.nspacl AS acl,
      n.oid >= ${FIRST_OID} AS is_owned FROM pg_namespace n WHERE ${isOwn('pg_namespace', 'n.oid')}
    UNION ALL SELECT ${qualified('n.nspname', 'c.relname')}, ${qualified('n.nspname', 'c.relname')}, c.relowner, c.relacl, c.relkind NOT IN ('i', 'I', 'c')
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${isOwn('pg_class', 'c.oid')}
    UNION ALL SELECT 'function ' || p.oid::regprocedure::text, p.oid::regprocedure::text, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner)), true
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${isOwn('pg_proc', 'p.oid')}
    UNION ALL SELECT 'type ' || ${qualified('n.nspname', 't.typname')}, ${qualified('n.nspname', 't.typname')}, t.typowner, t.typacl, t.typtype IN ('e', 'd')
      FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${isOwn('pg_type', 't.oid')}`;

const PRIVILEGE = `g.privilege_type || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END`;

/**
 * Privileges of roles other than the owner. Privileges that PostgreSQL grants by default are reported for
 * functions, which PUBLIC may then call.
 */
const GRANTS = `
  SELECT 'grant', o.object || ' to ' || CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE g.grantee::regrole::text END,
    string_agg(${PRIVILEGE}, ', ' ORDER BY g.privilege_type), o.name
  FROM (SELECT object, name, owner, acl FROM (${OBJECTS}) each
    UNION ALL SELECT ${qualified('n.nspname', 'c.relname')} || '.' || quote_ident(a.attname), ${qualified('n.nspname', 'c.relname')}, c.relowner, a.attacl
      FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attacl IS NOT NULL AND ${isOwn('pg_class', 'c.oid')}
  ) o, aclexplode(o.acl) g WHERE g.grantee <> o.owner GROUP BY 2, 4
  UNION ALL
  SELECT 'default privileges', concat_ws(' ', 'for', d.defaclrole::regrole, 'in ' || quote_ident(n.nspname), 'on', d.defaclobjtype::text,
    'to', CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE coalesce(g.grantee::regrole::text, 'nobody else') END),
    string_agg(${PRIVILEGE}, ', ' ORDER BY g.privilege_type), quote_ident(n.nspname)
  FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
    LEFT JOIN LATERAL aclexplode(d.defaclacl) g ON g.grantee <> d.defaclrole GROUP BY 2, 4`;

/**
 * Includes the owner of the database, which also owns most objects: the role that applied the schema. Its row
 * has no name.
 */
const OWNERS = `
  SELECT 'owner', o.object, o.owner::regrole::text, o.name FROM (${OBJECTS}) o WHERE o.is_owned
  UNION ALL
  SELECT 'owner', '', datdba::regrole::text, NULL FROM pg_database WHERE datname = current_database()`;

/**
 * Only comments on the user's objects: extensions have comments of their own. Objects are named by
 * pg_identify_object, which uses English on every server; pg_describe_object does not.
 */
const COMMENTS = `
  SELECT 'comment', concat_ws(' ', i.type, i.identity), d.description,
    CASE d.classoid
      WHEN 'pg_class'::regclass THEN coalesce((SELECT indrelid FROM pg_index WHERE indexrelid = d.objoid), d.objoid)::regclass::text
      WHEN 'pg_type'::regclass THEN d.objoid::regtype::text
      WHEN 'pg_proc'::regclass THEN d.objoid::regprocedure::text
      WHEN 'pg_namespace'::regclass THEN (SELECT quote_ident(nspname) FROM pg_namespace WHERE oid = d.objoid)
      WHEN 'pg_trigger'::regclass THEN (SELECT tgrelid::regclass::text FROM pg_trigger WHERE oid = d.objoid)
      WHEN 'pg_policy'::regclass THEN (SELECT polrelid::regclass::text FROM pg_policy WHERE oid = d.objoid)
      WHEN 'pg_rewrite'::regclass THEN (SELECT ev_class::regclass::text FROM pg_rewrite WHERE oid = d.objoid)
      WHEN 'pg_constraint'::regclass THEN (SELECT CASE conrelid WHEN 0 THEN contypid::regtype::text ELSE conrelid::regclass::text END
        FROM pg_constraint WHERE oid = d.objoid)
    END
  FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
  WHERE d.objoid >= ${FIRST_OID} AND d.classoid <> 'pg_extension'::regclass AND NOT EXISTS (SELECT FROM pg_depend e
    WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')`;

/** Properties of objects: owners, privileges, comments. */
export const RIGHT_QUERIES: readonly string[] = [COMMENTS, GRANTS, OWNERS];
