import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allCommands } from '../src/reference/all-commands.ts';
import { completionScript } from '../src/reference/completions.ts';
import { scratchFolder, skipped, tandem } from './support.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/**
 * A typed line and its completions, in a folder with the folders `photos` and `a folder` and the file
 * `a.json`.
 */
const CASES: readonly (readonly [line: string, completions: readonly string[]])[] = [
  ['tandem s', ['schema', 'sidecar']],
  ['tandem sidecar v', ['validate']],
  ['tandem help schema b', ['build']],
  ['image-sidecar-rust val', ['validate']],
  ['tandem sidecar validate --en', ['--engine']],
  ['tandem sidecar validate --engine ', ['auto', 'native', 'typescript']],
  ['tandem sidecar convert --format b', ['bin']],
  ['tandem schema diff --fail-on d', ['difference']],
  ['tandem completions f', ['fish']],
];

describe.each(SHELLS)('tandem completions %s', (shell) => {
  it('prints the script, which contains every command and option', async () => {
    const { status, stdout, stderr } = await tandem(['completions', shell]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(await completionScript(shell));
    for (const { entry, command } of await allCommands(true)) {
      expect(stdout).toContain(`'${entry.path}'`);
      for (const name of Object.keys(command.options))
        expect(stdout).toContain(shell === 'fish' ? `-l ${name} ` : `--${name}`);
    }
  });

  const missing = spawnSync(shell, ['-c', 'exit 0']).status === 0 ? null : `no ${shell}`;
  it.skipIf(missing !== null)(`is a valid ${shell} script${skipped(missing)}`, async () => {
    const file = join(scratchFolder(), 'script');
    writeFileSync(file, await completionScript(shell));
    const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});

function workplace(): string {
  const folder = scratchFolder();
  for (const name of ['photos', 'a folder']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'a.json'), '');
  return folder;
}

const noBash = spawnSync('bash', ['--version']).status === 0 ? null : 'no bash';

describe.skipIf(noBash !== null)(`bash completes${skipped(noBash)}`, () => {
  const complete = async (words: readonly string[]): Promise<string[]> => {
    const script = `${await completionScript('bash')}
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _tandem; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const out = execFileSync('bash', ['-c', script, 'bash', ...words], {
      cwd: workplace(),
      encoding: 'utf8',
    });
    return out
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  };

  it.each(CASES)('%s', async (line, completions) => {
    expect(await complete(line.split(' '))).toEqual(completions);
  });

  it.each<[words: string[], completions: string[]]>([
    [['tandem', 'sidecar', 'validate', '--engine', '=', 'n'], ['native']],
    [
      ['tandem', 'sidecar', 'validate', ''],
      ['a folder', 'photos'],
    ],
    [
      ['tandem', 'sidecar', 'validate', '-o', ''],
      ['a folder', 'a.json', 'photos'],
    ],
    [['tandem', 'schema', 'build', '--project-dir', 'ph'], ['photos']],
    [
      ['tandem', 'sidecar', 'cleanup', ''],
      ['a folder', 'photos', 'purge', 'undo'],
    ],
    [['tandem', 'sidecar', 'validate', '--workers', ''], []],
  ])('%j', async (words, completions) => {
    expect(await complete(words)).toEqual(completions);
  });
});

const noFish = spawnSync('fish', ['--version']).status === 0 ? null : 'no fish';

describe.skipIf(noFish !== null)(`fish completes${skipped(noFish)}`, () => {
  const complete = async (line: string): Promise<string[]> => {
    const script = `${await completionScript('fish')}\ncomplete -C "$argv"`;
    const out = execFileSync('fish', ['--no-config', '-c', script, line], {
      cwd: workplace(),
      encoding: 'utf8',
    });
    return out
      .split('\n')
      .flatMap((each) => (each === '' ? [] : [each.split('\t')[0] ?? '']))
      .sort();
  };

  it.each(CASES)('%s', async (line, completions) => {
    expect(await complete(line)).toEqual(completions);
  });

  it('folders and files', async () => {
    expect(await complete('tandem sidecar validate ph')).toEqual(['photos/']);
    expect(await complete('tandem sidecar validate -o a.')).toEqual(['a.json']);
  });
});
