/** Files out of which Tandem and confiture 1.29 move the same keys; by name below db/schema. */
export const TWO_PASS_CASES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a key on a column': one('CREATE TABLE a (\n    id int PRIMARY KEY,\n    b int REFERENCES b (id)\n);'),
  'a key on a column, with clauses around': one(
    'CREATE TABLE a (id int NOT NULL REFERENCES b UNIQUE DEFAULT 1, n int CONSTRAINT n REFERENCES b(id) NOT NULL CHECK (n > 0));',
  ),
  'keys of the table': one(
    'CREATE TABLE a (\n  id int,\n  b int,\n  FOREIGN KEY (b) REFERENCES b (id),\n  CONSTRAINT named FOREIGN KEY (id) REFERENCES c\n);\n',
  ),
  'composite, with actions': one(
    'CREATE TABLE a (x int, y int, FOREIGN KEY (x, y) REFERENCES b (x, y) ON DELETE SET NULL ON UPDATE CASCADE, z int REFERENCES c ON UPDATE RESTRICT ON DELETE SET DEFAULT, w int REFERENCES c ON DELETE NO ACTION);',
  ),
  'what the model does not hold stays': one(
    'CREATE TABLE a (x int REFERENCES b MATCH FULL, y int, z int, FOREIGN KEY (y, z) REFERENCES b MATCH FULL,\n FOREIGN KEY (x) REFERENCES c ON DELETE SET NULL (x), w int REFERENCES d NOT ENFORCED, v int REFERENCES d ENFORCED, FOREIGN KEY (w) REFERENCES e NOT ENFORCED, u int REFERENCES e);',
  ),
  'MATCH SIMPLE goes': one('CREATE TABLE a (x int REFERENCES b MATCH SIMPLE);'),
  'deferrable on columns': one(
    `CREATE TABLE a (
  a int REFERENCES b DEFERRABLE,
  b int REFERENCES b DEFERRABLE INITIALLY DEFERRED,
  c int REFERENCES b DEFERRABLE INITIALLY IMMEDIATE NOT NULL,
  d int REFERENCES b NOT DEFERRABLE,
  e int REFERENCES b INITIALLY DEFERRED UNIQUE,
  f int REFERENCES b INITIALLY IMMEDIATE DEFAULT 7,
  g int REFERENCES b INITIALLY DEFERRED DEFERRABLE,
  h int UNIQUE DEFERRABLE REFERENCES b
);`,
  ),
  'deferrable keys of the table': one(
    `CREATE TABLE a (a int,
  FOREIGN KEY (a) REFERENCES b DEFERRABLE,
  FOREIGN KEY (a) REFERENCES b DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (a) REFERENCES b INITIALLY DEFERRED,
  FOREIGN KEY (a) REFERENCES b NOT DEFERRABLE,
  FOREIGN KEY (a) REFERENCES b INITIALLY IMMEDIATE
);`,
  ),
  'not valid': one('CREATE TABLE a (a int, CONSTRAINT k FOREIGN KEY (a) REFERENCES b NOT VALID);'),
  'two keys on one column': one(
    'CREATE TABLE a (x int REFERENCES b REFERENCES c CONSTRAINT k REFERENCES d);',
  ),
  'quoted names': one(
    'CREATE TABLE "My Schema"."T""a(b,c" ("Ä 1" int REFERENCES "S"."p,q" ("x)y"), "user" int, "Desc" int, left_ int, FOREIGN KEY ("user", "Desc", left_) REFERENCES "order" ("A", b, "left"));',
  ),
  'names that need quotes and names that do not': one(
    'CREATE TABLE name (between int REFERENCES values (int), "select" int REFERENCES "table", "verbose" int, _x$1 int, FOREIGN KEY (_x$1, "verbose") REFERENCES É (ß));',
  ),
  'capitals that are folded': one(
    'CREATE TABLE Sch.Tab (Col INT REFERENCES Oth.Tgt (Id)); CREATE TABLE T2 (ÄB int REFERENCES ÖC);',
  ),
  'U& names': one('CREATE TABLE a (U&"d\\0061t" int REFERENCES U&"!0041" UESCAPE \'!\' (id));'),
  'a name of more than 63 bytes': one(
    `CREATE TABLE ${'n'.repeat(70)} (${'é'.repeat(40)} int REFERENCES ${'t'.repeat(80)});`,
  ),
  'comments around': one(
    `-- before REFERENCES
CREATE TABLE a ( -- open
  id int, -- the id
  /* above */
  b int /* one */ REFERENCES /* two */ b /* three */ (id) /* four */, -- the b
  -- the key
  FOREIGN KEY (b) /* in it */ REFERENCES c -- behind it
  -- nearly the end
) /* options */ ;
/* after */`,
  ),
  'commas before': one(
    'CREATE TABLE a (\n    id int\n  , b int REFERENCES b\n  , FOREIGN KEY (b) REFERENCES c\n  , CONSTRAINT k FOREIGN KEY (id) REFERENCES d\n);',
  ),
  'the first element, and one in the middle': one(
    'CREATE TABLE a (FOREIGN KEY (id) REFERENCES b,\n  id int,\n\tCONSTRAINT k\n\t\tFOREIGN KEY (id)\n\t\tREFERENCES b (id),\n  x int\n);',
  ),
  'only keys': one(
    'CREATE TABLE a (FOREIGN KEY (x) REFERENCES b, FOREIGN KEY (y) REFERENCES c) INHERITS (p);',
  ),
  'one line': one('CREATE TABLE a(id int,b int REFERENCES b,FOREIGN KEY(id)REFERENCES c);'),
  'many lines': one(
    'CREATE\nTABLE\na\n(\nid\nint\nREFERENCES\nb\n(\nid\n)\n,\nx\nint\nREFERENCES\nc\nNOT\nNULL\n)\n;',
  ),
  'blank lines and tabs': one(
    'CREATE TABLE a (\n\n\tid int,\n\n\tFOREIGN KEY (id) REFERENCES b\t \n\n);\n\n\n',
  ),
  'ends of line': one(
    'CREATE TABLE a (\r\n  id int,\r\n  FOREIGN KEY (id) REFERENCES b\r\n);\r\nCREATE TABLE b (\r  id int REFERENCES c\r);\r',
  ),
  'other space': one('CREATE TABLE a (\n\f id int\v,\v\n\v FOREIGN KEY (id) REFERENCES b\n);'),
  'text that is not ASCII': one(
    "CREATE TABLE größe ( -- ä \u{1f600}\n  é int DEFAULT '\u{1f600}ß' REFERENCES straße (é), 'x'::text\n);\nCREATE TABLE größe ( -- ä \u{1f600}\n  é text DEFAULT '\u{1f600}ß' REFERENCES straße (é) NOT NULL, ü int, /* ö */ FOREIGN KEY (ü) REFERENCES ö\n);",
  ),
  'strings that spell a key': one(
    "CREATE TABLE a (x text DEFAULT 'y int REFERENCES b, FOREIGN KEY (x) REFERENCES c', \"references\" text DEFAULT E'\\' REFERENCES', z text DEFAULT $q$, REFERENCES ($q$ REFERENCES b CHECK (z <> ')'));",
  ),
  'a function that makes a table': one(
    'CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ CREATE TABLE a (x int REFERENCES b); $$;\nDO $$ BEGIN CREATE TABLE c (x int REFERENCES d); END $$;\nCREATE TABLE e (x int REFERENCES f);',
  ),
  'a function with a body': one(
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;\nCREATE TABLE e (x int REFERENCES f);\nCREATE RULE r AS ON INSERT TO e DO ALSO (DELETE FROM f; DELETE FROM g);\nCREATE TABLE g (x int REFERENCES f);',
  ),
  'other statements with keys': one(
    'ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b;\nALTER TABLE a ADD COLUMN y int REFERENCES b;\nCREATE SCHEMA s CREATE TABLE t (x int REFERENCES u);\nCREATE FOREIGN TABLE f (x int) SERVER s;\nCREATE TRIGGER t AFTER INSERT ON a REFERENCING NEW TABLE AS n EXECUTE FUNCTION f();\nGRANT REFERENCES ON a TO b;',
  ),
  'kinds of tables': one(
    'CREATE TABLE IF NOT EXISTS a (x int REFERENCES b);\nCREATE UNLOGGED TABLE c (x int REFERENCES b) WITH (fillfactor = 70) TABLESPACE t;\nCREATE TEMP TABLE d (x int REFERENCES b) ON COMMIT DROP;\nCREATE TABLE e (LIKE a INCLUDING ALL, FOREIGN KEY (x) REFERENCES b);',
  ),
  'partitioned tables': one(
    "CREATE TABLE p (id int, at date, FOREIGN KEY (id) REFERENCES q) PARTITION BY RANGE (at);\nCREATE TABLE p1 PARTITION OF p (CONSTRAINT k CHECK (id > 0), id REFERENCES r) FOR VALUES FROM ('2020-01-01') TO (MAXVALUE);\nCREATE TABLE p2 PARTITION OF p DEFAULT PARTITION BY LIST (id);",
  ),
  'typed tables': one('CREATE TABLE a OF typ (x WITH OPTIONS REFERENCES b, PRIMARY KEY (y));'),
  'expressions with commas and parentheses': one(
    'CREATE TABLE a (x numeric(10, 2) DEFAULT round(1.5, 0), y int GENERATED ALWAYS AS (coalesce(1, 2)) STORED REFERENCES b, CHECK (x IN (1, 2)), EXCLUDE USING gist (x WITH =, y WITH <>), FOREIGN KEY (y) REFERENCES c);',
  ),
  'tables of one file that know each other': one(
    'CREATE TABLE a (id int PRIMARY KEY, parent int REFERENCES a, b int REFERENCES b);\n\nCREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);\n',
  ),
  'COPY data': one(
    "CREATE TABLE a (x text REFERENCES b);\nCOPY a FROM stdin;\nCREATE TABLE c (x int REFERENCES d);\n'\n\\.\nCREATE TABLE e (x int REFERENCES f);\n",
  ),
  'statements that do not parse': one(
    'CREATE TABLE a (x int REFERENCES b;);\nCREATE TABEL c (x int REFERENCES d);\nCREATE TABLE e (x int REFERENCES f,);\nCREATE TABLE g (x int REFERENCES h);',
  ),
  'no key at all': { 'a.sql': 'CREATE TABLE a (id int);', 'b.sql': "SELECT 'references';\n" },
  'a statement without its semicolon takes the next file along': {
    'a.sql': 'CREATE TABLE a (x int REFERENCES b)',
    'b.sql': 'CREATE TABLE c (x int REFERENCES d);\nCREATE TABLE e (x int REFERENCES f);',
  },
  'so does one with files between that have no statement': {
    'a.sql': 'CREATE SCHEMA s',
    'b.sql': '-- nothing here\n',
    'c.sql': 'CREATE TABLE c (x int REFERENCES d);\nCREATE TABLE e (x int REFERENCES f);',
  },
  'many files': {
    '1_tables/a.sql': 'CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES s.b (id) ON DELETE CASCADE);',
    '1_tables/b.sql':
      'CREATE SCHEMA s;\r\nCREATE TABLE s.b (id int PRIMARY KEY,\r\n  a int REFERENCES a\r\n);',
    '2_other/c.sql': '',
    '3_roles/d.sql': 'CREATE TABLE d (x int REFERENCES a);',
    'seeds/e.sql': 'INSERT INTO a VALUES (1, 2);\nCREATE TABLE e (x int REFERENCES a);',
  },
};

function one(sql: string): Readonly<Record<string, string>> {
  return { 'a.sql': sql };
}
