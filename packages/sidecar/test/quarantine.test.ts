import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { purge } from '../src/operations/purge.ts';
import { quarantinedRuns, undo, undoWith } from '../src/operations/undo.ts';
import { FileSteps } from '../src/store/file-steps.ts';
import { cleaned, outcomes, SIDECAR, snapshot, type UndoReport, undone, writeTree } from './cleanup-trees.ts';
import { runModule, temporaryFolder } from './store-files.ts';

const base = temporaryFolder();
let folders = 0;

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  folders += 1;
  const folder = join(base, `quarantine-${folders}`);
  mkdirSync(folder);
  writeTree(folder, files);
  return folder;
}

async function purged(input: string, options: { run?: string; all?: boolean }): Promise<UndoReport> {
  return (await purge({ input, ...options })).collect<UndoReport>();
}

function error(code: string): Error {
  return expect.objectContaining({ code: `ERR_TANDEM_${code}` }) as Error;
}

function scratchIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('.tandem-'));
}

const FILES = { 'A.jpg': 'x', 'B.json': SIDECAR, 'sub/deep/C.jpg.json': SIDECAR, 'sub/D.json': SIDECAR };

describe('undo', () => {
  it('brings back the last run, or the one that is named', async () => {
    const folder = folderWith(FILES);
    const before = snapshot(folder);
    const first = (await cleaned(folder)).run ?? '';
    writeTree(folder, { 'E.json': SIDECAR });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    const second = (await cleaned(folder)).run ?? '';
    expect(quarantinedRuns(folder)).toEqual([second, first]);
    expect(await undone(folder)).toMatchObject({ runs: [second], restored: 1, failed: 0 });
    expect(await undone(folder, first)).toMatchObject({ runs: [first], restored: 3 });
    rmSync(join(folder, 'E.json'));
    expect(snapshot(folder)).toEqual(before);
    expect(scratchIn(folder)).toEqual([]);
    expect(await undone(folder)).toMatchObject({ runs: [], restored: 0, results: [] });
    await expect(undo({ input: folder, run: first })).rejects.toThrow(error('NO_SUCH_RUN'));
    await expect(undo({ input: folder, run: '../..' })).rejects.toThrow(error('NO_SUCH_RUN'));
  });

  it('makes folders that went away', async () => {
    const folder = folderWith(FILES);
    const before = snapshot(folder);
    await cleaned(folder);
    rmSync(join(folder, 'sub'), { recursive: true });
    expect((await undone(folder)).restored).toBe(3);
    expect(snapshot(folder)).toEqual(before);
  });

  it('never puts a file over one that is there', async () => {
    const folder = folderWith(FILES);
    const { run } = await cleaned(folder);
    writeFileSync(join(folder, 'B.json'), 'mine');
    writeFileSync(join(folder, 'sub/D.json'), SIDECAR);
    const report = await undone(folder);
    expect(outcomes(folder, report.results)).toEqual({
      'B.json': 'ERR_TANDEM_TARGET_EXISTS',
      'sub/D.json': 'already',
      'sub/deep/C.jpg.json': 'restored',
    });
    expect(report).toMatchObject({ restored: 1, failed: 1, left: { already: 1 } });
    expect(readFileSync(join(folder, 'B.json'), 'utf8')).toBe('mine');
    expect(quarantinedRuns(folder)).toEqual([run]);
    renameSync(join(folder, 'B.json'), join(folder, 'mine.txt'));
    expect(outcomes(folder, (await undone(folder)).results)).toEqual({
      'B.json': 'restored',
      'sub/D.json': 'already',
    });
    expect(await purged(folder, { all: true })).toMatchObject({ removed: 1 });
    expect(scratchIn(folder)).toEqual([]);
  });

  it('does not bring back what is not what was stored', async () => {
    const folder = folderWith(FILES);
    const { run } = await cleaned(folder);
    const stored = join(folder, '.tandem-quarantine', run ?? '', '00000001.json');
    writeFileSync(stored, SIDECAR.replace('faces', 'feces'));
    const report = await undone(folder);
    expect(outcomes(folder, report.results)).toMatchObject({
      'B.json': 'ERR_TANDEM_PROOF_FAILED',
      'sub/D.json': 'restored',
    });
    expect(existsSync(stored)).toBe(true);
    expect(existsSync(join(folder, 'B.json'))).toBe(false);
  });

  it('tells what is neither here nor there', async () => {
    const folder = folderWith(FILES);
    const { run } = await cleaned(folder);
    rmSync(join(folder, '.tandem-quarantine', run ?? '', '00000002.json'));
    expect((await undone(folder)).left).toEqual({ missing: 1 });
  });

  it('follows no link and leaves the folder by no path', async () => {
    const folder = folderWith(FILES);
    const outside = folderWith({ 'x.txt': '' });
    const { run } = await cleaned(folder);
    rmSync(join(folder, 'sub'), { recursive: true });
    symlinkSync(outside, join(folder, 'sub'));
    const manifest = join(folder, '.tandem-quarantine', run ?? '', 'manifest.jsonl');
    const evil = { stored: '00000001.json', path: '../../evil.json', size: 1, sha256: '0'.repeat(64) };
    appendFileSync(
      manifest,
      `${JSON.stringify(evil)}\n${JSON.stringify({ ...evil, stored: '../x' })}\nno JSON\n`,
    );
    const report = await undone(folder);
    expect(report.results.map(({ status, error_code }) => error_code ?? status)).toEqual([
      'restored',
      'ERR_TANDEM_CHANGED',
      'ERR_TANDEM_CHANGED',
      'ERR_TANDEM_READ_FAILED',
      'ERR_TANDEM_READ_FAILED',
      'ERR_TANDEM_READ_FAILED',
    ]);
    expect(readdirSync(outside)).toEqual(['x.txt']);
  });

  it('works where there are no hard links', async () => {
    const folder = folderWith(FILES);
    const before = snapshot(folder);
    await cleaned(folder);
    const steps = new FileSteps(({ what, to }) => {
      if (what === 'link' && to?.endsWith('.json'))
        throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    });
    expect((await (await undoWith({ input: folder }, steps)).collect<UndoReport>()).restored).toBe(3);
    expect(snapshot(folder)).toEqual(before);
  });
});

