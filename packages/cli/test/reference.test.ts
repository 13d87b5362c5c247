import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allCommands } from '../src/reference/all-commands.ts';
import {
  BIN,
  FACES,
  gitIn,
  photos,
  printed,
  ROOT,
  scratchFolder,
  shell,
  skipped,
  tandem,
  write,
} from './support.ts';

const commands = await allCommands();
const DOCS = readFileSync(join(ROOT, 'docs/cli.md'), 'utf8');

describe('every option', () => {
  it('has a description in the style of the help', () => {
    for (const { entry, command } of commands) {
      for (const [name, { about }] of Object.entries(command.options)) {
        expect([entry.path, name, about]).toEqual([
          entry.path,
          name,
          expect.stringMatching(/^[^A-Z].*[^.]$/),
        ]);
      }
    }
  });

  it('has a letter that is unique in its command, if any', () => {
    for (const { command } of commands) {
      const letters = Object.values(command.options).flatMap(({ short }) => short ?? []);
      expect(new Set(letters).size).toBe(letters.length);
    }
  });

  it('is in docs/cli.md under its command, and in the manual', async () => {
    const { stdout } = await printed(['help', '--man']);
    const manual = stdout.replaceAll('\\-', '-');
    for (const { entry, command } of commands) {
      const section = DOCS.split(`\n### tandem ${entry.path}\n`)[1]?.split('\n###')[0] ?? '';
      const inManual = manual.split(`\n.SS tandem ${entry.path}\n`)[1]?.split('\n.SS')[0] ?? '';
      for (const name of Object.keys(command.own)) {
        expect(section).toContain(`\`--${name}`);
        expect(inManual).toContain(`--${name}`);
      }
    }
  });
});

describe('the manual', () => {
  it('is the file that the package installs', async () => {
    const { status, stdout } = await printed(['help', '--man']);
    expect(status).toBe(0);
    const folder = join(ROOT, 'packages/cli');
    const { man } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { man: string };
    expect(stdout).toBe(readFileSync(join(folder, man), 'utf8'));
  });

  const noGroff = spawnSync('groff', ['--version']).status === 0 ? null : 'no groff';
  it.skipIf(noGroff !== null)(`passes groff without warnings${skipped(noGroff)}`, () => {
    const page = join(ROOT, 'packages/cli/generated/tandem.1');
    const { status, stdout, stderr } = spawnSync('groff', ['-man', '-Tutf8', '-P-cbou', '-ww', page], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('EXIT STATUS');
  });
});

describe('the recipes of docs/cli.md', () => {
  const recipes = /## Recipes\n\n```sh\n([\s\S]*?)```/.exec(DOCS)?.[1] ?? '';
  const recipe = (word: string): string => {
    const line = recipes.split('\n').find((each) => each.includes(word));
    if (line === undefined) throw new Error(`docs/cli.md has no recipe with ${word}`);
    return line;
  };
  const noJq = spawnSync('jq', ['--version']).status === 0 ? null : 'no jq';
  const env = { ...process.env, PATH: `${BIN}:${process.env['PATH']}` };

  it.skipIf(noJq !== null)(
    `name what is wrong and where, with and without a place${skipped(noJq)}`,
    async () => {
      const folder = scratchFolder();
      write(folder, { 'photos/a.json': FACES.slice(0, 40), 'photos/b.json': '', 'photos/c.json': FACES });
      const { status, stdout, stderr } = await shell(recipe('--ndjson | jq'), { cwd: folder, env });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toBe(
        'photos/a.json:1: the text ends where the closing quote should follow\nphotos/b.json: the file is empty\n',
      );
    },
  );

  it('check what a branch changed, also if it deleted a sidecar', async () => {
    const folder = scratchFolder();
    write(folder, { 'a.json': FACES, 'b.json': FACES, 'c.json': FACES });
    gitIn(folder, 'init', '-q', '-b', 'main');
    gitIn(folder, 'add', '.');
    gitIn(folder, 'commit', '-qm', 'three sidecars');
    gitIn(folder, 'checkout', '-qb', 'change');
    gitIn(folder, 'rm', '-q', 'a.json');
    write(folder, { 'b.json': `${FACES}\n` });
    gitIn(folder, 'commit', '-qam', 'one less, one changed');
    const checked = await shell(`set -o pipefail; ${recipe('git diff')}`, { cwd: folder, env });
    expect(checked).toMatchObject({ status: 0, stderr: '' });
    expect(JSON.parse(checked.stdout)).toMatchObject({ total_files: 1, valid_files: 1 });
    write(folder, { 'b.json': FACES.slice(0, 40) });
    expect((await shell(recipe('git diff'), { cwd: folder, env })).status).toBe(1);
  });

  it.skipIf(noJq !== null)(`share, preview, cleanup and undo${skipped(noJq)}`, async () => {
    const folder = scratchFolder();
    mkdirSync(join(folder, 'photos'));
    for (const name of ['a.jpg', 'b.jpg']) writeFileSync(join(folder, 'photos', name), '');
    write(folder, { 'photos/a.json': FACES, 'photos/orphan.json': FACES });
    const share = await shell(recipe('coverage_percentage'), { cwd: folder, env });
    expect(share).toMatchObject({ status: 0, stdout: '50\n' });
    const lines = recipes.split('\n').filter((line) => /cleanup|undo/.test(line) && !line.startsWith('#'));
    expect(lines).toHaveLength(3);
    const { status, stdout } = await shell(lines.join(' && '), { cwd: folder, env });
    expect(status).toBe(0);
    expect(stdout).toMatch(/Would remove 1 .*Removed 1 .*Restored 1 /s);
  });
});

describe('start', () => {
  /** The files of the bundle that a command line loads. */
  const loaded = async (args: readonly string[]): Promise<string[]> => {
    const hook = join(scratchFolder(), 'loaded.cjs');
    writeFileSync(
      hook,
      "process.on('exit', () => process.stderr.write(JSON.stringify(Object.keys(require.cache))));",
    );
    const { stderr } = await tandem([hook, join(BIN, 'tandem'), ...args], { program: '--require' });
    return (JSON.parse(stderr) as string[]).filter((path) => path.includes('/bundle/'));
  };

  const holdsLibrary = (path: string): boolean =>
    /SpelledOperations|class SchemaBuilder/.test(readFileSync(path, 'utf8'));

  it('--version loads at most two files of the bundle', async () => {
    expect((await loaded(['--version'])).length).toBeLessThanOrEqual(2);
  });

  it('the help of a command loads neither a library nor another command', async () => {
    const files = await loaded(['sidecar', 'validate', '--help']);
    const names = files.map((path) => path.replace(/^.*\/|-[A-Z0-9]{8}\.cjs$/g, ''));
    expect(names).toContain('validate');
    for (const other of ['stats', 'build', 'doctor', 'man-page']) expect(names).not.toContain(other);
    // The libraries, recognized by a class of each; a run loads what its help does not.
    expect(files.filter(holdsLibrary)).toEqual([]);
    const run = await loaded(['sidecar', 'validate', photos(), '--quiet', '--output', '/dev/null']);
    expect(run.filter(holdsLibrary)).not.toEqual([]);
  });
});
