import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { platformTriple } from '@tandem/native';
import { build, type Format } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** A user's program that is bundled; it prints the outcome of two runs over a folder. */
const PROGRAM = `
  import { subscribe } from 'node:diagnostics_channel';
  import { SidecarManager, sidecarHost } from '@tandem/sidecar';
  const [, , folder, channel] = process.argv;
  const published = [];
  subscribe('tandem:without-workers', ({ reason }) => published.push(reason));
  const told = [];
  const onWithoutWorkers = ({ operation, reason }) => told.push([operation, reason]);
  async function main() {
    const manager = new SidecarManager({ maxWorkers: 2 });
    const report = await manager.validateSidecars(folder, { onWithoutWorkers });
    // A second run in the same process.
    let rows = 0;
    for await (const row of manager.eachValidation(folder)) rows += row.is_valid ? 1 : 0;
    const { withoutWorkers } = manager.getPerformanceInfo().operations['sidecar.scan'];
    console.log(JSON.stringify({ engine: manager.selection().engine, valid: report.valid_files,
      names: new Set(report.results.map((row) => row.file_path)).size, rows, published, told, withoutWorkers }));
    await sidecarHost().close();
  }
  main();`;

/** Enough for the engine to use workers. */
const FILES = 4000;
const CHECKOUT = fileURLToPath(new URL('../../../', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'tandem-bundled-'));
const tree = join(home, 'tree');
const node = promisify(execFile);

beforeAll(() => {
  mkdirSync(tree);
  for (let i = 0; i < FILES; i++) writeFileSync(join(tree, `IMG_${i}.json`), '{"yolov8":{"objects":[]}}');
  mkdirSync(join(home, 'node_modules'));
  for (const name of ['@tandem', 'piscina']) {
    symlinkSync(join(CHECKOUT, 'node_modules', name), join(home, 'node_modules', name), 'dir');
  }
  writeFileSync(join(home, 'program.mjs'), PROGRAM);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Told {
  readonly engine: string;
  readonly valid: number;
  readonly names: number;
  readonly rows: number;
  readonly published: readonly string[];
  readonly told: readonly (readonly [string, string])[];
  readonly withoutWorkers: { readonly count: number };
}

async function run(
  name: string,
  format: Format,
  options: Parameters<typeof build>[0],
  flags: readonly string[] = [],
): Promise<Told> {
  const extension = format === 'esm' ? '.mjs' : '.cjs';
  const outdir = join(home, name);
  await build({
    absWorkingDir: home,
    entryPoints: { program: 'program.mjs' },
    outdir,
    outExtension: { '.js': extension },
    bundle: true,
    platform: 'node',
    format,
    logLevel: 'error',
    ...options,
  });
  const engine = process.env['TANDEM_ENGINE'] ?? 'typescript';
  const addon = join(CHECKOUT, 'packages/native/generated', `tandem.${platformTriple()}.node`);
  const env = { ...process.env, TANDEM_ENGINE: engine, TANDEM_NATIVE_PATH: addon };
  const args = [...flags, join(outdir, `program${extension}`), tree];
  const { stdout } = await node(process.execPath, args, { env, timeout: 50_000, maxBuffer: 1 << 24 });
  const told = JSON.parse(stdout) as Told;
  expect(told).toMatchObject({ engine, valid: FILES, names: FILES, rows: FILES });
  return told;
}

/**
 * All results are complete, and the reason is reported: for each run on the channel, for the first run to its
 * caller.
 */
function expectNoWorkers(told: Told, reason: RegExp): void {
  if (told.engine === 'native') {
    expectWorkers(told);
    return;
  }
  expect(told.published).toHaveLength(2);
  expect(new Set(told.published)).toEqual(new Set([told.published[0]]));
  expect(told.told).toEqual([['sidecar.scan', told.published[0]]]);
  expect(told.published[0]).toMatch(/^cannot start a worker thread: /);
  expect(told.published[0]).toMatch(reason);
  expect(told.withoutWorkers).toMatchObject({ count: 2 });
}

function expectWorkers(told: Told): void {
  expect(told).toMatchObject({ published: [], told: [], withoutWorkers: { count: 0, reasons: {} } });
}

describe('a program in one file', () => {
  test.each(['esm', 'cjs'] as const)('does all the work in its one thread (%s)', async (format) => {
    expectNoWorkers(await run(`plain-${format}`, format, {}), /sidecar-worker\.js does not exist/);
  });

  const worker = { 'sidecar-worker': join(CHECKOUT, 'packages/sidecar/dist/sidecar-worker.js') };
  const entryPoints = { program: 'program.mjs', ...worker };

  test.each(['esm', 'cjs'] as const)(
    'does so with the worker file and without piscina (%s)',
    async (format) => {
      const told = await run(`lonely-${format}`, format, { entryPoints });
      expectNoWorkers(told, format === 'esm' ? /Dynamic require of/ : /Cannot find module .*worker\.js/);
    },
  );

  // The usual banner for a bundle of ES modules that contains CommonJS.
  const banner = `import { createRequire as from } from 'node:module'; const require = from(import.meta.url);`;
  test.each([
    ['alone', banner, /__dirname is not defined/],
    ['and __dirname', `${banner} const __dirname = '/nowhere';`, /Cannot find module .*worker\.js/],
  ])('does so with require in an ES module, %s', async (name, js, reason) => {
    expectNoWorkers(await run(`banner-${name}`, 'esm', { entryPoints, banner: { js } }), reason);
  });

  test.each(['esm', 'cjs'] as const)(
    'has workers where their file and piscina are beside it (%s)',
    async (format) => {
      const told = await run(`workers-${format}`, format, { entryPoints, external: ['piscina'] });
      expectWorkers(told);
    },
  );
});

test('a process that may not start workers does the work in its one thread', async () => {
  const [flag] = ['--permission', '--experimental-permission'].filter((name) =>
    process.allowedNodeEnvironmentFlags.has(name),
  );
  const flags = [flag ?? '', '--allow-fs-read=*', '--allow-fs-write=*', '--allow-addons', '--no-warnings'];
  const told = await run('permission', 'cjs', { external: ['piscina', '@tandem/*'] }, flags);
  expectNoWorkers(told, /./);
});