describe('purge', () => {
  it('removes what the manifest names, and nothing else', async () => {
    const folder = folderWith(FILES);
    const { run } = await cleaned(folder);
    const inRun = join(folder, '.tandem-quarantine', run ?? '');
    writeFileSync(join(inRun, 'mine.txt'), 'mine');
    writeFileSync(join(inRun, '00000002.json'), 'changed');
    expect(await purged(folder, { run: run ?? '' })).toMatchObject({ removed: 2, left: { changed: 1 } });
    expect(readdirSync(inRun).sort()).toEqual(['00000002.json', 'manifest.jsonl', 'mine.txt']);
    rmSync(join(inRun, 'mine.txt'));
    rmSync(join(inRun, '00000002.json'));
    expect(await purged(folder, { all: true })).toMatchObject({ removed: 0 });
    expect(scratchIn(folder)).toEqual([]);
    expect(await undone(folder)).toMatchObject({ restored: 0 });
  });

  it('wants to be told what', async () => {
    const folder = folderWith(FILES);
    await cleaned(folder);
    await expect(purge({ input: folder })).rejects.toThrow(error('BAD_OPTION'));
    await expect(purge({ input: folder, run: 'x', all: true })).rejects.toThrow(error('BAD_OPTION'));
    await expect(purge({ input: folder, run: 'x' })).rejects.toThrow(error('NO_SUCH_RUN'));
    expect((await undone(folder)).restored).toBe(3);
  });
});

