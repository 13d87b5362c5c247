import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FACES, photos, printed, scratchFolder, tandem, write } from './support.ts';

describe('the folder as an argument', () => {
  it.each([['validate'], ['stats'], ['format-stats'], ['export']])(
    '%s takes it like --input',
    async (name) => {
      const folder = photos();
      const rows = async (...args: string[]): Promise<string> => {
        const { status, stdout } = await printed(['sidecar', name, '--format', 'ndjson', ...args]);
        expect(status).toBe(0);
        return stdout.replace(/"processing_time":[\d.]+/g, '');
      };
      expect(await rows(folder)).toBe(await rows('--input', folder));
    },
  );

  it('convert, cleanup, undo and purge take it, and undo and purge take a run beside it', async () => {
    const folder = photos();
    const convert = await printed([
      'sidecar',
      'convert',
      folder,
      '--format',
      'bin',
      '--dry-run',
      '--summary',
    ]);
    expect(convert).toMatchObject({ status: 0, stdout: expect.stringContaining('Would convert 2') });
    rmSync(join(folder, 'a.jpg'));
    const run = async (): Promise<string> => {
      const { stdout } = await printed(['sidecar', 'cleanup', folder]);
      expect(stdout).toMatch(/^Removed 1 orphaned sidecar files\n/);
      return /as run (\S+);/.exec(stdout)?.[1] ?? '';
    };
    const first = await run();
    const undone = await printed(['sidecar', 'undo', folder, first]);
    expect(undone).toMatchObject({ status: 0, stdout: 'Restored 1 sidecar files\n' });
    const second = await run();
    expect((await printed(['sidecar', 'undo', folder])).stdout).toBe('Restored 1 sidecar files\n');
    expect(second).not.toBe('');
    const third = await run();
    const purged = await printed(['sidecar', 'purge', third, folder]);
    expect(purged).toMatchObject({ status: 0, stdout: 'Purged 1 sidecar files\n' });
  });

  it('cannot be combined with a list', async () => {
    const { status, stderr } = await tandem(['sidecar', 'validate', photos(), '--files', '-'], { input: '' });
    expect(status).toBe(2);
    expect(stderr).toContain('--input and --files exclude each other');
  });

  it.skipIf(process.platform === 'win32')('may have a backslash in its name', async () => {
    const folder = scratchFolder();
    write(folder, { 'a\\b/c.jpg': '', 'a\\b/c.json': FACES });
    const { status, stdout } = await printed(['sidecar', 'validate', 'a\\b', '--summary'], { cwd: folder });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ valid_files: 1 });
  });
});
