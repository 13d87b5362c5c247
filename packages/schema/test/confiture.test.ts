import { TandemError } from '@tandem/engine';
import { readProject, selectFiles } from '@tandem/schema';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { AWKWARD_TREES } from './awkward-trees.ts';
import { type ConfitureAnswer, ConfitureOracle } from './confiture-oracle.ts';
import { plant, uproot } from './planted-project.ts';
import { randomTree } from './random-trees.ts';

const NOTHING = 'no SQL files';

// Nothing here depends on the engine, and the other run of these tests would wait for the same download.
const oracle =
  process.env['TANDEM_ENGINE'] === 'native'
    ? 'asked in the run of the TypeScript engine'
    : await ConfitureOracle.start();
const reason = typeof oracle === 'string' ? `, skipped: no confiture here (${oracle})` : '';
afterAll(() => {
  if (typeof oracle !== 'string') oracle.stop();
});

describe.skipIf(reason !== '')(`confiture 1.29 chooses and orders the same files${reason}`, () => {
  test.each(Object.entries(AWKWARD_TREES))('%s', async (_, tree) => {
    const project = plant(tree);
    const theirs = await (oracle as ConfitureOracle).ask(project);
    expect(theirs).toHaveProperty('files');
    expect(ours(project)).toEqual(told(theirs));
  });

  test('of random trees', { timeout: 120_000 }, async () => {
    const sizes: number[] = [];
    const property = fc.asyncProperty(randomTree, async (tree) => {
      const project = plant(tree);
      const files = ours(project);
      expect(files).toEqual(told(await (oracle as ConfitureOracle).ask(project)));
      if (Array.isArray(files)) sizes.push(files.length);
      uproot(project);
    });
    await fc.assert(property, { numRuns: 120 });
    // Trees that all come to nothing would prove nothing.
    expect(sizes.filter((size) => size > 4).length).toBeGreaterThan(40);
  });
});

/** What both say of each file, or that there is none. */
function ours(project: string): unknown {
  const config = readProject(project, 'local');
  try {
    return selectFiles(config).map(({ path, label, order, pattern, isSeed, phase, entry }) => {
      const folder = config.includes.find(({ spelt }) => spelt === entry)?.path;
      return { path, label, entry: folder, order, pattern, isSeed, phase };
    });
  } catch (error) {
    if (TandemError.isTandemError(error) && error.code === 'ERR_TANDEM_NO_SQL_FILES') return NOTHING;
    throw error;
  }
}

function told(answer: ConfitureAnswer): unknown {
  if ('files' in answer) {
    return answer.files.map((file) => ({ ...file, label: Buffer.from(file.label, 'latin1').toString() }));
  }
  return answer.message.includes('No SQL files found') ? NOTHING : answer;
}