describe('a cleanup and its undo', () => {
  const name = fc.constantFrom(
    'IMG_1',
    'img_1',
    'IMG_2',
    'caf\xe9',
    'Caf\xc3\xa9',
    'Cafe\xcc\x81',
    'a b\n"c"',
    'metadata',
    '\xff',
  );
  const extension = fc.constantFrom(
    '.jpg',
    '.JPG',
    '.CR2',
    '.json',
    '.jpg.json',
    '.BIN',
    '.rkyv',
    '.txt',
    '',
  );
  const folderName = fc.constantFrom('', 'sub/', 'sub/x/', 'r\xe9/', '.tandem-mine/');
  const content = fc.constantFrom(
    SIDECAR,
    '{"yolov8":{"image_path":"IMG_1.jpg"}}',
    '{"image_path":"sub/IMG_2.CR2","unified":1}',
    '{}',
    '[',
    '',
    SIDECAR,
  );
  const tree = fc.array(fc.tuple(folderName, name, extension, content), { minLength: 1, maxLength: 24 });

  it('leave the tree as it was, byte for byte', async () => {
    let moved = 0;
    await fc.assert(
      fc.asyncProperty(tree, async (entries) => {
        const folder = folderWith({
          'there.jpg': '',
          ...Object.fromEntries(
            entries.map(([at, stem, end, text]) => [`${at}${stem}${end || '.dat'}`, text]),
          ),
        });
        const before = snapshot(folder);
        const report = await cleaned(folder);
        moved += report.moved ?? 0;
        const after = snapshot(folder);
        // Everything is in its place or in the quarantine, whole.
        const kept = [...before].filter(([path, bytes]) => after.get(path) === bytes).length;
        expect(kept + (report.moved ?? 0)).toBe(before.size);
        expect(await undone(folder)).toMatchObject({ restored: report.moved, failed: 0, left: {} });
        expect(snapshot(folder)).toEqual(before);
        expect(scratchIn(folder)).toEqual(
          entries.some(([at]) => at === '.tandem-mine/') ? ['.tandem-mine'] : [],
        );
      }),
      { numRuns: 60 },
    );
    expect(moved).toBeGreaterThan(20);
  });
});

describe('a kill at any step', () => {
  const KILLED = `
    const [operation, folder, at, run] = process.argv.slice(1);
    const module = { cleanup: 'cleanup', undo: 'undo', purge: 'purge' }[operation];
    const work = (await import(sidecar + '/operations/' + module + '.js'))[operation + 'With'];
    const { FileSteps } = await import(sidecar + '/store/file-steps.js');
    let step = 0;
    const steps = new FileSteps(() => {
      if (step++ === Number(at)) process.kill(process.pid, 'SIGKILL');
    });
    const options = { input: folder, workers: 1, engine: 'typescript', ...(run ? { run } : {}) };
    for await (const _ of (await work(options, steps)).chunks());`;

  /** Kills the operation at each of its steps in turn, in a tree of its own. */
  async function killedEverywhere(
    operation: 'cleanup' | 'undo' | 'purge',
    check: (folder: string, before: Map<string, string>, ended: boolean) => Promise<void>,
  ): Promise<number> {
    for (let at = 0; ; at++) {
      const folder = folderWith(FILES);
      const before = snapshot(folder);
      const run = operation === 'cleanup' ? '' : ((await cleaned(folder)).run ?? '');
      const { signal, code, stderr } = await runModule(KILLED, [
        operation,
        folder,
        String(at),
        operation === 'purge' ? run : '',
      ]);
      const ended = signal === null;
      if (ended) expect([code, stderr]).toEqual([0, '']);
      await check(folder, before, ended);
      if (ended) return at;
    }
  }

  /** Every file of the tree is in its place or in the quarantine, whole. */
  function expectWhole(folder: string, before: Map<string, string>): void {
    const after = [...snapshot(folder)];
    for (const [path, bytes] of before) {
      expect(
        after.some(([at, there]) => there === bytes && (at === path || at.startsWith('.tandem-quarantine/'))),
      ).toBe(true);
    }
  }

  it('of a cleanup: the next undo restores everything', async () => {
    const steps = await killedEverywhere('cleanup', async (folder, before) => {
      expectWhole(folder, before);
      expect(await undone(folder)).toMatchObject({ failed: 0, left: {} });
      expect(snapshot(folder)).toEqual(before);
      expect(scratchIn(folder)).toEqual([]);
    });
    expect(steps).toBeGreaterThan(20);
  });

  it('of a cleanup: the next cleanup goes on, and both can be undone', async () => {
    await killedEverywhere('cleanup', async (folder, before) => {
      expect(await cleaned(folder)).toMatchObject({ failed: 0, left: {} });
      expectWhole(folder, before);
      expect(readdirSync(folder).filter((name) => name.endsWith('.json'))).toEqual([]);
      // Of two runs in one second either may be the last.
      while (quarantinedRuns(folder).length > 0) await undone(folder);
      expect(snapshot(folder)).toEqual(before);
      expect(scratchIn(folder)).toEqual([]);
    });
  });

  it('of an undo: the next one restores everything', async () => {
    const steps = await killedEverywhere('undo', async (folder, before) => {
      expectWhole(folder, before);
      expect(await undone(folder)).toMatchObject({ failed: 0, left: {} });
      expect(snapshot(folder)).toEqual(before);
      expect(scratchIn(folder)).toEqual([]);
    });
    expect(steps).toBeGreaterThan(15);
  });

  it('of a purge: what is left can be restored or purged', async () => {
    const steps = await killedEverywhere('purge', async (folder, before) => {
      const left = [...snapshot(folder).keys()].filter((path) => /\d{8}\.json$/.test(path)).length;
      const report = await undone(folder);
      expect(report).toMatchObject({ restored: left, failed: 0 });
      for (const [path, bytes] of snapshot(folder)) expect(before.get(path)).toBe(bytes);
      expect(scratchIn(folder)).toEqual([]);
    });
    expect(steps).toBeGreaterThan(8);
  });
});

