import { spawn } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
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
  start,
  tandem,
  write,
} from './support.ts';

const TANDEM = `${process.execPath} ${join(BIN, 'tandem')}`;
const isRoot = process.getuid?.() === 0;

describe('stdout and stderr', () => {
  it.each([
    ['validate', 'total_files'],
    ['stats', 'total_sidecars'],
    ['format-stats', 'total_files'],
    ['export', 'total_sidecars'],
  ])(
    '%s prints one JSON document, with and without --output -, and nothing on stderr',
    async (command, total) => {
      const folder = photos();
      for (const output of [[], ['--output', '-']]) {
        const { status, stdout, stderr } = await printed(['sidecar', command, '--input', folder, ...output]);
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        expect(JSON.parse(stdout)).toMatchObject({ [total]: 3, complete: true });
      }
    },
  );

  it.each([
    ['validate', 'Validation results written to: '],
    ['stats', 'Statistics written to: '],
    ['format-stats', 'Format statistics written to: '],
    ['export', 'Exported 3 sidecar files to: '],
  ])('%s --output FILE writes the file and says so in one line', async (command, line) => {
    const output = join(scratchFolder(), 'a report.json');
    const args = ['sidecar', command, '--input', photos(), '--output', output];
    expect(await printed(args)).toMatchObject({ status: 0, stdout: `${line}${output}\n`, stderr: '' });
    expect(JSON.parse(readFileSync(output, 'utf8'))).toMatchObject({ complete: true });
    expect(await printed([...args, '--quiet'])).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it('validate --ndjson prints one row per line, and nothing else', async () => {
    const { stdout } = await printed(['sidecar', 'validate', '--input', photos(), '--ndjson']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { is_valid: boolean });
    expect(rows.map((row) => row.is_valid)).toEqual([true, false, true]);
  });

  it('export --format csv prints csv', async () => {
    const { stdout } = await printed(['sidecar', 'export', '--input', photos(), '--format', 'csv']);
    expect(stdout.split('\r\n')).toHaveLength(5);
  });

  it('--verbose prints engine and time on stderr only', async () => {
    const { stdout, stderr } = await printed(['sidecar', 'validate', '--input', photos(), '--verbose']);
    expect(JSON.parse(stdout)).toMatchObject({ total_files: 3 });
    expect(stderr).toMatch(
      new RegExp(`engine: ${process.env['TANDEM_ENGINE']}, .*\n.*3 files and .* in .* s`),
    );
  });

  it('--verbose says once that one thread does the work, where no other may start', async () => {
    const flag = ['--permission', '--experimental-permission'].find((name) =>
      process.allowedNodeEnvironmentFlags.has(name),
    );
    const allowed = ['--allow-fs-read=*', '--allow-fs-write=*', '--allow-addons', '--no-warnings'];
    const line = ['sidecar', 'validate', '--input', manyPhotos(4000), '--workers', '2', '--summary'];
    const args = [...allowed, join(BIN, 'tandem'), ...line];
    const { status, stdout, stderr } = await tandem([...args, '--verbose'], { program: flag ?? '' });
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { total_files: 4000, complete: true }]);
    const told = stderr.match(/the run uses one thread: cannot start a worker thread: /g) ?? [];
    expect(told).toHaveLength(process.env['TANDEM_ENGINE'] === 'native' ? 0 : 1);
    const silent = await tandem(args, { program: flag ?? '' });
    expect([silent.status, silent.stderr]).toEqual([0, '']);
  });
});

