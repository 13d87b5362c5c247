import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMMANDS } from '../src/command-table.ts';
import { withFlags } from '../src/terminal/option-flags.ts';

test('parameters of libraries become flags', () => {
  expect(withFlags('lower the option workers or the option maxSize')).toBe('lower --workers or --max-size');
  expect(withFlags('the option legacyLayout is a form of bin')).toBe('--layout legacy is a form of bin');
  expect(withFlags('the options are these')).toBe('the options are these');
});

test('every option in a message is an option of a command', async () => {
  const packages = new URL('../../', import.meta.url);
  const sources = readdirSync(packages, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(?!cli\/)[^/]+\/src\/.*\.ts$/.test(path))
    .map((path) => readFileSync(new URL(path, packages), 'utf8'))
    // Comments name options too.
    .map((text) => text.replace(/\/\*[\s\S]*?\*\/|\/\/ .*/g, ''));
  const named = new Set(sources.flatMap((text) => text.match(/\bthe option [a-z]\w+/g) ?? []));
  expect(named.size).toBeGreaterThan(5);
  const commands = await Promise.all(COMMANDS.map(({ load }) => load()));
  const flags = new Set(commands.flatMap(({ options }) => Object.keys(options).map((name) => `--${name}`)));
  expect(
    [...named].map((name) => withFlags(name).split(' ')[0] ?? '').filter((flag) => !flags.has(flag)),
  ).toEqual([]);
});
