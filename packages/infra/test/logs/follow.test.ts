import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { analyzeLogs, type LogReport } from '../../src/index.ts';

/**
 * Follows a log, and takes the next step each time when all is read; the last step ends the run. Returns the
 * lines and errors after each.
 */
async function follow(path: string, steps: readonly (() => void)[], more: readonly string[] = []) {
  const ended = new AbortController();
  const seen: (readonly [lines: number, errors: number])[] = [];
  const left = [...steps];
  let last: LogReport | null = null;
  const { stoppedBy } = await analyzeLogs([...more, path], {
    follow: true,
    signal: ended.signal,
    onCaughtUp(report) {
      last = report;
      seen.push([report.lines, report.errors]);
      const step = left.shift();
      if (step === undefined) ended.abort();
      else step();
    },
  });
  expect(stoppedBy?.code).toBe('ERR_TANDEM_ABORTED');
  return { seen, report: last as unknown as LogReport };
}

function newLog(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tandem-follow-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'a.log'), text);
  return join(folder, 'a.log');
}

describe('a log that is followed', () => {
  it('is read as it grows, line by line', async () => {
    const path = newLog('INFO a\n');
    const { seen, report } = await follow(path, [
      () => appendFileSync(path, 'ERROR b\nERR'),
      () => appendFileSync(path, 'OR c\n'),
    ]);
    expect(seen).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
    expect(report.templates.map(({ template, first }) => [template, first.offset])).toEqual([
      ['b', 7],
      ['c', 15],
      ['a', 0],
    ]);
  });

  it('goes on with the new file after a rotation, and loses nothing of the old one', async () => {
    const path = newLog('INFO a\n');
    const { seen, report } = await follow(path, [
      () => {
        appendFileSync(path, 'ERROR last of the old\n');
        renameSync(path, `${path}.1`);
        writeFileSync(path, 'ERROR first of the new\nINFO b\n');
      },
      () => appendFileSync(path, 'INFO c\n'),
    ]);
    expect(seen.at(-1)).toEqual([5, 2]);
    expect(report.files).toMatchObject([
      { path, bytes: 29 },
      { path, bytes: 37 },
    ]);
  });

  it('begins again after a truncation', async () => {
    const path = newLog('INFO a\nINFO b\nINFO c\n');
    const { seen } = await follow(path, [
      () => {
        truncateSync(path, 0);
        appendFileSync(path, 'ERROR d\n');
      },
    ]);
    expect(seen).toEqual([
      [3, 0],
      [4, 1],
    ]);
  });

  it('waits for a file that is gone for a moment', async () => {
    const path = newLog('INFO a\n');
    const { seen } = await follow(path, [
      () => {
        renameSync(path, `${path}.1`);
        setTimeout(() => writeFileSync(path, 'ERROR b\n'), 800);
      },
    ]);
    expect(seen.at(-1)).toEqual([2, 1]);
  });

  it('is the last of several', async () => {
    const path = newLog('INFO a\n');
    const other = newLog('ERROR x\nERROR y\n');
    const { seen } = await follow(path, [() => appendFileSync(path, 'ERROR b\n')], [other]);
    expect(seen).toEqual([
      [3, 2],
      [4, 3],
    ]);
  });

  it('may be a pipe, which is read to its end', async () => {
    const pipe = `${newLog('')}.pipe`;
    execFileSync('mkfifo', [pipe]);
    const writer = spawn('sh', ['-c', `printf 'ERROR x\\nINFO y\\n' > '${pipe}'`]);
    onTestFinished(() => void writer.kill());
    const { report, stoppedBy } = await analyzeLogs([pipe], { follow: true });
    expect(stoppedBy).toBeNull();
    expect(report).toMatchObject({ lines: 2, errors: 1, complete: true });
  });

  it('cannot be the standard input', async () => {
    await expect(analyzeLogs(['-'], { follow: true })).rejects.toMatchObject({
      code: 'ERR_TANDEM_BAD_OPTION',
    });
  });
});
