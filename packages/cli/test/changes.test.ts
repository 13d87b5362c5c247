import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  BIN,
  FACES,
  finished,
  manyPhotos,
  photos,
  printed,
  scratchFolder,
  shell,
  skipped,
  start,
  write,
} from './support.ts';
import { withoutPrivileges } from './unprivileged.ts';

const TANDEM = `${process.execPath} ${join(BIN, 'tandem')}`;

/** Sidecars with their images, and one without. */
function withOrphan(): string {
  const folder = scratchFolder();
  write(folder, { 'IMG_0001.jpg': '', 'IMG_0001.json': FACES, 'IMG_0002.json': FACES });
  return folder;
}

describe('tandem sidecar convert', () => {
  it.each([
    ['bin', 'Binary'],
    ['rkyv', 'Rkyv'],
  ])('to %s prints a summary that scripts can read', async (format, name) => {
    const folder = photos();
    write(folder, { 'b.json': FACES, 'package.json': '{"name":"not-a-sidecar"}' });
    const { status, stdout, stderr } = await printed([
      'sidecar',
      'convert',
      '--input',
      folder,
      '--format',
      format,
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(`^Converted 3 sidecar files to ${name}\nSkipped 1 \\(not_a_sidecar 1\\)\n`),
    );
    expect(existsSync(join(folder, `a.${format}`))).toBe(true);
    expect(existsSync(join(folder, 'a.json'))).toBe(false);
    expect(existsSync(join(folder, 'package.json'))).toBe(true);
    const back = await printed(['sidecar', 'convert', '--input', folder, '--format', 'json', '--quiet']);
    expect(back).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe(FACES);
  });

  it('leaves broken files unchanged, which is not a failure', async () => {
    const { status, stdout, stderr } = await printed([
      'sidecar',
      'convert',
      '--input',
      photos(),
      '--format',
      'bin',
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Converted 2 sidecar files to Binary\nLeft 1 invalid files unchanged/);
  });

  it('ends with status 1 and a line for each failure', async () => {
    const folder = photos();
    write(folder, { 'a.bin': 'somebody else’s' });
    const { status, stdout, stderr } = await printed([
      'sidecar',
      'convert',
      '--input',
      folder,
      '--format',
      'bin',
    ]);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^Converted 1 sidecar files to Binary\nLeft 2 invalid files unchanged[^\n]*\nFailed 1\n/,
    );
    expect(stderr).toContain(
      `tandem sidecar convert: ${folder}/a.json: a.bin would also be converted to a.bin`,
    );
  });

  it('--output - prints one JSON document and nothing else', async () => {
    const args = ['sidecar', 'convert', '--input', photos(), '--format', 'bin', '--output', '-'];
    const { status, stdout, stderr } = await printed(args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ converted: 2, failed: 1, invalid: 1, complete: true });
  });

  it('--output FILE writes the report and prints the summary', async () => {
    const folder = photos();
    const report = join(scratchFolder(), 'report.json');
    const { stdout } = await printed([
      'sidecar',
      'convert',
      '--input',
      folder,
      '--format',
      'bin',
      '--output',
      report,
    ]);
    expect(stdout).toMatch(/^Converted 2 sidecar files to Binary\n/);
    expect(stdout).toContain(`Report written to: ${report}\n`);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ converted: 2, failed: 1 });
  });

  it('--dry-run names each file and changes none', async () => {
    const folder = photos();
    const before = readdirSync(folder);
    const { stdout } = await printed([
      'sidecar',
      'convert',
      '--input',
      folder,
      '--format',
      'bin',
      '--dry-run',
    ]);
    expect(stdout).toContain(`${folder}/a.json -> ${folder}/a.bin\n`);
    expect(stdout).toContain('Would convert 2 sidecar files to Binary\n');
    expect(readdirSync(folder)).toEqual(before);
  });

  it.each<[args: string[], status: number, told: string]>([
    [['--input', 'FOLDER'], 2, '--format is missing (add --format NAME, one of: json, bin, rkyv)'],
    [['--format', 'bin'], 2, '--input is missing'],
    [['--input', 'FOLDER', '--format', 'xml'], 2, "--format: invalid value: 'xml' (one of: json, bin, rkyv)"],
    [
      ['--input', 'FOLDER', '--format', 'json', '--layout', 'legacy'],
      2,
      '--layout legacy is a form of bin and rkyv',
    ],
    [['--input', 'FOLDER', '--format', 'bin', '--lint'], 2, 'it is for: sidecar validate'],
    [['--input', 'FOLDER/gone', '--format', 'bin'], 3, 'the folder does not exist'],
    [
      ['--input', 'FOLDER', '--format', 'bin', '--output', 'FOLDER/gone/x'],
      3,
      'the output cannot be written',
    ],
  ])('%j is refused before any work', async (args, status, told) => {
    const folder = photos();
    const before = readdirSync(folder);
    const result = await printed(['sidecar', 'convert', ...args.map((arg) => arg.replace('FOLDER', folder))]);
    expect(result).toMatchObject({ status, stdout: '' });
    expect(result.stderr).toContain(told);
    expect(result.stderr.split('\n')).toHaveLength(2);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('finishes its work when the reader of the report has left', async () => {
    const folder = manyPhotos(1500);
    const line = `${TANDEM} sidecar convert --input '${folder}' --format bin --durability none --output - | head -c 1 > /dev/null; echo "\${PIPESTATUS[0]}"`;
    expect(await shell(line)).toMatchObject({ stdout: '0\n', stderr: '' });
    for (const name of ['f0', 'f1', 'f2']) {
      expect(readdirSync(join(folder, name)).every((each) => each.endsWith('.bin'))).toBe(true);
    }
  });

  it('SIGINT ends it with status 130, a whole report, and no scratch; the next run converts the rest', async () => {
    const folder = manyPhotos(3000);
    const child = start(['sidecar', 'convert', '--input', folder, '--format', 'bin', '--output', '-']);
    const done = finished(child);
    await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
    child.kill('SIGINT');
    const { status, stdout } = await done;
    const { converted, complete } = JSON.parse(stdout) as { converted: number; complete: boolean };
    // On a fast machine it may have finished already.
    expect(status).toBe(complete ? 0 : 130);
    const names = readdirSync(folder, { recursive: true }) as string[];
    expect(names.filter((name) => name.endsWith('.bin'))).toHaveLength(converted);
    expect(names.filter((name) => name.includes('.tandem-'))).toEqual([]);
    const rest = await printed([
      'sidecar',
      'convert',
      '--input',
      folder,
      '--format',
      'bin',
      '--durability',
      'none',
    ]);
    expect(rest.stdout).toContain(`Converted ${3000 - converted} sidecar files to Binary\n`);
  });
});

