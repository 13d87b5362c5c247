import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TandemError } from '@tandem/engine';
import { SchemaBuilder } from '@tandem/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uproot } from '../packages/schema/test/planted-project.ts';
import {
  awkwardProject,
  plantRandom,
  type RandomProject,
  requiring,
  requiringProject,
} from '../packages/schema/test/random-projects.ts';
import { addon } from '../packages/sidecar/test/scan-trees.ts';

/**
 * The operations of SchemaBuilder on random projects, on both engines: bytes, hashes, findings and errors
 * must agree. Runs where the addon is built; otherwise there is nothing to compare.
 */

const RUNS = Number(process.env['TANDEM_CONFORMANCE_RUNS'] ?? 25);
/** Ten seconds on an idle machine. */
const BUSY_MACHINE_MS = 300_000;

const LARGE = 1 << 24;

type Engine = 'typescript' | 'native';

/** The outcome of an operation: its result, or the error with all that a caller can see of it. */
type Outcome = { readonly given: unknown } | { readonly error: object };

const seen = { built: 0, codes: new Set<string>() };

async function outcomeOf(work: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { given: await work() };
  } catch (error) {
    if (!TandemError.isTandemError(error)) throw error;
    const { code, message, path, offset, line, column, hint } = error;
    seen.codes.add(code);
    return { error: { code, message, path, offset, line, column, hint } };
  }
}

/** The result without its engine and its duration. */
function told<T extends { selection: { engine: string }; seconds: number }>(
  result: T,
  engine: Engine,
): object {
  const { selection, seconds: _, ...rest } = result;
  expect(selection.engine).toBe(engine);
  return rest;
}

function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]);
  rmSync(folder, { recursive: true });
  return Object.fromEntries(files) as Record<string, string>;
}

async function outcomesOn(
  engine: Engine,
  project: string,
  maxSize: number,
): Promise<Record<string, Outcome>> {
  const builder = new SchemaBuilder({ projectDir: project, engine, workers: 2, maxSize });
  const out = join(project, 'out');
  const operations: Readonly<Record<string, () => Promise<unknown>>> = {
    build: async () => {
      const { schema, ...result } = await builder.build({ output: null, sourceMap: true });
      seen.built += 1;
      return { ...told(result, engine), schema: Buffer.concat(schema ?? []).toString('latin1') };
    },
    'build of a file': async () => {
      const result = await builder.build({
        output: join(out, 'schema.sql'),
        sourceMap: true,
        schemaOnly: true,
        durability: 'none',
      });
      return { ...told(result, engine), files: filesIn(out) };
    },
    split: async () => ({
      parts: await builder.buildSplit(out, { durability: 'none' }),
      files: filesIn(out),
    }),
    check: async () => told(await builder.check(), engine),
    hash: () => builder.hash(),
    'tree hash': () => builder.treeHash(),
    explain: () => builder.explain(),
    order: () => builder.order({ schemaOnly: true }),
  };
  const outcomes: Record<string, Outcome> = {};
  for (const [name, work] of Object.entries(operations)) outcomes[name] = await outcomeOf(work);
  // A failed operation leaves nothing, not even the folder that it made.
  expect(readdirSync(project)).not.toContain('out');
  return outcomes;
}

async function expectSame(random: RandomProject, maxSize: number): Promise<void> {
  const project = plantRandom(random);
  try {
    const typescript = await outcomesOn('typescript', project, maxSize);
    expect(await outcomesOn('native', project, maxSize)).toEqual(typescript);
  } finally {
    uproot(project);
  }
}

describe.skipIf(addon === null)('both engines', () => {
  it(
    'agree on any project',
    async () => {
      const limit = fc.constantFrom(LARGE, LARGE, LARGE, 2000, 60);
      // Shrinking such a project takes minutes.
      await fc.assert(fc.asyncProperty(awkwardProject, limit, expectSame), {
        numRuns: RUNS * 2,
        endOnFailure: true,
      });
      // Otherwise there was nothing to compare.
      expect(seen.built).toBeGreaterThan(RUNS / 2);
      expect(seen.codes.size).toBeGreaterThan(2);
    },
    BUSY_MACHINE_MS,
  );

  it(
    'put files in the same order by their requirements',
    async () => {
      seen.built = 0;
      seen.codes.clear();
      await fc.assert(fc.asyncProperty(requiringProject, fc.constant(LARGE), expectSame), {
        numRuns: RUNS,
        endOnFailure: true,
        // A random project need not build, nor contain both.
        examples: [
          [requiring([1, 2]), LARGE],
          [requiring([1, 2], [2, 0], [0, 1]), LARGE],
          [requiring([1, 2], [0, 9]), LARGE],
        ],
      });
      expect(seen.built).toBeGreaterThan(0);
      expect([...seen.codes].sort()).toEqual(['ERR_TANDEM_REQUIRES_CIRCLE', 'ERR_TANDEM_REQUIRES_MISSING']);
    },
    BUSY_MACHINE_MS,
  );
});