describe('an output file', () => {
  it('replaces the target of a link, keeps its mode, and leaves no scratch behind', async () => {
    const folder = scratchFolder();
    write(folder, { 'real/report.json': 'old' });
    chmodSync(join(folder, 'real/report.json'), 0o640);
    symlinkSync('real/report.json', join(folder, 'link.json'));
    await printed(['sidecar', 'validate', '--input', photos(), '--output', join(folder, 'link.json')]);
    expect(lstatSync(join(folder, 'link.json')).isSymbolicLink()).toBe(true);
    expect(readdirSync(join(folder, 'real'))).toEqual(['report.json']);
    expect(JSON.parse(readFileSync(join(folder, 'real/report.json'), 'utf8'))).toMatchObject({
      total_files: 3,
    });
    expect(statSync(join(folder, 'real/report.json')).mode & 0o777).toBe(0o640);
  });

  it('is unchanged when the run cannot begin', async () => {
    const folder = scratchFolder();
    write(folder, { 'report.json': 'old' });
    const { status } = await printed([
      'sidecar',
      'validate',
      '--input',
      join(folder, 'gone'),
      '-o',
      join(folder, 'report.json'),
    ]);
    expect(status).toBe(3);
    expect(readdirSync(folder)).toEqual(['report.json']);
    expect(readFileSync(join(folder, 'report.json'), 'utf8')).toBe('old');
  });

  it.skipIf(isRoot)('that may not be written is not replaced', async () => {
    const folder = scratchFolder();
    write(folder, { 'report.json': 'old' });
    chmodSync(join(folder, 'report.json'), 0o444);
    const { status } = await printed([
      'sidecar',
      'validate',
      '--input',
      photos(),
      '-o',
      join(folder, 'report.json'),
    ]);
    expect(status).toBe(3);
    expect(readFileSync(join(folder, 'report.json'), 'utf8')).toBe('old');
  });

  it.skipIf(!existsSync('/dev/full'))(
    'on a full disk gives status 3 and a hint, and so does stdout',
    async () => {
      const folder = photos();
      const toFile = await printed(['sidecar', 'validate', '--input', folder, '--output', '/dev/full']);
      expect(toFile).toMatchObject({ status: 3, stdout: '' });
      expect(toFile.stderr).toMatch(/\/dev\/full: no space left on the device \(free some space.*\)\n$/);
      const toStdout = await shell(`${TANDEM} sidecar validate --input '${folder}' > /dev/full`);
      expect(toStdout.status).toBe(3);
      expect(toStdout.stderr).toMatch(/stdout: no space left on the device \(free some space.*\)\n$/);
    },
  );
});

describe('exit status', () => {
  it('is 0 with invalid files, and 1 with --fail-on invalid', async () => {
    const folder = photos();
    expect((await printed(['sidecar', 'validate', '--input', folder])).status).toBe(0);
    const { status, stdout } = await printed([
      'sidecar',
      'validate',
      '--input',
      folder,
      '--fail-on',
      'invalid',
    ]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ invalid_files: 1 });
    const filtered = ['--operation-type', 'FaceDetection', '--max-size', '1M', '--fail-on', 'invalid'];
    write(folder, { 'b.json': FACES });
    expect((await printed(['sidecar', 'validate', '--input', folder, ...filtered])).status).toBe(0);
  });

  it('is 3 when the time limit is reached, and the report is whole', async () => {
    const folder = manyPhotos(3000);
    const { status, stdout, stderr } = await tandem([
      'sidecar',
      'validate',
      '--input',
      folder,
      '--timeout',
      '0.0001',
    ]);
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ complete: false });
    expect(stderr).toMatch(/^tandem sidecar validate: the run took longer than 0.0001 s \(.*\)\n$/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('is 130 after %s, and the report is whole', async (signal) => {
    const folder = manyPhotos(3000);
    const child = start(['sidecar', 'validate', '--input', folder]);
    const done = finished(child);
    // The first bytes show that it has begun; it cannot end before its reader continues.
    await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
    child.stdout?.pause();
    child.kill(signal);
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.stdout?.resume();
    const { status, stdout, stderr } = await done;
    expect(status).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ complete: false });
    expect(stderr).toContain('the run was cancelled');
  });

  it('a second signal ends the command at once, also without a reader', async () => {
    // One row that is larger than any pipe buffer: after its first bytes, the command cannot end by itself.
    const folder = scratchFolder();
    write(folder, { 'a.jpg': '', 'a.json': FACES.replace('{', `{"notes":"${'x'.repeat(4e6)}",`) });
    const child = start(['sidecar', 'export', '--data', '--format', 'ndjson', '--input', folder]);
    const done = new Promise((resolve) => child.on('exit', (status) => resolve(status)));
    await new Promise<void>((resolve) => child.stdout?.once('readable', () => resolve()));
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(child.exitCode).toBe(null);
    child.kill('SIGINT');
    expect(await done).toBe(130);
  });

  it('a second signal leaves no scratch behind', async () => {
    const folder = manyPhotos(3000);
    const scratch = (): string[] => readdirSync(folder).filter((name) => name.startsWith('.tandem-'));
    const child = start(['sidecar', 'validate', '--input', folder, '--output', join(folder, 'report.json')]);
    const done = new Promise((resolve) => child.on('exit', (status) => resolve(status)));
    while (scratch().length === 0) await new Promise((resolve) => setImmediate(resolve));
    // Both signals are pending when it continues, so the second one cannot come too late.
    child.kill('SIGSTOP');
    expect(scratch()).toHaveLength(1);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    expect(await done).toBe(130);
    expect(readdirSync(folder).filter((name) => name.includes('report'))).toEqual([]);
  });
});