describe('a kill at any moment', () => {
  const ROUNDS = Number(process.env['TANDEM_SOAK'] ?? 6);
  /** Another thread ends the process, wherever the first one is. */
  const AT_SOME_MOMENT = `
    import { Worker } from 'node:worker_threads';
    const [folder, operation, ms] = process.argv.slice(1);
    const work = (await import(sidecar + '/operations/' + operation + '.js'))[operation];
    new Worker('setTimeout(() => process.kill(process.pid, "SIGKILL"), ' + ms + ')', { eval: true }).unref();
    const options = { input: folder, workers: 1, engine: 'typescript', maxShare: 100 };
    for await (const _ of (await work(options)).chunks());`;

  it(`of cleanups and undos, ${ROUNDS} times, loses nothing`, async () => {
    const orphans = Array.from({ length: 600 }, (_, i) => [`f${i % 7}/gone_${i}.json`, SIDECAR] as const);
    const folder = folderWith({ 'A.jpg': 'x', ...Object.fromEntries(orphans) });
    const before = snapshot(folder);
    for (let round = 0; round < ROUNDS; round++) {
      const operation = round % 3 === 2 ? 'undo' : 'cleanup';
      await runModule(AT_SOME_MOMENT, [folder, operation, String(20 + Math.random() * 60)]);
      const inPlace = [...snapshot(folder).keys()].filter((path) => /gone_\d+\.json$/.test(path)).length;
      const stored = [...snapshot(folder).keys()].filter((path) => /\d{8}\.json$/.test(path)).length;
      // A file between its two names has both.
      expect(inPlace + stored - orphans.length === 0 || inPlace + stored - orphans.length === 1).toBe(true);
    }
    while (quarantinedRuns(folder).length > 0) await undone(folder);
    expect(snapshot(folder)).toEqual(before);
    expect(scratchIn(folder)).toEqual([]);
  });
});

it('a time far away is a time', async () => {
  const folder = folderWith(FILES);
  utimesSync(join(folder, 'B.json'), -1_000_000_000.5, -1_000_000_000.5);
  const before = snapshot(folder);
  expect((await cleaned(folder)).moved).toBe(3);
  await undone(folder);
  expect(snapshot(folder)).toEqual(before);
});
