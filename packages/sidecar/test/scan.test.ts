import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DocumentReader } from '../src/scan/document-reader.ts';
import { scanOperation } from '../src/scan/scan-operation.ts';
import { scanInTypeScript } from '../src/scan/typescript-scan.ts';
import {
  context,
  link,
  newFolder,
  plant,
  rowsOf,
  scanBatches,
  scanRequest,
  startScan,
} from './scan-trees.ts';

const BATCH = 512;

/** A folder of `count` sidecars; a scan of more than four batches uses workers. */
function crowd(count: number): string {
  const root = newFolder();
  plant(root, Object.fromEntries(Array.from({ length: count }, (_, i) => [`${10_000 + i}.json`, `[${i}]`])));
  return root;
}

const codesOf = (rows: readonly string[]): unknown[] => rows.map((row) => JSON.parse(row).error_code);

describe('a scan', () => {
  it('gives the same batches with and without workers', async () => {
    const root = crowd(3000);
    const request = scanRequest({ root });
    const alone = await scanBatches(request, 'typescript', 1);
    const pooled = await scanBatches(request, 'typescript', 2);
    expect(alone.length).toBe(6);
    expect(pooled.map(({ cursor, totals, items, bytes }) => ({ cursor, totals, items, bytes }))).toEqual(
      alone.map(({ cursor, totals, items, bytes }) => ({ cursor, totals, items, bytes })),
    );
    expect(rowsOf(pooled)).toEqual(rowsOf(alone));
    expect(rowsOf(pooled).map((row) => JSON.parse(row).file_path)).toEqual(
      Array.from({ length: 3000 }, (_, i) => `${root}/${10_000 + i}.json`),
    );
  });

  it('resumes after any batch', async () => {
    const root = crowd(1100);
    const request = scanRequest({ root });
    const whole = await scanBatches(request);
    for (const [index, batch] of whole.entries()) {
      const rest = await scanBatches(scanOperation.resume(request, batch));
      expect(rowsOf(rest)).toEqual(rowsOf(whole.slice(index + 1)));
      expect(rest.map(({ totals }) => totals)).toEqual(whole.slice(index + 1).map(({ totals }) => totals));
    }
    expect(scanOperation.resume(request, null)).toEqual(request);
  });

  it('reads a list in its order, whatever it contains', async () => {
    const root = newFolder();
    plant(root, { 'a.json': '1', 'b.txt': '[', 'sub/c.bin': '{}', 'd.json/': '' });
    execFileSync('mkfifo', [`${root}/pipe.json`]);
    link(root, 'l.json', 'a.json');
    link(root, 'gone.json', 'nothing');
    link(root, 'pipe-link.json', 'pipe.json');
    const names = [
      'sub/c.bin',
      'a.json',
      'b.txt',
      'a.json',
      'd.json',
      'pipe.json',
      'pipe-link.json',
      'l.json',
      'gone.json',
      'none.json',
      'a.json/x.json',
      'a\0.json',
    ];
    const batches = await scanBatches(scanRequest({ list: names.map((name) => `${root}/${name}`) }));
    const rows = rowsOf(batches);
    expect(rows.map((row) => JSON.parse(row).file_path)).toEqual(names.map((name) => `${root}/${name}`));
    expect(codesOf(rows)).toEqual([
      null,
      null,
      'ERR_TANDEM_JSON_TRUNCATED',
      null,
      'ERR_TANDEM_NOT_A_FILE',
      'ERR_TANDEM_NOT_A_FILE',
      'ERR_TANDEM_NOT_A_FILE',
      null,
      'ERR_TANDEM_BROKEN_SYMLINK',
      'ERR_TANDEM_NOT_FOUND',
      'ERR_TANDEM_READ_FAILED',
      'ERR_TANDEM_NOT_FOUND',
    ]);
    expect(batches.map(({ cursor, totals }) => [cursor, totals])).toEqual([
      ['12', '{"items":12,"valid":4,"invalid":1,"unreadable":7,"skipped":{}}'],
    ]);
    expect(await scanBatches(scanRequest({ list: [] }))).toEqual([]);
  });

  it('pairs listed files with the images beside them, and counts no images of folders', async () => {
    const root = newFolder();
    plant(root, { 'a.json': '{}', 'a.jpg': '', 'sub/b.json': '{}', 'sub/B.JPG.json': '{}', 'sub/b.jpg': '' });
    const list = ['sub/b.json', 'a.json', 'sub/B.JPG.json'].map((name) => `${root}/${name}`);
    const batches = await scanBatches(scanRequest({ report: 'stats', list }));
    expect(rowsOf(batches).map((row) => JSON.parse(row).image_path)).toEqual([
      ...[`${root}/sub/b.jpg`, `${root}/a.jpg`, `${root}/sub/b.jpg`],
    ]);
    expect(JSON.parse(batches[0]?.totals ?? '')).toMatchObject({ items: 3, images: 0, covered: 0 });
  });

  it('reports what it may not read', async () => {
    const root = newFolder();
    plant(root, { 'a.json': '1', 'b/c.json': '1', 'd/e.json': '1' });
    chmodSync(root, 0o755);
    chmodSync(`${root}/a.json`, 0);
    chmodSync(`${root}/b`, 0);
    // Readable but not searchable: the names are known, and nothing else about them.
    chmodSync(`${root}/d`, 0o744);
    const rows = await asNobody(() => scanBatches(scanRequest({ root })));
    chmodSync(`${root}/b`, 0o755);
    expect(rowsOf(rows).map((row) => [JSON.parse(row).file_path, JSON.parse(row).error_code])).toEqual([
      [`${root}/a.json`, 'ERR_TANDEM_UNREADABLE'],
      [`${root}/b`, 'ERR_TANDEM_FOLDER_UNREADABLE'],
      [`${root}/d/e.json`, 'ERR_TANDEM_UNREADABLE'],
    ]);
    chmodSync(root, 0o311);
    const failure: unknown = await asNobody(() => scanBatches(scanRequest({ root }))).catch((error) => error);
    chmodSync(root, 0o755);
    expect(failure).toMatchObject({
      message: expect.stringMatching(/ERR_TANDEM_INPUT_UNREADABLE|the folder cannot be read/),
    });
  });

  it('reports a missing root, and then ends', async () => {
    const source = startScan(scanRequest({ root: `${newFolder()}/none` }), 'typescript');
    await expect(source.next()).rejects.toMatchObject({ code: 'ERR_TANDEM_INPUT_MISSING' });
    expect(await source.next()).toBe(null);
  });
});

