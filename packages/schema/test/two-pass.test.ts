import { readFileSync, writeFileSync } from 'node:fs';
import type { RunOptions } from '@tandem/engine';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfitureOracle, EPOCH } from './confiture-oracle.ts';
import { asTandem, ourTexts, sha256, type Texts } from './confiture-texts.ts';
import { type Planted, plant, uproot } from './planted-project.ts';
import { randomTables } from './random-tables.ts';
import { TWO_PASS_CASES } from './two-pass-cases.ts';

/** Confiture 1.29's answers for the cases; TANDEM_WRITE_ANSWERS=1 records them again. */
const RECORD = new URL('two-pass-answers.json', import.meta.url);
const isWriting = process.env['TANDEM_WRITE_ANSWERS'] === '1';
const recorded = isWriting ? {} : (JSON.parse(readFileSync(RECORD, 'utf8')) as Record<string, unknown>);
const said: Record<string, unknown> = {};

const oracle =
  process.env['TANDEM_ENGINE'] === 'native'
    ? 'asked in the run of the TypeScript engine'
    : await ConfitureOracle.start();
const reason = typeof oracle === 'string' ? `, skipped: no confiture here (${oracle})` : '';
const epoch = process.env['SOURCE_DATE_EPOCH'];
beforeAll(() => {
  process.env['SOURCE_DATE_EPOCH'] = EPOCH;
});
afterAll(() => {
  if (epoch === undefined) delete process.env['SOURCE_DATE_EPOCH'];
  else process.env['SOURCE_DATE_EPOCH'] = epoch;
  if (typeof oracle !== 'string') oracle.stop();
  if (isWriting) writeFileSync(RECORD, `${JSON.stringify(said, null, 2)}\n`);
});

const CASES = Object.entries(TWO_PASS_CASES).map(([name, files]) => [name, tree(files)] as const);

test.skipIf(isWriting).each(CASES)('as recorded from confiture: %s', async (name, planted) => {
  expect(shortened(await ours(plant(planted)))).toEqual(recorded[name]);
});

describe.skipIf(reason !== '')(`confiture 1.29 moves the same keys${reason}`, () => {
  test.each(CASES)('%s', async (name, planted) => {
    const project = plant(planted);
    const texts = await theirs(project);
    expect(await ours(project)).toEqual(texts);
    said[name] = shortened(texts);
  });

  test('for random tables', { timeout: 240_000 }, async () => {
    let keys = 0;
    const property = fc.asyncProperty(
      fc.array(randomTables, { minLength: 1, maxLength: 4 }),
      async (files) => {
        const project = plant(tree(Object.fromEntries(files.map((sql, at) => [`${at}.sql`, sql]))));
        const texts = await theirs(project);
        expect(await ours(project, { engine: 'typescript' })).toEqual(texts);
        expect(await ours(project, { engine: 'auto' })).toEqual(texts);
        keys += (texts['local'] ?? '').split('\nALTER TABLE ').length - 1;
        uproot(project);
      },
    );
    await fc.assert(property, { numRuns: 150 });
    expect(keys).toBeGreaterThan(300);
  });
});

function tree(files: Readonly<Record<string, string>>): Planted {
  const below = Object.entries(files).map(([name, content]) => [`db/schema/${name}`, content] as const);
  return {
    files: below.map(([path]) => path),
    contents: Object.fromEntries(below),
    config:
      'include_dirs: [db/schema]\nbuild: {two_pass: true}\nsuperuser_dirs: [db/schema/3_roles]\nsuperuser_post_dirs: [db/schema/4_grants]\n',
  };
}

async function ours(project: string, options: RunOptions = {}): Promise<Texts> {
  return ourTexts(project, options, ['local']);
}

async function theirs(project: string): Promise<Texts> {
  const answer = await (oracle as ConfitureOracle).build(project, {
    envs: ['local'],
    parts: true,
    check: false,
  });
  if ('error' in answer) throw new Error(`${answer.error}: ${answer.message}`);
  return asTandem(answer.texts);
}

function shortened(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, sha256(text)]));
}
