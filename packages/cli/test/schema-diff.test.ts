import { describe, expect, it } from 'vitest';
import { describeServer } from '../../schema/test/databases-here.ts';
import { type Finished, gitIn, printed, scratchFolder, write } from './support.ts';

const CONFIG = 'database_url: postgresql://localhost/app\ninclude_dirs:\n  - db/schema\n';
const BEFORE = `CREATE TABLE users (id int PRIMARY KEY, name text);
CREATE VIEW names AS SELECT name FROM users;
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  -- a
  -- b
  -- c
  RETURN 1;
END $$;
`;
const AFTER = `CREATE TABLE users (id bigint PRIMARY KEY, name text);
CREATE TABLE orders (
  id int PRIMARY KEY,
  "user" bigint REFERENCES users (id)
);
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  -- a
  -- b
  -- c
  RETURN 2;
END $$;
`;

/** A repository with BEFORE as main, and AFTER in the working tree. */
function project(after: string = AFTER): string {
  const folder = scratchFolder();
  write(folder, { 'db/environments/local.yaml': CONFIG, 'db/schema/a.sql': BEFORE });
  for (const args of [
    ['init', '--quiet', '--initial-branch=main'],
    ['add', '.'],
    ['commit', '--quiet', '-m', 'x'],
  ]) {
    gitIn(folder, ...args);
  }
  write(folder, { 'db/schema/a.sql': after });
  return folder;
}

function diff(folder: string, ...args: string[]): Promise<Finished> {
  return printed(['schema', 'diff', ...args], { cwd: folder });
}

describeServer('tandem schema diff on a server of its own', () => {
  it('prints what was added, removed and changed', async () => {
    const { status, stdout, stderr } = await diff(project(), 'main', '--database', 'server');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(`~ function public.f()  db/schema/a.sql:6
        -- c
    -   RETURN 1;
    +   RETURN 2;
      END $function$
- view public.names  main:db/schema/a.sql:2
+ table public.orders  db/schema/a.sql:2
    column id: integer NOT NULL
    column "user": bigint
    constraint orders_pkey: PRIMARY KEY (id)
    constraint orders_user_fkey: FOREIGN KEY ("user") REFERENCES public.users(id)
~ column public.users.id  db/schema/a.sql:1
    - integer NOT NULL
    + bigint NOT NULL
1 added, 1 removed, 2 changed: main -> the working tree
`);
  });

  it('prints JSON, compares two sides, and has a status for differences', async () => {
    const folder = project();
    const { status, stdout } = await diff(
      folder,
      'dir:.',
      'main',
      '--database',
      'server',
      '--format',
      'json',
      '--fail-on',
      'difference',
      '--exclude',
      'f*',
      '--exclude',
      'orders',
    );
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      compared: true,
      before: { name: '.', kind: 'folder', files: 1, server: expect.stringMatching(/^PostgreSQL/) },
      after: { name: 'main', kind: 'revision', files: 1, server: expect.stringMatching(/^PostgreSQL/) },
      findings: [],
      added: [
        {
          kind: 'view',
          name: 'public.names',
          definition: expect.stringContaining('SELECT'),
          of: null,
          parts: [],
          source: { path: 'main:db/schema/a.sql', line: 2 },
        },
      ],
      removed: [],
      changed: [
        {
          kind: 'column',
          name: 'public.users.id',
          of: 'public.users',
          before: 'bigint NOT NULL',
          after: 'integer NOT NULL',
          source: { path: 'main:db/schema/a.sql', line: 1 },
        },
      ],
    });
  });

  it('names the side that does not apply, with its line', async () => {
    const { status, stdout } = await diff(project('CREATE TABEL x;\n'), 'main', '--database', 'server');
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^db\/schema\/a\.sql:1:8: error: syntax error at or near "TABEL" \(42601\)\n 1 \| CREATE TABEL x;\n {3}\| {8}\^\nNot compared: the working tree does not apply to PostgreSQL \d/,
    );
  });
});

describe('tandem schema diff', () => {
  it('finds no difference without a database', async () => {
    const folder = project(BEFORE);
    expect(await diff(folder, 'main', '--fail-on', 'difference')).toMatchObject({
      status: 0,
      stdout: 'No difference: main -> the working tree\n',
      stderr: '',
    });
  });

  it.each([
    [[], 'nothing to compare with', 2],
    [['nosuch'], "no revision 'nosuch' in the repository", 2],
    [['db/schema/a.sql'], 'is a file, not a project', 2],
    [['main', 'main', 'main'], "unexpected argument: 'main'", 2],
    [
      ['main', '--ignore', 'owner,nothing'],
      "--ignore: invalid value: 'nothing' (one of: owner, grant, comment, column-order, none)",
      2,
    ],
    [['main', '--exclude', '[z-a]'], 'the pattern [z-a] has the class', 2],
    [['main', '--fail-on', 'changed'], 'one of: difference', 2],
    [
      ['postgres://me:secret@127.0.0.1:1/x'],
      'the database postgres://me@127.0.0.1:1/x: connect ECONNREFUSED',
      3,
    ],
  ])('refuses %s', async (args, problem, expected) => {
    const { status, stdout, stderr } = await diff(project(), ...args);
    expect({ status, stdout }).toEqual({ status: expected, stdout: '' });
    expect(stderr).toContain(problem);
  });
});
