import { readFileSync, writeFileSync } from 'node:fs';
import { TandemError } from '@tandem/engine';
import { readProject, selectFiles } from '@tandem/schema';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { AWKWARD_TREES } from './awkward-trees.ts';
import { type ConfitureAnswer, ConfitureOracle } from './confiture-oracle.ts';
import { plant, uproot } from './planted-project.ts';
import { randomTree } from './random-trees.ts';

const NOTHING = 'no SQL files';

/** What confiture 1.29 said of the awkward trees, for machines without it; TANDEM_WRITE_ANSWERS=1 has it say so again. */
const RECORD = new URL('confiture-answers.json', import.meta.url);
const recorded = JSON.parse(readFileSync(RECORD, 'utf8')) as Record<string, unknown>;
const said: Record<string, unknown> = {};

// Nothing here depends on the engine, and the other run of these tests would wait for the same download.
const oracle =
  process.env['TANDEM_ENGINE'] === 'native'
    ? 'asked in the run of the TypeScript engine'
    : await ConfitureOracle.start();
const reason = typeof oracle === 'string' ? `, skipped: no confiture here (${oracle})` : '';
afterAll(() => {
  if (typeof oracle !== 'string') oracle.stop();
  if (process.env['TANDEM_WRITE_ANSWERS'] === '1')
    writeFileSync(RECORD, `${JSON.stringify(said, null, 1)}\n`);
});

test.each(Object.entries(AWKWARD_TREES))('as confiture was recorded: %s', (name, tree) => {
  expect(ours(plant(tree))).toEqual(recorded[name]);
});

describe.skipIf(reason !== '')(`confiture 1.29 chooses and orders the same files${reason}`, () => {
  test.each(Object.entries(AWKWARD_TREES))('%s', async (name, tree) => {
    const project = plant(tree);
    const theirs = told(await (oracle as ConfitureOracle).ask(project), project);
    said[name] = theirs;
    expect(ours(project)).toEqual(theirs);
    if (process.env['TANDEM_WRITE_ANSWERS'] !== '1') expect(recorded[name]).toEqual(theirs);
  });

  test('of random trees', { timeout: 120_000 }, async () => {
    const sizes: number[] = [];
    const property = fc.asyncProperty(randomTree, async (tree) => {
      const project = plant(tree);
      const files = ours(project);
      expect(files).toEqual(told(await (oracle as ConfitureOracle).ask(project), project));
      if (Array.isArray(files)) sizes.push(files.length);
      uproot(project);
    });
    await fc.assert(property, { numRuns: 100 });
    // Trees that all come to nothing would prove nothing.
    expect(sizes.filter((size) => size > 4).length).toBeGreaterThan(30);
  });
});

/** What both say of each file, paths below the project, or that there is none. */
function ours(project: string): unknown {
  const config = readProject(project, 'local');
  try {
    return selectFiles(config).map((file) => {
      const entry = config.includes.find(({ spelt }) => spelt === file.entry)?.path ?? '';
      return { ...file, path: below(file.path, project), entry: below(entry, project) };
    });
  } catch (error) {
    if (TandemError.isTandemError(error) && error.code === 'ERR_TANDEM_NO_SQL_FILES') return NOTHING;
    throw error;
  }
}

function told(answer: ConfitureAnswer, project: string): unknown {
  if ('files' in answer) {
    return answer.files.map((file) => ({
      ...file,
      path: below(file.path, project),
      entry: below(file.entry, project),
      label: text(file.label),
    }));
  }
  return answer.message.includes('No SQL files found') ? NOTHING : answer;
}

function below(raw: string, project: string): string {
  const path = text(raw);
  return path.slice(path.indexOf(project) + project.length + 1);
}

function text(raw: string): string {
  return Buffer.from(raw, 'latin1').toString();
}
