import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sparkline } from '../src/infra/log-text.ts';
import {
  BIN,
  finished,
  noTerminal,
  onTerminal,
  printed,
  scratchFolder,
  shell,
  skipped,
  start,
  write,
} from './support.ts';

const LOG = `2024-05-01T10:00:00Z INFO request 1 served in 5 ms
2024-05-01T10:00:01Z ERROR request 2 failed: timeout
  at fetch
2024-05-01T10:20:02Z INFO request 3 served in 7 ms
2024-05-01T11:00:03Z WARN disk "/dev/sda, b" at 91%
`;

function logs(): string {
  const folder = scratchFolder();
  write(folder, { 'app.log': LOG });
  return folder;
}

describe('tandem logs', () => {
  it('prints what happened, problems first', async () => {
    const path = join(logs(), 'app.log');
    const { status, stdout, stderr } = await printed(['logs', path]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(`5 lines, 218 bytes in 1 file: 4 entries
From 2024-05-01T10:00:00.000Z to 2024-05-01T11:00:03.000Z

level    entries   share
error          1  25.0 %
warning        1  25.0 %
info           2  50.0 %

count  level    template
    1  error    request <*> failed: timeout
    1  warning  disk "/dev/sda, b" at <*>%

count  level  template
    2  info   request <*> served in <*> ms
`);
  });

  it('--counts leaves out the templates, --top shortens them', async () => {
    const path = join(logs(), 'app.log');
    expect((await printed(['logs', path, '--counts'])).stdout).not.toContain('template');
    expect((await printed(['logs', path, '--top', '1'])).stdout).toContain('... and 1 template more (--top)');
  });

  it('--format json prints the report, ndjson and csv the templates', async () => {
    const path = join(logs(), 'app.log');
    const json = JSON.parse((await printed(['logs', path, '--format', 'json'])).stdout);
    expect(json).toMatchObject({
      lines: 5,
      entries: 4,
      errors: 1,
      warnings: 1,
      complete: true,
      bucket_minutes: 1,
    });
    const rows = (await printed(['logs', path, '--format', 'ndjson'])).stdout.trimEnd().split('\n');
    expect(rows.map((row) => JSON.parse(row))).toEqual(json.templates);
    expect((await printed(['logs', path, '--format', 'csv'])).stdout).toBe(
      [
        'level,count,template,first_path,first_offset,last_path,last_offset',
        `info,2,request <*> served in <*> ms,${path},0,${path},115`,
        `error,1,request <*> failed: timeout,${path},51,${path},51`,
        `warning,1,"disk ""/dev/sda, b"" at <*>%",${path},166,${path},166`,
        '',
      ].join('\r\n'),
    );
  });

  it('--since, --until and --zone choose the entries', async () => {
    const path = join(logs(), 'app.log');
    const count = async (...args: string[]): Promise<number> =>
      JSON.parse((await printed(['logs', path, '--format', 'json', ...args])).stdout).entries;
    expect(await count('--since', '2024-05-01T10:20:02Z')).toBe(2);
    expect(await count('--until', '2024-05-01T10:20:02Z')).toBe(2);
    expect(await count('--since', '2024-05-01T12:20:02+02:00', '--until', '2024-05-01T11:00:00Z')).toBe(1);
  });

  it('--baseline tells what is new, more frequent and gone', async () => {
    const folder = logs();
    const [before, after] = [join(folder, 'before.json'), join(folder, 'after.log')];
    await printed(['logs', join(folder, 'app.log'), '--format', 'json', '--output', before]);
    write(folder, {
      'after.log': `${'WARN disk "/dev/sda, b" at 92%\n'.repeat(9)}ERROR new thing\nINFO request 4 served in 9 ms\n`,
    });
    const { stdout } = await printed(['logs', after, '--baseline', before]);
    expect(stdout.slice(stdout.indexOf('Since'))).toBe(`Since the baseline: 1 new, 1 more frequent, 1 gone
       count  level    template
new        1  error    new thing
3.3 x      9  warning  disk "/dev/sda, b" at <*>%
gone       1  error    request <*> failed: timeout
`);
    const json = JSON.parse(
      (await printed(['logs', after, '--baseline', before, '--format', 'json'])).stdout,
    );
    expect(json.changes).toMatchObject({ added: [{ template: 'new thing' }], gone: [{ level: 'error' }] });
    for (const [file, problem] of [
      [after, 'is not a report of tandem logs'],
      [join(folder, 'none'), 'cannot be read: ENOENT'],
    ] as const) {
      const refused = await printed(['logs', after, '--baseline', file]);
      expect(refused.status).toBe(2);
      expect(refused.stderr).toContain(problem);
    }
  });

  it('--pattern counts the entries that match', async () => {
    const path = join(logs(), 'app.log');
    const args = ['logs', path, '--counts', '--pattern', 'slow=in [5-6] ms', '--pattern', 'none=a{3}'];
    expect((await printed(args)).stdout).toContain(`
pattern  entries  first
slow           1  2024-05-01T10:00:00Z INFO request 1 served in 5 ms
none           0
`);
    const { patterns } = JSON.parse((await printed([...args, '--format', 'json'])).stdout);
    expect(patterns[0]).toMatchObject({
      name: 'slow',
      pattern: 'in [5-6] ms',
      count: 1,
      last: { path, offset: 0 },
    });
    expect(patterns[1]).toEqual({ name: 'none', pattern: 'a{3}', count: 0, first: null, last: null });
  });

  it('reads stdin, and several files in their order', async () => {
    const folder = logs();
    const line = `'${process.execPath}' '${join(BIN, 'tandem')}' logs - '${folder}' --format json`;
    const { stdout } = await shell(`gzip -c '${folder}/app.log' | ${line}`);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ lines: 10, errors: 2 });
    expect(report.files.map(({ path }: { path: string }) => path)).toEqual(['-', `${folder}/app.log`]);
  });

  it('--output writes the report to a file', async () => {
    const folder = logs();
    const output = join(folder, 'report.json');
    const args = ['logs', join(folder, 'app.log'), '--format', 'json', '--output', output];
    expect(await printed(args)).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({ lines: 5 });
  });

  it('--follow prints the report, then what is new, until Ctrl-C', async () => {
    const path = join(logs(), 'app.log');
    const child = start(['logs', path, '--follow']);
    const result = finished(child);
    let seen = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
      if (seen.includes('new:')) child.kill('SIGINT');
      else if (seen.endsWith('served in <*> ms\n')) appendFileSync(path, 'ERROR disk 7 full\nINFO x\n');
    });
    const { status, stdout, stderr } = await result;
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.slice(stdout.indexOf('served in <*> ms\n'))).toMatch(
      /^served in <\*> ms\n\d\d:\d\d:\d\d {2}\+2 entries, 1 error\n {2}new: 1 error {2}disk <\*> full\n {2}new: 1 info/,
    );
  });

  it('names what it cannot read: status 1 if something was read, else 3', async () => {
    const folder = logs();
    const missing = await printed(['logs', '/no/such.log', join(folder, 'app.log')]);
    expect(missing.status).toBe(1);
    expect(missing.stderr).toMatch(/^tandem logs: \/no\/such\.log: the file does not exist/);
    expect(missing.stdout).toContain('5 lines');
    expect((await printed(['logs', '/no/such.log'])).status).toBe(3);
  });

  it.each([
    [[], 'the argument FILE is missing'],
    [['x', '--since', 'yesterday'], "invalid time: 'yesterday'"],
    [['x', '--zone', '2'], "invalid zone: '2'"],
    [['x', '--year', '24'], "invalid year: '24'"],
    [['x', '--top', '0'], "invalid number: '0'"],
    [['x', '--follow', '--format', 'csv'], '--follow cannot be combined with --format csv'],
    [['-', '--follow'], '--follow is for files'],
    [['x', '--counts', '--format', 'csv'], '--counts cannot be combined with --format csv'],
    [['x', '--pattern', 'a'], "invalid pattern: 'a' (use NAME=REGEX"],
    [['x', '--pattern', 'a=b', '--pattern', 'a=c'], "invalid name: 'a'"],
    [['x', '--pattern', 'a=(?=b)'], '--pattern a cannot have the lookahead (?='],
    [['x', '--pattern', 'a=[b-a]'], '--pattern a is not valid:'],
  ])('%j is refused', async (args, problem) => {
    const { status, stderr } = await printed(['logs', ...args]);
    expect(status).toBe(2);
    expect(stderr).toContain(problem);
  });

  it.skipIf(noTerminal !== null)(`shows errors over time on a terminal${skipped(noTerminal)}`, async () => {
    const path = join(logs(), 'app.log');
    const line = `'${process.execPath}' '${join(BIN, 'tandem')}' logs '${path}'`;
    const { stdout } = await onTerminal(line, { env: { NO_COLOR: '1' } });
    expect(stdout).toContain('\nerrors  █');
  });
});

describe('a sparkline', () => {
  const bucket = (minute: number, errors: number) => ({
    time: new Date(minute * 60_000).toISOString(),
    entries: errors,
    errors,
    warnings: 0,
  });

  it('has a bar for each part of the time, the highest for the most', () => {
    const buckets = [bucket(0, 8), bucket(1, 4), bucket(2, 1), bucket(3, 0)];
    expect(sparkline(buckets, 'errors', 0, 4 * 60_000 - 1)).toBe('█▅▂·');
  });

  it('is at most 60 bars wide', () => {
    const buckets = Array.from({ length: 600 }, (_, at) => bucket(at, 1));
    expect(sparkline(buckets, 'errors', 0, 600 * 60_000 - 1)).toBe('█'.repeat(60));
  });
});
