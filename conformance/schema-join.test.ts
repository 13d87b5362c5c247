import { execFileSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { type BatchSource, LIMITS, type RunContext } from '@tandem/engine';
import { tandemHost } from '@tandem/job';
import type { NativeAddon, RowBatch } from '@tandem/native';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, changeMeanwhile } from '../packages/files/test/meanwhile.ts';
import { failingAt } from '../packages/native/test/failing-addon.ts';
import { joinOperation } from '../packages/schema/src/join/join-operation.ts';
import type { JoinRequest } from '../packages/schema/src/join/join-request.ts';
import type { JoinTotals } from '../packages/schema/src/join/join-totals.ts';
import { joinNatively } from '../packages/schema/src/join/native-join.ts';
import { TypeScriptJoin } from '../packages/schema/src/join/typescript-join.ts';
import { headText, psqlText, routineText, sqlText } from '../packages/schema/test/sql-fragments.ts';
import {
  addon,
  context,
  keptBatches,
  link,
  newFolder,
  plant,
  raw,
} from '../packages/sidecar/test/scan-trees.ts';

/**
 * Joins random trees on both engines: rows, totals and cursors must agree batch by batch. Runs where the
 * addon is built; otherwise there is nothing to compare.
 */

const RUNS = Number(process.env['TANDEM_CONFORMANCE_RUNS'] ?? 25);

const AWKWARD = [
  ...[
    '\r',
    '\n',
    '\r\n',
    '\ufeff',
    '\0',
    'é',
    '😀',
    '\u2028',
    '\x7f',
    '\x01',
    'SELECT 1;\n',
    "'",
    '/*',
    'requires',
    ' ',
  ],
].map(raw);
const ILL_FORMED = ['\xff', '\xc3', '\xe9', '\xed\xa0\x80', '\xf0\x9f\x98', '\xc0\x80', '\xef\xbb'];
const awkward = fc
  .array(fc.constantFrom(...AWKWARD, ...AWKWARD, ...ILL_FORMED), { maxLength: 12 })
  .map((pieces) => Buffer.from(pieces.join(''), 'latin1'));
const sql = fc.oneof(sqlText, routineText, psqlText, headText).map((text) => Buffer.from(text));
const large = fc.tuple(sql, fc.nat(40)).map(([piece, times]) => Buffer.concat(Array(times * 20).fill(piece)));

const name = fc.constantFrom(
  ...['a', 'b', 'é', 'x y', 'a*', '"', '\n', '\\'].map(raw),
  '\xff.sql',
  'b.sql',
  'a.sql',
);
const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
type Entry = { readonly path: string } & (
  | { readonly kind: 'file'; readonly bytes: Buffer }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'pipe' | 'folder' | 'missing' }
);
const entry: fc.Arbitrary<Entry> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('file' as const),
      path,
      bytes: fc.oneof(
        { weight: 6, arbitrary: sql },
        { weight: 3, arbitrary: awkward },
        { weight: 1, arbitrary: large },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('link' as const), path, target: path }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('pipe' as const, 'folder' as const, 'missing' as const),
      path,
    }),
  },
);
const tree = fc.array(entry, { maxLength: 40, size: 'max' });

const wishes = fc.record({
  text: fc.constantFrom(true, true, false),
  lex: fc.constantFrom(true, true, false),
  lines: fc.boolean(),
  digests: fc.boolean(),
  definitions: fc.boolean(),
  maxSize: fc.constantFrom(1 << 20, 100),
  pieces: fc.constantFrom(['\n/* ', ' */\n'], ['-- ', '\n-- ', '\n'], ['', '\0'], ['no label'], ['é', '']),
});

/** Every entry is in a folder of its own, so that entries do not collide. */
function build(entries: readonly Entry[]): string[] {
  const root = newFolder();
  return entries.map((one, index) => {
    const folder = `${root}/${index % 7}/${index}`;
    plant(folder, {});
    if (one.kind === 'file') plant(folder, { [one.path]: one.bytes });
    else if (one.kind === 'folder') plant(folder, { [`${one.path}/`]: '' });
    else if (one.kind === 'link') {
      plant(folder, { [one.target]: 'SELECT 1;' });
      if (one.path !== one.target && !one.target.startsWith(`${one.path}/`))
        tryLink(folder, one.path, one.target);
    } else if (one.kind === 'pipe') {
      plant(folder, { 'here/': '' });
      execFileSync('mkfifo', [`${folder}/pipe`]);
      return `${folder}/pipe`;
    }
    return `${folder}/${one.path}`;
  });
}

