import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/command-table.ts';
import { photos, printed, ROOT, tandem } from './support.ts';

const VERSION = (
  JSON.parse(readFileSync(join(ROOT, 'packages/cli/package.json'), 'utf8')) as { version: string }
).version;

const GENERATED = join(ROOT, 'packages/native/generated');
const ADDON_BUILT = existsSync(GENERATED) && readdirSync(GENERATED).some((name) => name.endsWith('.node'));

describe('help', () => {
  it.each(COMMANDS.map(({ path }) => path))('%s --help has usage, options and examples', async (path) => {
    const { status, stdout, stderr } = await printed([...path.split(' '), '--help']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(`Usage: tandem ${path}`);
    expect(stdout).toMatch(/Options:\n( {2}.*\n)+/);
    expect(stdout).toMatch(new RegExp(`Examples:\n( {2}# .*\n {2}tandem ${path}.*\n)+`));
    // In a pipe text is wrapped at 80 columns, except the command lines of examples.
    const texts = stdout.split('\n').filter((line) => !line.startsWith('  tandem '));
    expect(Math.max(...texts.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([[['--help']], [['-h']], [['help']]])('%j lists the commands', async (args) => {
    const { status, stdout } = await printed(args);
    expect(status).toBe(0);
    for (const { path, alias } of COMMANDS) if (!alias) expect(stdout).toContain(`tandem ${path} `);
  });

  it.each([
    [['help', 'sidecar', 'validate']],
    [['sidecar', 'help', 'validate']],
    [['help', 'sidecar', 'validate', '--quiet']],
    [['sidecar', 'validate', 'help']],
    [['sidecar', 'validate', '--input', 'nowhere', '-h']],
  ])('%j prints the help of validate', async (args) => {
    const { status, stdout } = await printed(args);
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: tandem sidecar validate');
  });

  it.each([
    ['sidecar validate', 'done, even if invalid files were found'],
    ['schema verify', 'the schema does not apply'],
    ['doctor', 'Tandem does not work here'],
  ])('of %s ends with the exit status of its own group', async (path, meaning) => {
    const { stdout } = await printed([...path.split(' '), '--help']);
    expect(stdout.slice(stdout.indexOf('Exit status:')).replace(/\s+/g, ' ')).toContain(meaning);
  });

  it('of a group has only its commands', async () => {
    const { status, stdout } = await printed(['help', 'schema']);
    expect(status).toBe(0);
    expect(stdout).toContain('tandem schema diff');
    expect(stdout).not.toContain('tandem sidecar ');
  });

  it('is printed on stderr, as a usage error, if no command is given', async () => {
    const { status, stdout, stderr } = await tandem([]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('Commands:');
  });

  it.each(['--version', '-V'])('%s prints the version', async (flag) => {
    expect(await tandem([flag])).toMatchObject({ status: 0, stdout: `tandem ${VERSION}\n`, stderr: '' });
  });
});

describe('a wrong command line ends with status 2, one line, and nothing on stdout', () => {
  const folder = 'PHOTOS';
  it.each<[args: string[], told: string]>([
    [['validte'], "did you mean 'tandem sidecar validate'?"],
    [['validate'], "did you mean 'tandem sidecar validate'?"],
    [['sidecr', 'validate'], "did you mean 'tandem sidecar'?"],
    [['sidecar', 'vaildate'], "did you mean 'tandem sidecar validate'?"],
    [['sidecar', 'xyzzy'], "'tandem sidecar --help' lists the commands"],
    [['--quiet', 'sidecar', 'validate'], 'no command before --quiet'],
    [['sidecar', 'validate'], '--input is missing'],
    [['sidecar', 'validate', 'photos', '--input', folder], "cannot be combined with the folder 'photos'"],
    [['sidecar', 'validate', folder, 'more'], "unexpected argument: 'more'"],
    [['sidecar', 'validate', '--input', folder, '--wrokers', '2'], 'did you mean --workers?'],
    [['sidecar', 'validate', '--input', folder, '--workers', '0'], "--workers: invalid worker count: '0'"],
    [['sidecar', 'validate', '--input', folder, '-w', '1.5'], "-w: invalid worker count: '1.5'"],
    [
      ['sidecar', 'validate', '--input', folder, '--engine', 'typescript', '--workers', '9999999'],
      'a whole number from 1 to 1024',
    ],
    [['sidecar', 'validate', '--input', folder, '--timeout', '-1'], "--timeout: invalid time limit: '-1'"],
    [['sidecar', 'validate', '--input', folder, '--timeout', '0'], "--timeout: invalid time limit: '0'"],
    [
      ['sidecar', 'validate', '--input', folder, '--timeout', 'soon'],
      "--timeout: invalid time limit: 'soon'",
    ],
    [['sidecar', 'validate', '--input', folder, '--engine', 'rust'], 'one of: auto, native, typescript'],
    [['sidecar', 'validate', '--input', folder, '--operation-type', 'teeth'], 'one of: face_detection'],
    [['sidecar', 'validate', '--input', folder, '--max-size', '1Z'], "--max-size: invalid size: '1Z'"],
    [['sidecar', 'validate', '--input', folder, '--fail-on', 'rain'], 'one of: invalid'],
    [['sidecar', 'validate', '--input', folder, '--data'], 'it is for: sidecar export'],
    [['sidecar', 'validate', '--input', folder, '--files', '-'], 'exclude each other'],
    [['sidecar', 'validate', '--input', folder, '--quiet', '--verbose'], 'cannot be combined with --verbose'],
    [['sidecar', 'validate', '--input', folder, '--input', folder], 'is given twice'],
    [['sidecar', 'validate', '--input', folder, '--lint=yes'], 'takes no value'],
    [['sidecar', 'validate', '--input', '--quiet'], "needs a value before '--quiet'"],
    [['sidecar', 'validate', '--input'], 'needs a value'],
    [['sidecar', 'validate', '--files', '/nowhere/list'], 'cannot be read: ENOENT'],
    [['sidecar', 'export', '--input', folder, '--format', 'xml'], 'one of: json, ndjson, csv'],
    [['sidecar', 'export', '--input', folder, '--format', 'csv', '--data'], 'csv has no column for them'],
    [['sidecar', 'validate', '--input', folder, '--summary', '--ndjson'], 'ndjson has nothing else'],
    [['sidecar', 'stats', '--input', folder, '--format', 'ndjson', '--summary'], 'ndjson has nothing else'],
    [['bench'], '--calibrate is missing: bench measures both engines on this machine'],
    [['completions', 'tcsh'], 'one of: bash, zsh, fish'],
    [['sidecar', 'undo', '20240501T101500Z-1a2b'], '--input is missing'],
    [['sidecar', 'cleanup'], 'name the folder after the command'],
  ])('%j', async (args, told) => {
    const real = photos();
    const { status, stdout, stderr } = await printed(args.map((arg) => (arg === folder ? real : arg)));
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(told);
    expect(stderr).toMatch(/^tandem[^\n]*\([^\n]+\)\n$/);
  });

  it('a wrong setting does too', async () => {
    const env = { ...process.env, TANDEM_ENGINE: 'rust' };
    const { status, stderr } = await tandem(['sidecar', 'validate', '--input', photos()], { env });
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^tandem sidecar validate: TANDEM_ENGINE: invalid engine: 'rust' \(one of: .*\)\n$/,
    );
  });
});

describe.skipIf(process.platform === 'win32')('a Windows path elsewhere', () => {
  it.each([
    ['C:\\photos', "such as '/mnt/c/photos' in WSL"],
    ['C:photos', "such as '/mnt/c/photos' in WSL"],
    ['photos\\sub', "on this system, write 'photos/sub'"],
  ])('%s is named as such, with the path to write instead', async (path, cure) => {
    for (const args of [[path], ['--input', path]]) {
      const { status, stderr } = await printed(['sidecar', 'validate', ...args]);
      expect(status).toBe(3);
      expect(stderr).toContain(`${path}: the folder does not exist (this is a Windows path: `);
      expect(stderr).toContain(cure);
    }
  });
});

describe('a run that cannot begin ends with status 3, one line, and nothing on stdout', () => {
  it.each<[name: string, args: (folder: string) => string[], told: string]>([
    ['a missing folder', (folder) => ['--input', join(folder, 'gone')], 'the folder does not exist'],
    [
      'a file instead of a folder',
      (folder) => ['--input', join(folder, 'a.json')],
      'this is a file; a folder is required',
    ],
    [
      'an output in a missing folder',
      (folder) => ['--input', folder, '--output', join(folder, 'gone/x')],
      'the output cannot be written',
    ],
    ['an output that is a folder', (folder) => ['--input', folder, '-o', folder], 'name a file in it'],
    [
      'an output below a file',
      (folder) => ['--input', folder, '-o', join(folder, 'a.jpg/x')],
      'the output cannot be written',
    ],
  ])('%s', async (_name, args, told) => {
    const { status, stdout, stderr } = await printed(['sidecar', 'validate', ...args(photos())]);
    expect({ status, stdout }).toEqual({ status: 3, stdout: '' });
    expect(stderr).toContain(told);
    expect(stderr).toMatch(/^tandem sidecar validate: [^\n]*\([^\n]+\)\n$/);
  });

  it('a name that contains a line end stays on one line', async () => {
    const { stderr } = await printed(['sidecar', 'validate', '--input', 'no\nsuch\u001b[31mfolder']);
    expect(stderr).toMatch(/^[^\n]*no\\nsuch\\u001b\[31mfolder: the folder does not exist[^\n]*\n$/);
  });

  it.skipIf(ADDON_BUILT)('the native engine by name where there is none', async () => {
    const { status, stderr } = await tandem([
      'sidecar',
      'validate',
      '--input',
      photos(),
      '--engine',
      'native',
    ]);
    expect(status).toBe(3);
    expect(stderr).toContain('the native engine was requested and is not available');
  });
});
