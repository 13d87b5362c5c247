import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LIMITS } from '@tandem/engine';
import type { NativeAddon } from '@tandem/native';
import { describe, expect, it, onTestFinished } from 'vitest';
import { analyzeLogs, type LogOptions } from '../../src/index.ts';
import { BlockReader } from '../../src/logs/block-reader.ts';
import { logOperation } from '../../src/logs/log-operation.ts';
import { LogTotals } from '../../src/logs/log-totals.ts';

function folderWith(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-logs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const TRACE = `2024-05-01T10:00:00Z ERROR no connection to db-7
Traceback (most recent call last):
  File "a.py", line 3, in <module>
ConnectionError: refused

2024-05-01T10:00:01Z INFO up
`;

/** Lines of many blocks; every seventh is an error. */
function manyLines(bytes: number): string {
  const lines: string[] = [];
  for (let [size, at] = [0, 0]; size < bytes; at += 1) {
    const time = new Date(Date.UTC(2024, 4, 1) + at * 1000).toISOString();
    const line = `${time} ${at % 7 === 0 ? 'ERROR' : 'INFO'} request ${at} of user ${at % 3 === 0 ? 'ann' : 'bob'}\n`;
    lines.push(line);
    size += line.length;
  }
  return lines.join('');
}

async function analyze(path: string, options: LogOptions = {}) {
  return (await analyzeLogs([path], options)).report;
}

describe('an analysis', () => {
  it('joins a stack trace to its entry', async () => {
    const path = join(folderWith({ 'a.log': TRACE }), 'a.log');
    const { files, ...report } = await analyze(path);
    expect(report).toMatchObject({ lines: 6, entries: 2, errors: 1, warnings: 0, timed: 2, complete: true });
    expect(report).toMatchObject({ first: '2024-05-01T10:00:00.000Z', last: '2024-05-01T10:00:01.000Z' });
    expect(report.buckets).toEqual([
      { time: '2024-05-01T10:00:00.000Z', entries: 2, errors: 1, warnings: 0 },
    ]);
    const place = { path, offset: 0, text: '2024-05-01T10:00:00Z ERROR no connection to db-7' };
    expect(report.templates).toContainEqual({
      template: 'no connection to <*>',
      level: 'error',
      count: 1,
      first: place,
      last: place,
    });
    expect(files).toEqual([{ path, bytes: TRACE.length, error_code: null, error: null, hint: null }]);
  });

  it('says what it assumed of times without zone and year', async () => {
    const folder = folderWith({ 'a.log': 'May  1 10:00:00 a: x\n', 'b.log': '2024-05-01 10:00:00 x\n' });
    const { report } = await analyzeLogs([join(folder, 'a.log'), join(folder, 'b.log')], {
      zone: -90,
      year: 2020,
    });
    expect(report).toMatchObject({ unzoned: 2, assumed_zone: '-01:30', yearless: 1, assumed_year: 2020 });
    expect(report).toMatchObject({ first: '2020-05-01T11:30:00.000Z', last: '2024-05-01T11:30:00.000Z' });
  });

  it('counts only what is in its window', async () => {
    const path = join(folderWith({ 'a.log': `x\n${TRACE}` }), 'a.log');
    const report = await analyze(path, { since: new Date('2024-05-01T10:00:01Z') });
    expect(report).toMatchObject({ lines: 7, entries: 1, errors: 0 });
    expect(await analyze(path, { until: new Date('2024-05-01T10:00:01Z') })).toMatchObject({
      entries: 1,
      errors: 1,
    });
  });

  it('makes one template of words that vary', async () => {
    const words = ['ann', 'bob', 'cid', 'dan', 'eve'];
    const path = join(
      folderWith({ 'a.log': words.map((word) => `user ${word} in\nuser ${word} out\n`).join('') }),
      'a.log',
    );
    const { templates } = await analyze(path);
    expect(templates.map(({ template, count }) => [template, count])).toEqual([
      ['user <*> in', 5],
      ['user <*> out', 5],
    ]);
    writeFileSync(
      path,
      words
        .slice(1)
        .map((word) => `user ${word} in\n`)
        .join(''),
    );
    expect((await analyze(path)).templates).toHaveLength(4);
  });

  it('is the same for a log of many blocks, in one file and in gzip', async () => {
    const text = manyLines(LIMITS.logBlockBytes * 2.5);
    const folder = folderWith({ 'a.log': text, 'a.gz': gzipSync(text, { level: 1 }) });
    const report = await analyze(join(folder, 'a.log'));
    const lines = text.split('\n').length - 1;
    expect(report).toMatchObject({ lines, entries: lines, bytes: text.length, errors: Math.ceil(lines / 7) });
    expect(report.templates.map(({ count }) => count).reduce((sum, count) => sum + count)).toBe(lines);
    const { offset, text: shown } = report.templates[0]?.last ?? { offset: 0, text: '' };
    expect(text.slice(offset, offset + shown.length)).toBe(shown);
    const zipped = await analyze(join(folder, 'a.gz'));
    const named = JSON.stringify(zipped).replaceAll('a.gz', 'a.log');
    expect(JSON.parse(named)).toEqual(report);
  });

  it('examines only the beginning of a very long line, and counts it once', async () => {
    const folder = folderWith();
    const path = join(folder, 'a.log');
    const fd = openSync(path, 'w');
    writeSync(fd, '2024-05-01T10:00:00Z ERROR ');
    for (let at = 0; at < 10; at += 1) writeSync(fd, Buffer.alloc(1 << 20, 'x1 '));
    writeSync(fd, '\n\tat a\n2024-05-01T10:00:01Z INFO y\n');
    closeSync(fd);
    const report = await analyze(path);
    expect(report).toMatchObject({ lines: 3, entries: 2, errors: 1, long_lines: 1 });
    expect(report.templates).toHaveLength(2);
  });

  it('reads a folder, file by file, without what systems leave there', async () => {
    const folder = folderWith({ 'b/c.log': 'x\n', 'a.log': 'y\n', '.DS_Store': 'z\n' });
    symlinkSync('a.log', join(folder, 'link.log'));
    const { report } = await analyzeLogs([folder]);
    expect(report.files.map(({ path }) => path)).toEqual([
      join(folder, 'a.log'),
      join(folder, 'link.log'),
      join(folder, 'b/c.log'),
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('names a folder that it may not list', async () => {
    const folder = folderWith({ 'b/c.log': 'x\n', 'a.log': 'y\n' });
    chmodSync(join(folder, 'b'), 0);
    const { report } = await analyzeLogs([folder]);
    chmodSync(join(folder, 'b'), 0o700);
    expect(report.files).toMatchObject([{ error_code: null }, { error_code: 'ERR_TANDEM_UNREADABLE' }]);
  });

  it.each([
    [{ zone: 1440 }, 'zone is 1440'],
    [{ zone: 0.5 }, 'zone is 0.5'],
    [{ year: 0 }, 'year is 0'],
    [{ since: new Date('x') }, 'since is not a valid Date'],
    [{ templates: 'no' as never }, 'templates is no'],
  ])('refuses %j', async (options, problem) => {
    await expect(analyzeLogs([], options)).rejects.toThrow(problem);
  });

  it('reads a pipe', async () => {
    const folder = folderWith();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', `printf 'ERROR x\\nINFO y\\n' > '${pipe}'`]);
    onTestFinished(() => void writer.kill());
    expect(await analyze(pipe)).toMatchObject({ lines: 2, errors: 1 });
  });
});

describe('a file that cannot be read', () => {
  const gz = gzipSync(manyLines(2 << 20));

  it.each([
    ['is not there', null, 'ERR_TANDEM_NOT_FOUND', 0],
    ['is binary', Buffer.from('\x7fELF\0\0'), 'ERR_TANDEM_LOG_BINARY', 0],
    ['is UTF-16', Buffer.from('ERROR x\n', 'utf16le'), 'ERR_TANDEM_LOG_BINARY', 0],
    ['is cut gzip', gz.subarray(0, gz.length >> 1), 'ERR_TANDEM_LOG_COMPRESSION', 1],
    [
      'is damaged gzip',
      Buffer.concat([gz.subarray(0, 100), Buffer.alloc(100), gz.subarray(200)]),
      'ERR_TANDEM_LOG_COMPRESSION',
      0,
    ],
    ['is damaged zstd', Buffer.from('28b52ffd00ffffffffff', 'hex'), 'ERR_TANDEM_LOG_COMPRESSION', 0],
  ])('because it %s is named, and the others are read', async (_, content, code, leastLines) => {
    const folder = folderWith({ 'z.log': 'ERROR x\n', ...(content === null ? {} : { 'a.log': content }) });
    const { report } = await analyzeLogs([join(folder, 'a.log'), join(folder, 'z.log')]);
    expect(report.files[0]).toMatchObject({ error_code: code });
    expect(report.files[1]).toMatchObject({ error_code: null, bytes: 8 });
    expect(report.lines).toBeGreaterThan(leastLines);
    expect(report.complete).toBe(true);
  });

  it('leaves no descriptor open', async () => {
    const descriptors = (): number => readdirSync('/proc/self/fd').length;
    if (process.platform !== 'linux') return;
    const folder = folderWith({ 'a.log': '\0', 'b.log': 'x\n', 'c.gz': gz.subarray(0, 50) });
    await analyzeLogs([folder, join(folder, 'a.log')]);
    const before = descriptors();
    for (let at = 0; at < 20; at += 1) await analyzeLogs([folder]);
    expect(descriptors()).toBeLessThanOrEqual(before + 2);
  });
});

describe('a run', () => {
  it('that is aborted gives what it has, and says so', async () => {
    const folder = folderWith({ 'a.log': manyLines(LIMITS.logBlockBytes * 4) });
    const ended = new AbortController();
    const { report, stoppedBy } = await analyzeLogs([join(folder, 'a.log')], {
      signal: ended.signal,
      onProgress: () => ended.abort(),
    });
    expect(stoppedBy?.code).toBe('ERR_TANDEM_ABORTED');
    expect(report.complete).toBe(false);
    expect(report.lines).toBeGreaterThan(0);
    expect(report.bytes).toBeGreaterThan(0);
  });

  it('that waits for the first byte of a pipe can be aborted', async () => {
    const folder = folderWith();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', `exec > '${pipe}'; sleep 600`]);
    onTestFinished(() => void writer.kill());
    const { report, stoppedBy } = await analyzeLogs([pipe], { timeout: 0.5 });
    expect(stoppedBy?.code).toBe('ERR_TANDEM_TIMEOUT');
    expect(report).toMatchObject({ complete: false, lines: 0 });
  });

  it('that waits for a pipe can be aborted', async () => {
    const folder = folderWith();
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', `exec > '${pipe}'; echo ERROR x; sleep 600`]);
    onTestFinished(() => void writer.kill());
    const { report, stoppedBy } = await analyzeLogs([pipe], { timeout: 0.5 });
    expect(stoppedBy?.code).toBe('ERR_TANDEM_TIMEOUT');
    expect(report.complete).toBe(false);
  });

  it('continues in TypeScript with the blocks that the addon did not analyze', async () => {
    const folder = folderWith({ 'a.log': manyLines(LIMITS.logBlockBytes * 4) });
    const path = join(folder, 'a.log');
    let calls = 0;
    const addon = {
      async analyzeLog() {
        calls += 1;
        if (calls > 2) throw new Error('a panic');
        const { lines, entries } = { lines: 1, entries: 1 };
        const rest = { long: 0, levels: [0, 0, 0, 0, 0, 0, 1], timed: 0, unzoned: 0, yearless: 0 };
        return JSON.stringify({
          lines,
          entries,
          ...rest,
          first: null,
          last: null,
          width: 1,
          buckets: [],
          templates: [],
          unmined: 0,
          patterns: [],
        });
      },
    } as unknown as NativeAddon;
    const settings = {
      templates: true,
      patterns: [],
      since: -Infinity,
      until: Infinity,
      zone: 0,
      year: 2024,
    };
    const reader = new BlockReader([path]);
    const totals = new LogTotals();
    const source = logOperation.native(addon, { settings, reader }, { workers: 2 } as never);
    for (let at = 0; at < 2; at += 1) totals.add((await source.next()) as never);
    await expect(source.next()).rejects.toThrow('a panic');
    const rest = await logOperation.typescript({ settings, reader }, { workers: 2 } as never);
    for (let batch = await rest.next(); batch !== null; batch = await rest.next()) totals.add(batch);
    const whole = await analyze(path, { engine: 'typescript' });
    // Two blocks were given one line each.
    const report = totals.report(reader, settings, true);
    const perBlock = whole.lines / (whole.bytes / LIMITS.logBlockBytes);
    expect(report.bytes).toBe(whole.bytes);
    expect(Math.abs(whole.lines - report.lines - 2 * perBlock)).toBeLessThan(perBlock / 10);
  });
});
