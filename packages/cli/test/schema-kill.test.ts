import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newRun } from '@tandem/files';
import { readSourceMap, SchemaBuilder } from '@tandem/schema';
import { describe, expect, it } from 'vitest';
import { scratchFolder, tandem, write } from './support.ts';

/**
 * A build that is killed before its k-th change to the disk, for every k: each file that it was to replace is
 * whole, old or new, and the next build gives the same result as an undisturbed one.
 */

const HOOK = fileURLToPath(new URL('./kill-before-change.cjs', import.meta.url));
const CHILDREN = 4;
const PROJECT = {
  'db/environments/local.yaml': [
    'database_url: postgresql://localhost/app',
    'include_dirs: [db/schema]',
    'superuser_dirs: [db/schema/00_roles]',
    '',
  ].join('\n'),
  'db/schema/00_roles/owner.sql': 'CREATE ROLE owner;\n',
  'db/schema/10_tables/a.sql': 'CREATE TABLE a (id int);\n',
  'db/schema/10_tables/b.sql': `${'-- a line of a longer file\n'.repeat(5000)}CREATE TABLE b (id int);\n`,
};
const CHANGED = {
  'db/schema/00_roles/owner.sql': 'CREATE ROLE owner NOLOGIN;\n',
  'db/schema/10_tables/a.sql': '\nCREATE TABLE a (id bigint);\n',
};

interface Kind {
  readonly name: string;
  readonly args: readonly string[];
  readonly build: (builder: SchemaBuilder, folder: string) => Promise<unknown>;
}
const PLAIN: Kind = { name: 'one file', args: [], build: (builder) => builder.build() };
const MAPPED: Kind = {
  name: 'one file and its map',
  args: ['--source-map'],
  build: (builder) => builder.build({ sourceMap: true }),
};
const SPLIT: Kind = {
  name: 'three files',
  args: ['--split', 'db/generated'],
  build: (builder, folder) => builder.buildSplit(join(folder, 'db/generated')),
};

type Files = Readonly<Record<string, string>>;

function built(folder: string): Files {
  const place = join(folder, 'db/generated');
  try {
    return Object.fromEntries(
      readdirSync(place).map((name) => [name, readFileSync(join(place, name), 'utf8')]),
    );
  } catch {
    return {};
  }
}

async function next({ build }: Kind, folder: string): Promise<Files> {
  await build(new SchemaBuilder({ projectDir: folder }), folder);
  return built(folder);
}

/** The project, built unless it has no output yet, and then changed. */
async function project(kind: Kind, hasOutput: boolean): Promise<{ folder: string; old: Files }> {
  const folder = scratchFolder();
  write(folder, PROJECT);
  const old = hasOutput ? await next(kind, folder) : {};
  write(folder, CHANGED);
  return { folder, old };
}

function expectWhole(found: Files, old: Files, wanted: Files): void {
  for (const [name, text] of Object.entries(found)) {
    if (!name.startsWith('.tandem-')) expect([old[name], wanted[name]]).toContain(text);
  }
  for (const name of Object.keys(old)) expect(found).toHaveProperty([name]);
}

/** The first files are new, if not all are. */
function expectInOrder(found: Files, wanted: Files): void {
  const isNew = ['superuser_pre', 'app', 'superuser_post'].map((phase) => {
    const name = `schema_local_${phase}.sql`;
    return found[name] === wanted[name];
  });
  // A file without changes counts as new from the start.
  expect(isNew.slice(0, 2)).not.toEqual([false, true]);
}

/** A map matches the file beside it, or reading it fails with an error. */
function expectMapped(folder: string, found: Files, old: Files, wanted: Files): void {
  const name = 'schema_local.sql';
  const map = `${name}.map.json`;
  const isPair = [old, wanted].some((files) => files[name] === found[name] && files[map] === found[map]);
  const read = () => readSourceMap(join(folder, 'db/generated', name));
  if (isPair && map in found) expect(read().sources.length).toBe(3);
  else expect(read).toThrow(expect.objectContaining({ code: 'ERR_TANDEM_NO_SOURCE_MAP' }));
}

describe.each([PLAIN, MAPPED, SPLIT])('a kill before any step of a build of $name', (kind) => {
  it.each([
    ['where there is no output yet', false],
    ['over an older output', true],
  ])('%s leaves whole files, and the next build equals an undisturbed one', async (_, hasOutput) => {
    const whole = await project(kind, hasOutput);
    const wanted = await next(kind, whole.folder);
    let killed = 0;
    let nextKill = 0;
    let isOver = false;
    const worker = async (): Promise<void> => {
      while (!isOver) {
        const step = nextKill++;
        const { folder, old } = await project(kind, hasOutput);
        const env = { ...process.env, TANDEM_TEST_KILL: String(step), NODE_OPTIONS: `--require=${HOOK}` };
        const { status, signal, stderr } = await tandem(['schema', 'build', ...kind.args], {
          cwd: folder,
          env,
        });
        expect(stderr).toBe('');
        const found = built(folder);
        if (signal === 'SIGKILL') killed += 1;
        else {
          isOver = true;
          expect(status).toBe(0);
          expect(found).toEqual(wanted);
        }
        expectWhole(found, old, wanted);
        if (kind === SPLIT) expectInOrder(found, wanted);
        if (kind === MAPPED) expectMapped(folder, found, old, wanted);
        expect(await next(kind, folder)).toEqual(wanted);
      }
    };
    await Promise.all(Array.from({ length: CHILDREN }, worker));
    // create, write twice, mode, sync, rename, sync of the folder
    expect(killed).toBeGreaterThanOrEqual(7);
  });
});

describe('the scratch of a killed build', () => {
  it('is removed by the next build, but files of running processes and other programs are not', async () => {
    const { folder } = await project(PLAIN, true);
    const place = join(folder, 'db/generated');
    const { host, scope, started, id } = newRun();
    const dead = `.tandem-${host}-${scope}-4194999-${started}-r00000000-0`;
    const kept = [
      `.tandem-${id}-0`,
      `.tandem-${host}-${scope}-4194999-${started}-r00000000-1`,
      '.tandem-lock',
      'mine.sql',
    ];
    for (const name of [dead, ...kept]) writeFileSync(join(place, name), 'x');
    const found = await next(PLAIN, folder);
    expect(Object.keys(found).sort()).toEqual([...kept, 'schema_local.sql'].sort());
  });
});
