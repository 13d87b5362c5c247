const CHECKED = 'LANGUAGE sql AS';
const TABLE = 'CREATE TABLE t (id int PRIMARY KEY, n int);';

/** A description, and two files that apply in this order and keep it. */
export const NO_NEEDS: readonly (readonly [about: string, first: string, second: string])[] = [
  ['names from a WITH query', 'CREATE VIEW v AS WITH t AS (SELECT 1 AS id) SELECT id FROM t;', TABLE],
  [
    'names of a recursive query',
    'CREATE VIEW v AS WITH RECURSIVE t AS (SELECT 1 AS id UNION SELECT id + 1 FROM t WHERE id < 3) SELECT * FROM t;',
    TABLE,
  ],
  [
    'WITH around a query within one',
    'CREATE VIEW v AS WITH t AS (SELECT 1 AS id) SELECT (WITH u AS (SELECT id FROM t) SELECT max(u.id) FROM u, t);',
    `${TABLE} CREATE TABLE u (id int);`,
  ],
  [
    'aliases',
    'CREATE VIEW v AS SELECT t.id, u FROM (SELECT 1 AS id) AS t, unnest(ARRAY[1]) AS u;',
    `${TABLE} CREATE TABLE u ();`,
  ],
  [
    'a locked alias',
    'SELECT 1 FROM (SELECT 1) AS x; CREATE TABLE y (id int); SELECT id FROM y AS t FOR UPDATE OF t;',
    TABLE,
  ],
  ['another case', 'CREATE TABLE "T" (); CREATE TABLE p () INHERITS ("T");', TABLE],
  [
    'another schema',
    'CREATE SCHEMA s; CREATE TABLE s.t (id int); CREATE VIEW v AS SELECT id FROM s.t;',
    TABLE,
  ],
  ['its own temporary table', 'CREATE TEMP TABLE t (id int); INSERT INTO t VALUES (1); DROP TABLE t;', TABLE],
  [
    "PostgreSQL's own type",
    'CREATE TABLE p (path path, n name);',
    'CREATE TABLE path (); CREATE TABLE name ();',
  ],
  [
    'a body of PL/pgSQL',
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN n FROM t; END';",
    TABLE,
  ],
  [
    'a function body that is not checked',
    `SET check_function_bodies = off; CREATE FUNCTION f() RETURNS int ${CHECKED} 'SELECT n FROM t'; RESET check_function_bodies;`,
    TABLE,
  ],
  ['a body for any type', `CREATE FUNCTION f(anyelement) RETURNS int ${CHECKED} 'SELECT n FROM t';`, TABLE],
  [
    'a call with other arguments',
    `CREATE FUNCTION f(int) RETURNS int ${CHECKED} 'SELECT 1'; SELECT f(1);`,
    `CREATE FUNCTION f(int, int) RETURNS int ${CHECKED} 'SELECT 2';`,
  ],
  [
    'a signature of its own',
    `CREATE FUNCTION f(int) RETURNS int ${CHECKED} 'SELECT 1'; COMMENT ON FUNCTION f(int) IS 'x';`,
    `CREATE FUNCTION f(text) RETURNS int ${CHECKED} 'SELECT 2'; COMMENT ON FUNCTION f(text) IS 'x';`,
  ],
  [
    'a drop of an object that may not exist',
    'DROP TABLE IF EXISTS t; DROP VIEW IF EXISTS v CASCADE;',
    `${TABLE} CREATE VIEW v AS TABLE t;`,
  ],
  ['rows of an altered table', `${TABLE} INSERT INTO t (id) VALUES (1);`, 'ALTER TABLE t ADD COLUMN c int;'],
  [
    'a commutator',
    "CREATE TYPE p AS (a int); CREATE FUNCTION g(p, p) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true'; CREATE OPERATOR <<< (leftarg = p, rightarg = p, function = g, commutator = >>>);",
    'CREATE OPERATOR >>> (leftarg = p, rightarg = p, function = g, commutator = <<<);',
  ],
  [
    'an operator for a type that is not used',
    'CREATE VIEW v AS SELECT 1 + 1 AS n;',
    "CREATE TYPE p AS (a int); CREATE FUNCTION g(p, p) RETURNS p LANGUAGE sql IMMUTABLE AS 'SELECT $1'; CREATE OPERATOR + (leftarg = p, rightarg = p, function = g);",
  ],
  ['strings', "CREATE VIEW v AS SELECT 't' AS t; DO $$ BEGIN RAISE NOTICE 't'; END $$;", TABLE],
  [
    'an object that is replaced later',
    `CREATE FUNCTION f() RETURNS int ${CHECKED} 'SELECT 1'; SELECT f();`,
    `CREATE OR REPLACE FUNCTION f() RETURNS int ${CHECKED} 'SELECT 2';`,
  ],
  [
    'an object that is dropped and created again',
    `${TABLE} CREATE VIEW v AS TABLE t;`,
    'DROP VIEW v; CREATE VIEW v AS SELECT id FROM t;',
  ],
  [
    'a renamed object',
    `${TABLE} ALTER TABLE t RENAME TO u; COMMENT ON TABLE u IS $$x$$;`,
    'CREATE TABLE t (); COMMENT ON TABLE t IS $$x$$;',
  ],
  ['default privileges', 'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;', TABLE],
];
