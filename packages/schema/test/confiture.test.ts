import { readFileSync, writeFileSync } from 'node:fs';
import type { RunOptions } from '@tandem/engine';
import { readProject, SchemaBuilder, selectFiles } from '@tandem/schema';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withContents } from './awkward-contents.ts';
import { AWKWARD_TREES } from './awkward-trees.ts';
import { type ConfitureAnswer, type ConfitureBuilds, ConfitureOracle, EPOCH } from './confiture-oracle.ts';
import {
  asTandem,
  ENVIRONMENTS,
  NOTHING,
  nothing,
  ourTexts,
  sha256,
  type Texts,
  withSeparators,
} from './confiture-texts.ts';
import { plant, uproot } from './planted-project.ts';
import { randomTree } from './random-trees.ts';

/**
 * Confiture 1.29's answers for the awkward trees, for machines without it; TANDEM_WRITE_ANSWERS=1 records
 * them again.
 */
const RECORD = new URL('confiture-answers.json', import.meta.url);
const recorded = JSON.parse(readFileSync(RECORD, 'utf8')) as Record<string, unknown>;
const said: Record<string, unknown> = {};

// The run on the native engine would wait for the same download, so it uses the recorded answers; this run
// compares both engines.
const oracle =
  process.env['TANDEM_ENGINE'] === 'native'
    ? 'asked in the run of the TypeScript engine'
    : await ConfitureOracle.start();
const reason = typeof oracle === 'string' ? `, skipped: no confiture here (${oracle})` : '';
const isWriting = process.env['TANDEM_WRITE_ANSWERS'] === '1';
const epoch = process.env['SOURCE_DATE_EPOCH'];
beforeAll(() => {
  process.env['SOURCE_DATE_EPOCH'] = EPOCH;
});
afterAll(() => {
  if (epoch === undefined) delete process.env['SOURCE_DATE_EPOCH'];
  else process.env['SOURCE_DATE_EPOCH'] = epoch;
  if (typeof oracle !== 'string') oracle.stop();
  if (isWriting) writeFileSync(RECORD, `${JSON.stringify(said, null, 1)}\n`);
});

const TREES = Object.entries(AWKWARD_TREES).map(
  ([name, tree], at) => [name, withSeparators(withContents(tree, at * 5))] as const,
);

test.skipIf(isWriting).each(TREES)('as recorded from confiture: %s', async (name, tree) => {
  const project = plant(tree);
  expect({ files: ourFiles(project), ...shortened(await ours(project)) }).toEqual(recorded[name]);
});

describe.skipIf(reason !== '')(`confiture 1.29 selects, orders and builds the same${reason}`, () => {
  test.each(TREES)('%s', async (name, tree) => {
    const project = plant(tree);
    const files = theirFiles(await confiture().ask(project), project);
    expect(ourFiles(project)).toEqual(files);
    const built = theirs(await confiture().build(project, { envs: ENVIRONMENTS, parts: true, check: false }));
    expect(await ours(project)).toEqual(built);
    said[name] = { files, ...shortened(built) };
    if (!isWriting) expect(recorded[name]).toEqual(said[name]);
  });

  test('for random trees', { timeout: 240_000 }, async () => {
    const sizes: number[] = [];
    const property = fc.asyncProperty(randomTree, async (tree) => {
      const project = plant(tree);
      const files = ourFiles(project);
      expect(files).toEqual(theirFiles(await confiture().ask(project), project));
      const built = theirs(await confiture().build(project, { envs: ['local'], parts: true, check: true }));
      expect(await ours(project, { engine: 'typescript' }, ['local'])).toEqual(built);
      expect(await ours(project, { engine: 'auto' }, ['local'])).toEqual(built);
      if (Array.isArray(files)) sizes.push(files.length);
      uproot(project);
    });
    await fc.assert(property, { numRuns: 100 });
    // The test would prove nothing if most trees had no files.
    expect(sizes.filter((size) => size > 4).length).toBeGreaterThan(30);
  });
});

function confiture(): ConfitureOracle {
  return oracle as ConfitureOracle;
}

/** Texts and hash, or NOTHING where there is nothing to build. */
type Built = { readonly texts: Texts | typeof NOTHING; readonly hash: string };

async function ours(project: string, options: RunOptions = {}, envs?: readonly string[]): Promise<Built> {
  return {
    texts: await ourTexts(project, options, envs).catch(nothing),
    hash: await new SchemaBuilder({ projectDir: project, ...options }).hash().catch(nothing),
  };
}

function theirs(answer: ConfitureBuilds): Built {
  if ('texts' in answer) return { ...answer, texts: asTandem(answer.texts) };
  if (answer.message.includes('No SQL files found')) return { texts: NOTHING, hash: NOTHING };
  throw new Error(`${answer.error}: ${answer.message}`);
}

/** With a hash in place of each text. */
function shortened({ texts, hash }: Built): object {
  if (texts === NOTHING) return { texts, hash };
  return {
    texts: Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, sha256(text)])),
    hash,
  };
}

/** What both report for each file, with paths below the project, or that there is none. */
function ourFiles(project: string): unknown {
  const config = readProject(project, 'local');
  try {
    return selectFiles(config).map((file) => {
      const entry = config.includes.find(({ spelled }) => spelled === file.entry)?.path ?? '';
      return { ...file, path: below(file.path, project), entry: below(entry, project) };
    });
  } catch (error) {
    return nothing(error);
  }
}

function theirFiles(answer: ConfitureAnswer, project: string): unknown {
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