describe('cancelling', () => {
  it('before the first batch ends the scan', async () => {
    const source = startScan(scanRequest({ root: crowd(600) }), 'typescript');
    source.cancel();
    source.cancel();
    expect(await source.next()).toBe(null);
    expect(await source.next()).toBe(null);
  });

  it('without workers ends it after the batch that was handed out', async () => {
    const source = startScan(scanRequest({ root: crowd(600) }), 'typescript', 1);
    expect((await source.next())?.items).toBe(BATCH - 1);
    source.cancel();
    expect(await source.next()).toBe(null);
  });

  it('with workers delivers the finished batches, in order and whole, and then nothing', async () => {
    const root = crowd(6000);
    const request = scanRequest({ root });
    const whole = await scanBatches(request, 'typescript', 1);
    const source = startScan(request, 'typescript', 2);
    const batches = [await source.next(), await source.next()];
    // Time for the other batches of the window.
    for (let i = 0; i < 100; i++) await setImmediate();
    source.cancel();
    for (let batch = await source.next(); batch !== null; batch = await source.next()) batches.push(batch);
    expect(batches.length).toBeGreaterThanOrEqual(2);
    // The window is two batches for each worker and two more, plus those handed out.
    expect(batches.length).toBeLessThanOrEqual(8);
    expect(batches.map((batch) => batch?.totals)).toEqual(
      whole.slice(0, batches.length).map(({ totals }) => totals),
    );
    expect(await source.next()).toBe(null);
  });
});

