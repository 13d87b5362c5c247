import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  FACES,
  finished,
  manyPhotos,
  photos,
  scratchFolder,
  skipped,
  start,
  tandem,
  write,
} from './support.ts';

const problem =
  process.platform !== 'linux'
    ? 'LD_PRELOAD is Linux'
    : spawnSync('cc', ['--version']).status === 0
      ? null
      : 'cc is needed to compile what hangs';
const home = mkdtempSync(join(tmpdir(), 'tandem-hangs-'));
const library = join(home, 'hanging-open.so');
const env = { ...process.env, LD_PRELOAD: library };
const PROJECT = 'database_url: postgresql://localhost/app\ninclude_dirs: [db/schema]\n';
/**
 * An operation that writes may take another minute after the time limit, except when the main thread hangs,
 * as it does in TypeScript.
 */
const CONVERT: readonly [string, string[]][] =
  process.env['TANDEM_ENGINE'] === 'native' ? [] : [['convert', ['--format', 'bin']]];

afterAll(() => rmSync(home, { recursive: true, force: true }));

// Without a time limit or a signal these runs would never end.
describe.skipIf(problem !== null)(
  `a disk that does not answer${skipped(problem)}`,
  { concurrent: true },
  () => {
    beforeAll(() => {
      const source = fileURLToPath(new URL('./hanging-open.c', import.meta.url));
      execFileSync('cc', ['-shared', '-fPIC', '-o', library, source, '-ldl']);
    });

    const TIMEOUT = /^tandem [a-z -]+: the run took longer than 1 s \([^\n]+\)\n$/;

    it.each([['validate', []], ['cleanup', []], ...CONVERT])(
      'delays a run no longer than its time limit: %s %j',
      async (command, more) => {
        const folder = scratchFolder();
        write(folder, { 'a.json': FACES, 'a.jpg': '', 'b-hangs.json': FACES });
        const args = ['sidecar', command, '--input', folder, ...more, '--timeout', '1'];
        const { status, signal, stderr } = await tandem(args, { env });
        expect([status, signal]).toEqual([3, null]);
        expect(stderr).toMatch(TIMEOUT);
      },
    );

    it('delays workers no longer than the time limit, and the report has what was read', async () => {
      const folder = manyPhotos(4000);
      mkdirSync(join(folder, 'z'));
      writeFileSync(join(folder, 'z', 'hangs.json'), FACES);
      const args = [
        'sidecar',
        'validate',
        '--input',
        folder,
        '--workers',
        '2',
        '--timeout',
        '4',
        '--summary',
      ];
      const { status, stdout, stderr } = await tandem(args, { env });
      expect(status).toBe(3);
      expect(JSON.parse(stdout)).toMatchObject({ complete: false });
      expect((JSON.parse(stdout) as { total_files: number }).total_files).toBeGreaterThan(0);
      expect(stderr).toContain('the run took longer than 4 s');
    });

    it('delays neither a schema build nor the output of a report longer than the time limit', async () => {
      const [folder, input] = [scratchFolder(), photos()];
      const files = { 'db/schema/a.sql': 'SELECT 1;\n', 'db/schema/b-hangs.sql': 'SELECT 2;\n' };
      write(folder, { 'db/environments/local.yaml': PROJECT, ...files, 'hangs/x': '' });
      const build = await tandem(['schema', 'build', '--timeout', '1'], { env, cwd: folder });
      expect([build.status, build.stderr]).toEqual([3, expect.stringMatching(TIMEOUT)]);
      const output = join(folder, 'hangs', 'report.json');
      const args = ['sidecar', 'validate', '--input', input, '--output', output, '--timeout', '1'];
      const report = await tandem(args, { env });
      expect([report.status, report.stderr]).toEqual([3, expect.stringMatching(TIMEOUT)]);
    });

    it('does not delay the end at the second signal', async () => {
      const folder = scratchFolder();
      write(folder, { 'hangs.json': FACES });
      const args = ['sidecar', 'validate', '--input', folder, '--timeout', '3600'];
      const child = start(args, { env });
      const ended = finished(child);
      // Whenever the second signal comes, the run has begun, however busy the machine is.
      const again = setInterval(() => child.kill('SIGTERM'), 4000);
      const { status, signal } = await ended;
      clearInterval(again);
      expect([status, signal]).toEqual([130, null]);
    });
  },
);

describe('a run with a time limit', { concurrent: true }, () => {
  it('ends like any other: report, status and input', async () => {
    const input = Buffer.from(`${join(photos(), 'b.json')}\0`);
    const args = ['sidecar', 'validate', '--files', '-', '--fail-on', 'invalid', '--timeout', '3600'];
    const { status, stdout, stderr } = await tandem(args, { input });
    expect([status, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toMatchObject({ total_files: 1, invalid_files: 1, complete: true });
  });

  it.runIf(process.platform !== 'win32')('ends with status 130 at a signal', async () => {
    const child = start(['sidecar', 'validate', '--files', '-', '--ndjson', '--timeout', '3600'], {
      stdio: 'pipe',
    });
    const ended = finished(child);
    // The list has no end, so the run waits for it.
    child.stdin?.write(`${join(photos(), 'a.json')}\n`);
    const again = setTimeout(() => child.kill('SIGTERM'), 1500);
    const { status, signal } = await ended;
    clearTimeout(again);
    expect([status, signal]).toEqual([130, null]);
  });

  it.runIf(process.platform === 'linux')('does not outlive its supervisor', async () => {
    const args = ['sidecar', 'validate', '--files', '-', '--timeout', '3600'];
    const child = start(args, { stdio: ['pipe', 'pipe', 'pipe'] });
    await new Promise((resolve) => setTimeout(resolve, 1500));
    // The child has the pipes too: they close when both processes have ended.
    child.kill('SIGKILL');
    expect(await finished(child)).toMatchObject({ status: null, signal: 'SIGKILL' });
  });
});
