import type { Planted } from './planted-project.ts';

const schema = (...names: string[]): string[] => names.map((name) => `db/schema/${name}`);
/** Splits a text at its spaces into names. */
const words = (names: string): string[] => schema(...names.split(' '));
const ONE = 'include_dirs: [db/schema]\n';
const HEX = `${ONE}build: {sort_mode: hex}\n`;

/** Trees that programs tend to select and order differently. */
export const AWKWARD_TREES: Readonly<Record<string, Planted>> = {
  'folders beside files, by part': {
    config: ONE,
    files: schema('a.sql', 'a/b.sql', 'a b/d.sql', 'a-b/c.sql', 'a!/e.sql', 'B/f.sql', '_/g.sql'),
  },
  'names beyond ASCII, by code point': {
    config: ONE,
    files: schema(
      '\u{ff5e}.sql',
      '\u{1f600}.sql',
      'é.sql',
      'e\u0301.sql',
      'z.sql',
      'Ä/ß.sql',
      '\u{10ffff}/x.sql',
    ),
  },
  'hidden names, other endings': {
    config: ONE,
    files: schema('.hidden.sql', '.git/x.sql', '.sql', 'a.SQL', 'a.sql.bak', 'a.sq', 'sql', 'b.sql'),
  },
  'odd names': {
    config: ONE,
    files: schema(
      ' .sql',
      'a\tb.sql',
      "it's.sql",
      '"q".sql',
      'a\\b.sql',
      '*.sql',
      '[a].sql',
      '#.sql',
      'new\nline.sql',
    ),
  },
  'a link before its target, and one behind': {
    config: ONE,
    files: schema('m.sql', 'z/deep.sql'),
    links: { 'db/schema/a.sql': 'z/deep.sql', 'db/schema/zz.sql': 'm.sql' },
  },
  'links out of the tree, to links and to one target twice': {
    config: ONE,
    files: ['elsewhere/x.sql', ...schema('b.sql')],
    links: {
      'db/schema/a.sql': '../../elsewhere/x.sql',
      'db/schema/c.sql': 'a.sql',
      'db/schema/d.sql': '../../elsewhere/x.sql',
      'db/schema/e.txt': 'b.sql',
    },
  },
  'links to folders': {
    config: ONE,
    files: ['elsewhere/x.sql', ...schema('b.sql')],
    links: {
      'db/schema/linked': '../../elsewhere',
      'db/schema/folder.sql': '../../elsewhere',
      'db/schema/loop': '.',
    },
  },
  'folders named as files': { config: ONE, files: schema('x.sql/a.sql', 'x.sql/b.txt', 'y.sql/', 'x.sqk') },
  'an include folder that is a link, and .. in it': {
    config: 'include_dirs: [db/linked/../real, "./db//other/"]\n',
    files: ['db/real/a.sql', 'far/real/b.sql', 'far/folder/x.sql', 'db/other/c.sql'],
    links: { 'db/linked': '../far/folder' },
  },
  'the project itself': {
    config: "include_dirs: ['.']\n",
    files: ['a.sql', 'db/schema/b.sql', 'db/environments/c.sql'],
  },
  'entries one in another, one order': {
    config: 'include_dirs: [db/schema/b, db/schema, {path: db/schema/a, include: ["*.sql"]}]\n',
    files: schema('a/1.sql', 'b/2.sql', 'b.sql', 'c/3.sql', 'a.sql'),
  },
  'entries side by side, by part': {
    config: 'include_dirs: ["db/a b", db/a-b, db/a, "db/a!/c", db/a/b c, db/a/b]\n',
    files: [
      'db/a b/1.sql',
      'db/a-b/2.sql',
      'db/a/3.sql',
      'db/a!/c/4.sql',
      'db/a/b/5.sql',
      'db/a/b c/6.sql',
      'db/a/b!.sql',
    ],
  },
  'the lower order owns': {
    config:
      'include_dirs:\n- {path: db/schema, order: 5}\n- {path: db/schema/b, order: -1}\n- {path: db/schema/c, order: 9}\n',
    files: schema('a.sql', 'b/2.sql', 'c/3.sql', 'd.sql'),
  },
  'the first of equals owns': {
    config:
      'include_dirs:\n- {path: db/schema, include: ["a*"]}\n- {path: db/schema, include: ["**/*.sql"]}\n',
    files: schema('a.sql', 'ab/c.sql', 'ab/a.sql', 'd.sql'),
  },
  'entries sequence nothing': {
    config: 'include_dirs: [db/seeds, db/schema, {path: db/after, order: 1}, {path: db/before, order: -1}]\n',
    files: ['db/seeds/a.sql', 'db/after/b.sql', 'db/before/c.sql', ...schema('d.sql')],
  },
  'a folder that is not there moves the base': {
    config: 'include_dirs: [db/schema, {path: other/later, order: 1}]\n',
    files: schema('a.sql'),
  },
  'patterns of every kind': {
    config:
      'include_dirs:\n- path: db/schema\n  include: ["/top.sql", "a/*.sql", "b/**/d.sql", "**/e/*", "f/", "g?.sql", " h.sql "]\n',
    files: words(
      'top.sql x/top.sql a/1.sql a/2/3.sql x/a/1.sql b/d.sql b/c/d.sql b/c/c/d.sql b/d e/1.txt x/e/2.sql e/e/3 x/e/4/5 f/1 f/2/3 x/f/1 g1.sql x/gé.sql g\u{1f600}.sql g12.sql h.sql',
    ),
  },
  exclusion: {
    config:
      'include_dirs:\n- path: db/schema\n  exclude: ["**/temp/**", "*.bak.sql", "/old/", "a/**", "**/x*y*z.sql", "", "q"]\n',
    files: words(
      'temp/a.sql b/temp/c/d.sql temp.sql a.bak.sql b/c.bak.sql old/a.sql b/old/a.sql a/b.sql b/a/c.sql xyz.sql d/x1y2y3z.sql xzy.sql q q.sql',
    ),
  },
  'stars in stars': {
    config:
      'include_dirs:\n- path: db/schema\n  include: ["a**b.sql", "**", "**/**/c.sql"]\n  exclude: ["**/n/**/m/**/o.txt"]\n',
    files: schema(
      'ab.sql',
      'a1b.sql',
      'a/b.sql',
      'c.sql',
      'x/c.sql',
      'n/m/o.txt',
      'n/1/m/2/3/o.txt',
      'n/o.txt',
      'm/n/o.txt',
    ),
  },
  classes: {
    config:
      'include_dirs:\n- path: db/schema\n  include: ["[a-c].sql", "[!a-z]1.sql", "[]x]2.sql", "[^0-9é]3.sql", "[a-]4.sql", "[5.sql", "[!]6.sql", "[b-d-f]7.sql"]\n',
    files: words(
      'a.sql d.sql A1.sql b1.sql \u{1f600}1.sql ]2.sql x2.sql y2.sql é3.sql è3.sql 03.sql -4.sql a4.sql b4.sql [5.sql 5.sql [!]6.sql !6.sql c7.sql -7.sql e7.sql f7.sql [b-d-f]7.sql',
    ),
  },
  'not below': {
    config: 'include_dirs: [{path: db/schema, recursive: no, include: ["**/*.sql", "a/*"]}]\n',
    files: schema('a.sql', 'a/b.sql', '.c.sql'),
  },
  'excluded folders, by part': {
    config:
      'exclude_dirs: [db/schema/a, db/schema/c.sql, db/lnk, nowhere, "db/schema/e/"]\ninclude_dirs: [db/schema]\n',
    files: schema('a/1.sql', 'ab/2.sql', 'a.sql', 'c.sql', 'd/3.sql', 'd/4/5.sql', 'e/6.sql', 'c.sql.sql'),
    links: { 'db/lnk': 'schema/d/4' },
  },
  'superuser folders': {
    config:
      'include_dirs: [db/schema]\nsuperuser_dirs: [db/schema/roles, db/schema/both, db/schema/one.sql]\nsuperuser_post_dirs: [{path: db/schema/grants}, db/schema/both]\n',
    files: schema('roles/1.sql', 'roles2/2.sql', 'both/3.sql', 'grants/a/4.sql', 'one.sql', 'app.sql'),
  },
  'seeds by their names': {
    config: 'include_dirs: [db]\n',
    name: 'my_seed_project',
    files: [
      'db/30_seed_backend/a.sql',
      'db/SEEDS/b.sql',
      'db/10-seeds/c.sql',
      'db/seedling/d.sql',
      'db/proceeds/e.sql',
      'db/reseed/f.sql',
      'db/seed.sql',
      'db/seed_x.sql',
      'db/my-seed-x.sql',
      'db/a/seed/b/c.sql',
      'db/seed data/x.sql',
      'db/schema/t.sql',
    ],
  },
  'the base folder is one of seeds': {
    config: 'include_dirs: [db/my_seeds]\n',
    files: ['db/my_seeds/a.sql', 'db/my_seeds/b/c.sql'],
  },
  'decimal numbers': {
    config: HEX,
    files: schema(
      '10_a.sql',
      '2_b.sql',
      '0009_c/1_x.sql',
      '0010_d/x.sql',
      'plain.sql',
      'add_column.sql',
      'face_x.sql',
      '3.sql',
      '_4.sql',
    ),
  },
  'hexadecimal where a letter is': {
    config: HEX,
    files: schema(
      '0100_a.sql',
      '009A_b.sql',
      '00ff_c.sql',
      'd/0100_a.sql',
      'd/99_b.sql',
      'd/e/0a_x.sql',
      'd/e/11_y.sql',
      '0A_/1_x.sql',
    ),
  },
  'capitals among the digits': {
    config: HEX,
    files: words('0B_a.sql 0a_b.sql 0C_/x.sql 0d_/x.sql 0A_b.sql'),
  },
  'numbers of folders alone': { config: HEX, files: schema('10_a/x.sql', '9_b/y.sql', 'c/z.sql') },
  'one number spelled in two ways': {
    config: HEX,
    files: schema(
      '0001_x/b.sql',
      '001_x/a.sql',
      '1_x/0a_c.sql',
      '01_x.sql',
      '1_x.sql',
      '001_x/10_d.sql',
      '0001_x/10_d.sql',
      '1_w.sql',
    ),
  },
  'numbers without an end': {
    config: HEX,
    files: schema(
      `${'9'.repeat(40)}_a.sql`,
      `1${'0'.repeat(40)}_b.sql`,
      '9007199254740993_c.sql',
      '9007199254740992_d.sql',
      '0_e.sql',
      '000_f.sql',
    ),
  },
  'numbers in two blocks and two roots': {
    config:
      'build: {sort_mode: hex}\ninclude_dirs: [db/b, db/10_a, {path: db/9_c, order: 0}, {path: db/0a_late, order: 3}, {path: db/10_a/1_in, order: 3}]\n',
    files: [
      'db/b/1_x.sql',
      'db/10_a/10_y.sql',
      'db/10_a/9_y.sql',
      'db/9_c/z.sql',
      'db/0a_late/q.sql',
      'db/10_a/1_in/r.sql',
    ],
  },
  'the words of YAML 1.1': {
    config:
      'x-base: &base {recursive: off, order: 010}\ninclude_dirs:\n- {<<: *base, path: db/schema}\n- {path: db/a, order: 1:30, recursive: "n"}\n- {path: db/b, order: "7", recursive: 0}\n- {path: db/c, order: 0x10, auto_discover: Yes}\n- {path: db/d, order: 9.0}\n',
    files: [
      ...schema('a.sql', 'b/c.sql'),
      'db/a/1.sql',
      'db/a/b/2.sql',
      'db/b/3.sql',
      'db/b/b/4.sql',
      'db/c/5.sql',
      'db/d/6.sql',
    ],
  },
};