it('ends only when no worker uses anything of the run, whichever batch is the last', async () => {
  const root = crowd(3100);
  const { pool } = context(2);
  for (const last of [2, 3, 4, 5]) {
    const stop = new AbortController();
    const cancelled = new Promise<void>((resolve) => {
      stop.signal.addEventListener('abort', () => resolve());
    });
    let asked = 0;
    let settled = 0;
    const slow = new Proxy(pool, {
      get: (target, key) =>
        key === 'run'
          ? async (...task: Parameters<typeof pool.run>) => {
              const job = asked++;
              const answer = await target.run(...task);
              if (job > 0) {
                await cancelled;
                while (job === last && settled < 5) await setImmediate();
                for (let turn = 0; turn < 50; turn++) await setImmediate();
              }
              settled += 1;
              if (job === 3) throw new Error('a worker that died');
              return job === 0 ? answer : null;
            }
          : Reflect.get(target, key),
    });
    const source = scanInTypeScript(scanRequest({ root }), { ...context(2), pool: slow });
    expect(await source.next()).not.toBe(null);
    source.cancel();
    stop.abort();
    expect(await source.next()).toBe(null);
    expect([asked, settled]).toEqual([6, 6]);
    expect(await source.next()).toBe(null);
  }
});

it('the walk waits for a consumer that does not come back', async () => {
  const root = crowd(6000);
  const asked: unknown[] = [];
  const pool = context(2).pool;
  const counting = new Proxy(pool, {
    get: (target, key) =>
      key === 'run'
        ? (...task: Parameters<typeof pool.run>) => {
            asked.push(task);
            return target.run(...task);
          }
        : Reflect.get(target, key),
  });
  const source = scanInTypeScript(scanRequest({ root }), { ...context(2), pool: counting });
  await source.next();
  for (let i = 0; i < 50; i++) await setImmediate();
  expect(asked.length).toBe(6);
  source.cancel();
  while ((await source.next()) !== null);
});

describe('reading', () => {
  const reader = () => new DocumentReader({ maxSize: 1 << 20, maxDepth: 64, lint: false });
  const found = (path: string) => ({ path, name: path.slice(path.lastIndexOf('/') + 1), mark: 'f' as const });

  it('does not wait for a pipe that replaced a file', () => {
    const root = newFolder();
    execFileSync('mkfifo', [`${root}/a.json`]);
    const documents = reader();
    expect(documents.read(found(`${root}/a.json`)).fault?.code).toBe('ERR_TANDEM_NOT_A_FILE');
    documents.close();
    expect(documents.read(found(root)).fault?.code).toBe('ERR_TANDEM_NOT_A_FILE');
    documents.close();
  });

  it.each([65_534, 65_535, 65_536, 65_537, 200_000])('reads a document of %i bytes whole', (size) => {
    const root = newFolder();
    plant(root, { 'a.json': `"${'x'.repeat(size - 2)}"`, 'b.json': '"' });
    const documents = reader();
    expect(documents.read(found(`${root}/a.json`))).toMatchObject({ fault: null, size });
    documents.close();
    // The rest of a longer file in the buffer does not count.
    expect(documents.read(found(`${root}/b.json`)).fault?.code).toBe('ERR_TANDEM_JSON_TRUNCATED');
    documents.close();
  });
});

/** Runs as a user whom permissions restrict; they do not restrict root. */
async function asNobody<T>(act: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return act();
  process.seteuid?.(65534);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}

it('a scan without workers yields to other work, and a cancel ends it within the batch', async () => {
  const root = newFolder();
  const large = `[${'1,'.repeat(500_000)}1]`;
  plant(root, Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`${100 + i}.json`, large])));
  const source = startScan(scanRequest({ root, maxSize: 1 << 24 }), 'typescript', 1);
  const first = source.next();
  await setImmediate();
  source.cancel();
  expect(await first).toBe(null);
});
