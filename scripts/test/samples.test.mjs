// Every sample of README.md, CONTRIBUTING.md and docs/. A sample marked `<!-- sample: not run, REASON -->` is
// only compiled.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeCorpus } from '../../bench/corpus.mjs';
import { makeDemoLogs } from '../lib/demo-log.mjs';
import { convertPhotos, makeDemoPhotos, PHOTOS } from '../lib/demo-photos.mjs';
import { capture, captureNodeTool, ROOT } from '../lib/processes.mjs';
import { commandsOf, samples } from '../lib/samples.mjs';

/** These samples need a project, a revision and a database that only the page describes. */
const COMPILED_ONLY = ['docs/schema.md'];
/** What the text around a fragment declares. */
const BEFORE_A_FRAGMENT = `import { SchemaBuilder } from '@tandem/schema';\ndeclare const signal: AbortSignal;\n`;

const all = samples();
const typescript = all.filter(({ language }) => language === 'ts');
const shell = all.filter(({ language }) => language !== 'ts');
const withoutJq = spawnSync('jq', ['--version']).error !== undefined;
/** A console sample shows a terminal, which `script` of util-linux provides. */
const withoutTerminal = !spawnSync('script', ['--version']).stdout?.includes('util-linux');
/** A line of progress with what removes it, and colors: jq before 1.7.1 does not look at NO_COLOR. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of a terminal
const PASSING = /[^\n]*\r\u001b\[K|\u001b\[[\d;]*m/g;
const isRun = ({ page, reason, text }) =>
  reason === null && !COMPILED_ONLY.includes(page) && !(withoutJq && /\bjq\b/.test(text));
const named = (list) => list.map((sample) => [`${sample.page}:${sample.line}`, sample]);
/** A first line `// NAME.ts` names a sample that another one imports. */
const ownName = (text) => /^\/\/ ([\w-]+)\.ts\n/.exec(text)?.[1];

// Below the repository, so that '@tandem/sidecar' is found as in a program that depends on it.
mkdirSync(join(ROOT, 'node_modules/.cache'), { recursive: true });
const programs = mkdtempSync(join(ROOT, 'node_modules/.cache/samples-'));
const work = mkdtempSync(join(tmpdir(), 'tandem-samples-'));
const { TANDEM_ENGINE: _, ...rest } = process.env;
const env = { ...rest, NO_COLOR: '1', PATH: `${join(ROOT, 'bin')}${delimiter}${process.env.PATH}` };

afterAll(() => {
  for (const folder of [programs, work]) rmSync(folder, { recursive: true, force: true });
}, 120_000);

test('there are samples of each kind', () => {
  const pages = new Set(all.map(({ page }) => page));
  expect([...pages]).toEqual(expect.arrayContaining(['README.md', 'docs/cli.md', 'docs/engine.md']));
  expect(new Set(all.map(({ language }) => language))).toEqual(new Set(['sh', 'console', 'ts']));
});

test('the TypeScript samples type-check', async () => {
  const files = typescript.map(({ page, line, text }) => {
    const file = join(programs, `${ownName(text) ?? `${page.replace(/\W/g, '-')}-${line}`}.ts`);
    writeFileSync(file, text.includes('import ') ? text : `${BEFORE_A_FRAGMENT}${text}`);
    return file;
  });
  const compilerOptions = {
    noEmit: true,
    composite: false,
    declarationMap: false,
    isolatedDeclarations: false,
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  const settings = { extends: join(ROOT, 'tsconfig.base.json'), compilerOptions, files };
  writeFileSync(join(programs, 'tsconfig.json'), JSON.stringify(settings));
  writeFileSync(join(programs, 'package.json'), '{ "type": "module" }');
  const { status, stdout } = await captureNodeTool('typescript/bin/tsc', ['-p', programs]);
  expect(stdout).toBe('');
  expect(status).toBe(0);
});

test.each(named(shell))('%s is valid bash', async (_, { language, text }) => {
  const script =
    language === 'sh'
      ? text
      : commandsOf(text)
          .map(({ command }) => command)
          .join('\n');
  expect(script.trim()).not.toBe('');
  expect(await capture('bash', ['-n', '-c', script])).toEqual({ status: 0, stdout: '', stderr: '' });
});

/** `demo/photos` and `demo/logs` as `npm run demo` leaves them, and `photos`, with one file changed since the last commit. */
describe('beside the photos of the demo', () => {
  beforeAll(async () => {
    await makeDemoPhotos(work);
    makeDemoLogs(work);
    await convertPhotos(join(work, PHOTOS), 'bin');
    makeCorpus(join(work, 'photos'), { images: 200, perFolder: 100, broken: 0.1 });
    const git = (...args) => execFileSync('git', args, { cwd: work, stdio: 'pipe' });
    git('init', '--quiet', '--initial-branch=main');
    git('add', 'photos');
    git('-c', 'user.name=Test', '-c', 'user.email=test@example.org', 'commit', '--quiet', '-m', 'photos');
    appendFileSync(wholeSidecar(join(work, 'photos')), '\n');
  }, 120_000);

  test.each(named(typescript.filter(isRun)))('%s runs', async (name, { text }) => {
    const { code } = await transform(text, { loader: 'ts' });
    const file = join(programs, `${ownName(text) ?? name.replace(/\W/g, '-')}.js`);
    writeFileSync(file, code);
    const { status, stderr } = await capture(process.execPath, [file], { cwd: work, env });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  const runs = shell.filter(isRun);
  test.each(named(runs.filter(({ language }) => language === 'sh')))('%s runs', async (_, { text }) => {
    const { status, stderr } = await capture('bash', ['-euo', 'pipefail', '-c', text], { cwd: work, env });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  const consoles = named(runs.filter(({ language }) => language === 'console'));
  test.skipIf(withoutTerminal).each(consoles)('%s prints the output that it shows', async (_, { text }) => {
    for (const { command, output } of commandsOf(text)) {
      const { stdout } = await capture('script', ['-qec', command, '/dev/null'], { cwd: work, env });
      const seen = stdout.replaceAll('\r\n', '\n').replaceAll(PASSING, '');
      expect(`$ ${command}\n${seen}`.trimEnd()).toMatch(shown(`$ ${command}\n${output}`));
    }
  });
});

function wholeSidecar(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.json'));
  return names.map((name) => join(folder, name)).find((path) => /\}\s*$/.test(readFileSync(path, 'utf8')));
}

/** A line `...` stands for any lines. */
function shown(text) {
  const pattern = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/^ *\\\.\\\.\\\.$/gm, '[^]*');
  return new RegExp(`^${pattern.trimEnd()}$`);
}