function tryLink(folder: string, path: string, target: string): void {
  try {
    link(folder, path, `${folder}/${target}`);
  } catch {
    // The target is a file where the link needs a folder.
  }
}

function requestOf(paths: readonly string[], given: Partial<JoinRequest>): JoinRequest {
  return {
    paths,
    labels: paths.map((_, index) => `file ${index} é.sql`),
    pieces: ['\n/* ', ' */\n'],
    ...{
      text: true,
      lex: true,
      lines: true,
      digests: false,
      definitions: true,
      maxSize: 1 << 20,
      after: '',
    },
    ...given,
  };
}

const start = {
  native: (request: JoinRequest, workers = 2): BatchSource<RowBatch> => {
    if (addon === null) throw new Error('there is no addon');
    return joinNatively(addon, request, context(workers));
  },
  typescript: (request: JoinRequest): BatchSource<RowBatch> => new TypeScriptJoin(request),
};

async function batchesOf(source: BatchSource<RowBatch>) {
  return (await keptBatches(source)).map(shown);
}

function shown({ rows, ...rest }: RowBatch) {
  return { ...rest, rows: Buffer.from(rows).toString('latin1') };
}

/** The content of all batches together. */
function merged(batches: readonly ReturnType<typeof shown>[]) {
  const totals = batches.map((batch) => JSON.parse(batch.totals) as Record<string, unknown[]>);
  return {
    rows: batches.map(({ rows }) => rows).join(''),
    totals: ['files', 'digests', 'needs', 'definitions', 'findings'].map((key) =>
      totals.flatMap((one) => one[key]),
    ),
    items: batches.reduce((sum, { items }) => sum + items, 0),
    bytes: batches.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

async function expectSame(request: JoinRequest): Promise<void> {
  const typescript = await batchesOf(start.typescript(request));
  expect(await batchesOf(start.native(request))).toEqual(typescript);
}

/** Each was once quadratic, and took minutes at this size. */
const LONG_LINES: Readonly<Record<string, (bytes: number) => string>> = {
  'commands in one line': (bytes) => '\\echo hi'.repeat(bytes / 8),
  'commands in many lines': (bytes) => '\\a\n'.repeat(bytes / 9),
  'copies in one line, with their data': (bytes) =>
    `${'copy a from stdin;'.repeat(bytes / 21)}\n${'\\.\n'.repeat(bytes / 21)}`,
};

describe('a large file is scanned in one pass', () => {
  const engines = addon === null ? (['typescript'] as const) : (['native', 'typescript'] as const);
  const cases = Object.keys(LONG_LINES).flatMap((name) => engines.map((engine) => [name, engine] as const));
  it.each(cases)('%s (%s)', async (name, engine) => {
    const root = newFolder();
    plant(root, { 'a.sql': (LONG_LINES[name] as (bytes: number) => string)(3 << 20) });
    const [batch, ...more] = await batchesOf(
      start[engine](requestOf([`${root}/a.sql`], { maxSize: 8 << 20 })),
    );
    expect(more).toEqual([]);
    const { findings } = JSON.parse(batch?.totals ?? '') as {
      findings: { line: number; params: { count?: string } }[];
    };
    if (!/^commands/.test(name)) {
      expect(findings).toEqual([]);
      return;
    }
    const inOneLine = name === 'commands in one line';
    const commands = Math.floor((3 << 20) / (inOneLine ? 8 : 9));
    expect(findings).toHaveLength(LIMITS.psqlLinesTold + 1);
    expect(findings.at(-1)).toMatchObject({
      line: inOneLine ? 1 : findings.length,
      params: { count: String(commands - LIMITS.psqlLinesTold) },
    });
  });
});

it('the TypeScript join stops at a cancel in the middle of a batch', async () => {
  const root = newFolder();
  plant(root, { 'a.sql': 'SELECT 1, (2);\n'.repeat(40_000) });
  const paths = new Array<string>(400).fill(`${root}/a.sql`);
  const source = start.typescript(requestOf(paths, {}));
  setTimeout(() => source.cancel(), 50);
  let files = 0;
  for (let batch = await source.next(); batch !== null; batch = await source.next()) files += batch.items;
  expect(files).toBeLessThan(paths.length);
});

it('the TypeScript join stops at a cancel in the middle of a file', async () => {
  const root = newFolder();
  plant(root, { 'a.sql': '\\echo hi\n'.repeat(1 << 20) });
  const source = start.typescript(requestOf([`${root}/a.sql`], { maxSize: 64 << 20 }));
  // The first turn may be the one after the file.
  setImmediate(() => setImmediate(() => source.cancel()));
  expect(await source.next()).toBe(null);
});

describe.skipIf(addon === null)('both engines', () => {
  it('join any files to the same bytes and totals', async () => {
    await fc.assert(
      fc.asyncProperty(tree, wishes, async (entries, given) => {
        await expectSame(requestOf(build(entries), given));
      }),
      { numRuns: RUNS * 4 },
    );
  });

  it('find the same in any SQL', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sql, { minLength: 60, maxLength: 150, size: 'max' }), async (texts) => {
        const root = newFolder();
        plant(root, Object.fromEntries(texts.map((text, index) => [`${index}.sql`, text])));
        await expectSame(
          requestOf(
            texts.map((_, index) => `${root}/${index}.sql`),
            {},
          ),
        );
      }),
      { numRuns: RUNS * 2 },
    );
  });

  it('resume after any batch of the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 130, maxLength: 300, size: 'max' }),
        wishes,
        async (entries, given) => {
          const request = requestOf(build(entries), given);
          const batches = await batchesOf(start.typescript(request));
          expect(batches.length).toBeGreaterThan(1);
          expect(await batchesOf(start.native(request))).toEqual(batches);
          for (const [index, { cursor }] of batches.entries()) {
            const rest = { ...request, after: cursor };
            const resumed = await batchesOf(start.typescript(rest));
            expect(await batchesOf(start.native(rest, 1))).toEqual(resumed);
            // The first batches of a request are small, so the rest is cut at other positions.
            expect(merged(resumed)).toEqual(merged(batches.slice(index + 1)));
          }
        },
      ),
      // Shrinking such trees takes minutes.
      { numRuns: Math.ceil(RUNS / 5), endOnFailure: true },
    );
  });

  it.each(['append', 'empty', 'overwrite'] as const)(
    'report a file that another program changes (%s) during the read, and continue',
    async (change: Change) => {
      const root = newFolder();
      const files = { 'small.sql': 'SELECT 1;\n', 'large.sql': 'SELECT 1;\n'.repeat(20_000), 'z.sql': '' };
      const request = requestOf(
        Object.keys(files).map((name) => `${root}/${name}`),
        {},
      );
      const plantOld = (): void => {
        plant(root, files);
        // Otherwise a change might fall into the clock tick in which they were made.
        for (const path of request.paths) utimesSync(path, 1000, 1000);
      };
      plantOld();
      changeMeanwhile(change, 1);
      const typescript = await batchesOf(start.typescript(request));
      const told = ({ totals }: { totals: string }) => (JSON.parse(totals) as JoinTotals).findings;
      // For the native engine: crates/tandem-schema/src/join/tests.rs.
      expect(typescript.flatMap(told)).toMatchObject([{ file: 1, code: 'ERR_TANDEM_CHANGED', params: {} }]);
    },
  );

  it.each([0, 1, 3])('TypeScript continues when the native engine fails at batch %i', async (failAtBatch) => {
    const root = newFolder();
    const paths = Array.from({ length: 250 }, (_, index) => `${root}/${index}.sql`);
    plant(
      root,
      Object.fromEntries(
        paths.map((_, index) => [`${index}.sql`, `SELECT ${index}${index % 9 ? ';' : ''}\r\n`]),
      ),
    );
    const request = requestOf(paths, { digests: true });
    const operation = {
      ...joinOperation,
      native: (addon: NativeAddon, ...rest: [JoinRequest, RunContext]) =>
        joinOperation.native(failingAt(addon, failAtBatch), ...rest),
    };
    const stream = tandemHost().stream(operation, request, { engine: 'auto' });
    const batches: RowBatch[] = [];
    for await (const batch of stream) batches.push({ ...batch, rows: new Uint8Array(batch.rows) });
    expect(stream.fallbacks).toMatchObject([{ batch: failAtBatch }]);
    expect(merged(batches.map(shown))).toEqual(merged(await batchesOf(start.typescript(request))));
  });
});