describe('a reader that leaves does not make the command fail', () => {
  it.each([
    ['sidecar validate --ndjson --input FOLDER', 'head -c 10'],
    ['sidecar validate --input FOLDER', 'head -n 1'],
    ['sidecar stats --input FOLDER', 'head -c 1'],
    ['sidecar export --data --input FOLDER', 'head -c 100000'],
    ['sidecar validate --input FOLDER', 'true'],
    ['sidecar validate --help', 'true'],
    ['--version', 'true'],
    ['doctor', 'true'],
  ])('%s | %s', async (command, reader) => {
    const folder = manyPhotos(2500);
    const line = `${TANDEM} ${command.replace('FOLDER', folder)} | ${reader} > /dev/null; echo "\${PIPESTATUS[0]}"`;
    expect(await shell(line)).toMatchObject({ stdout: '0\n', stderr: '' });
  });
});

describe('--files', () => {
  it.each([
    ['one name per line', '\n'],
    ['separated by NUL', '\0'],
  ])('%s on stdin', async (_name, separator) => {
    const folder = photos();
    const names = [join(folder, 'sub/c.png.json'), join(folder, 'a.json'), join(folder, 'gone.json')];
    const args = ['sidecar', 'validate', '--files', '-'];
    const { status, stdout } = await tandem(args, { input: names.join(separator) + separator });
    expect(status).toBe(0);
    const { results } = JSON.parse(stdout) as { results: { file_path: string; error_code: string | null }[] };
    expect(results.map((row) => row.file_path)).toEqual(names);
    expect(results.map((row) => row.error_code)).toEqual([null, null, 'ERR_TANDEM_NOT_FOUND']);
  });

  it('reads a list in a file, and a name that contains a line end', async () => {
    const folder = scratchFolder();
    write(folder, { 'two\nlines.json': FACES });
    write(folder, { list: `${join(folder, 'two\nlines.json')}\0` });
    const { stdout } = await printed(['sidecar', 'validate', '--files', join(folder, 'list')]);
    expect(JSON.parse(stdout)).toMatchObject({ total_files: 1, valid_files: 1 });
  });

  it('SIGINT ends the run while it waits for the list', async () => {
    const child = start(['sidecar', 'validate', '--files', '-', '--verbose'], { stdio: 'pipe' });
    const done = finished(child);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    child.kill('SIGINT');
    expect(await done).toMatchObject({ status: 130, stdout: '' });
  });

  it('accepts an empty list', async () => {
    const { status, stdout } = await tandem(['sidecar', 'validate', '--files', '-'], { input: '' });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ total_files: 0, complete: true });
  });
});

describe('the executables', () => {
  it.each(['image-sidecar-rust', 'sportball-sidecar-rust'])(
    '%s needs no word sidecar, also through a link',
    async (name) => {
      const elsewhere = scratchFolder();
      const link = join(elsewhere, 'called-otherwise');
      symlinkSync(join(BIN, name), link);
      const help = await finished(spawn(link, ['validate', '--help'], { cwd: elsewhere }));
      expect(help).toMatchObject({ status: 0, stderr: '' });
      expect(help.stdout).toContain(`Usage: ${name} validate`);
      const folder = photos();
      const run = await finished(
        spawn(link, ['validate', '--input', folder, '--workers', '16'], { cwd: elsewhere }),
      );
      expect(JSON.parse(run.stdout)).toMatchObject({ total_files: 3, invalid_files: 1 });
      const wrong = await finished(spawn(link, ['vaildate'], { cwd: elsewhere }));
      expect(wrong).toMatchObject({ status: 2, stdout: '' });
      expect(wrong.stderr).toContain(`did you mean '${name} validate'?`);
      expect((await finished(spawn(link, ['doctor'], { cwd: elsewhere }))).status).toBe(0);
    },
  );

  it('are executable, in bin/ and in the package', () => {
    for (const folder of [BIN, join(BIN, '../packages/cli/bin')]) {
      for (const name of ['tandem', 'image-sidecar-rust', 'sportball-sidecar-rust']) {
        expect(statSync(join(folder, name)).mode & 0o111).toBe(0o111);
      }
    }
  });

  it('say in one line what to do where nothing is built', async () => {
    const folder = scratchFolder();
    for (const path of [
      'bin/tandem',
      'packages/cli/bin/tandem',
      'packages/cli/bin/start.cjs',
      'bin/package.json',
      'packages/cli/bin/package.json',
      'package.json',
      'packages/cli/package.json',
    ]) {
      write(folder, { [path]: readFileSync(join(BIN, '..', path)) });
    }
    const { status, stdout, stderr } = await tandem(['--version'], { program: join(folder, 'bin/tandem') });
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toMatch(/^tandem: Tandem is not built here \(run 'npm run build' in [^\n]*\)\n$/);
  });
});