describe('tandem sidecar cleanup', () => {
  it('moves orphans only, and undo restores them', async () => {
    const folder = withOrphan();
    const cleaned = await printed(['sidecar', 'cleanup', '--input', folder]);
    expect(cleaned).toMatchObject({ status: 0, stderr: '' });
    expect(cleaned.stdout).toMatch(/^Removed 1 orphaned sidecar files\n/);
    const left = readdirSync(folder).filter((name) => !name.startsWith('.'));
    expect(left).toEqual(['IMG_0001.jpg', 'IMG_0001.json']);
    const undone = await printed(['sidecar', 'undo', '--input', folder]);
    expect(undone).toMatchObject({ status: 0, stdout: 'Restored 1 sidecar files\n', stderr: '' });
    expect(readFileSync(join(folder, 'IMG_0002.json'), 'utf8')).toBe(FACES);
  });

  it('undo and purge take a run, and are also commands of cleanup', async () => {
    const folder = withOrphan();
    const { stdout } = await printed(['sidecar', 'cleanup', '--input', folder, '--output', '-']);
    const { run, moved } = JSON.parse(stdout) as { run: string; moved: number };
    expect(moved).toBe(1);
    const wrong = await printed(['sidecar', 'cleanup', 'undo', 'yesterday', '--input', folder]);
    expect(wrong).toMatchObject({ status: 2, stdout: '' });
    expect(wrong.stderr).toContain(run);
    expect((await printed(['sidecar', 'purge', '--input', folder])).status).toBe(2);
    const purged = await printed(['sidecar', 'cleanup', 'purge', run, '--input', folder]);
    expect(purged).toMatchObject({ status: 0, stdout: 'Purged 1 sidecar files\n', stderr: '' });
    expect(existsSync(join(folder, 'IMG_0002.json'))).toBe(false);
    const nothing = await printed(['sidecar', 'undo', '--input', folder, '--output', '-']);
    expect(JSON.parse(nothing.stdout)).toMatchObject({ restored: 0, complete: true });
  });

  it('--dry-run prints the plan and moves nothing', async () => {
    const folder = withOrphan();
    const before = readdirSync(folder);
    const { status, stdout } = await printed(['sidecar', 'cleanup', '--input', folder, '--dry-run']);
    expect(status).toBe(0);
    expect(stdout).toBe(`${folder}/IMG_0002.json\nWould remove 1 orphaned sidecar files\n`);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('refuses when there are no images, and a dry run says that it would', async () => {
    const folder = scratchFolder();
    write(folder, { 'a.json': FACES });
    const { status, stdout, stderr } = await printed(['sidecar', 'cleanup', '--input', folder]);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(/^tandem sidecar cleanup: [^\n]*there are no images below this folder[^\n]*\n$/);
    const planned = await printed(['sidecar', 'cleanup', '--input', folder, '--dry-run']);
    expect(planned.stdout).toContain('A cleanup would be refused: there are no images');
    expect(existsSync(join(folder, 'a.json'))).toBe(true);
  });
});

describe.skipIf(!withoutPrivileges.isPossible)(
  `a folder that may not be changed${skipped(withoutPrivileges.problem)}`,
  () => {
    it.each([['convert', '--format', 'bin'], ['cleanup'], ['undo'], ['purge', '--all']])(
      'is reported as the input folder: %s',
      async (command, ...more) => {
        const folder = withOrphan();
        chmodSync(folder, 0o555);
        const args = ['sidecar', command, '--input', folder, ...more];
        const { status, stdout, stderr } = await withoutPrivileges.tandem(args, folder);
        expect([status, stdout]).toEqual([3, '']);
        expect(stderr).toContain(`${folder}: the input folder cannot be written`);
        expect(stderr).toMatch(/^[^\n]*\(this run changes files[^\n]*\)\n$/);
        const dry = await withoutPrivileges.tandem([...args, '--dry-run'], folder);
        if (command === 'convert' || command === 'cleanup') expect(dry.status).toBe(0);
        chmodSync(folder, 0o755);
        expect(readdirSync(folder)).toEqual(['IMG_0001.jpg', 'IMG_0001.json', 'IMG_0002.json']);
      },
    );
  },
);
