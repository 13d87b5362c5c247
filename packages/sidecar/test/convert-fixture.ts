import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type BatchSource, LIMITS } from '@tandem/engine';
import { type FileStep, type FileSteps, journalName, newRun } from '@tandem/files';
import { jobSteps } from '@tandem/job';
import type { RowBatch } from '@tandem/native';
import { temporaryFolder, treeOf } from '../../files/test/store-files.ts';
import type { ConvertRequest } from '../src/engines/requests.ts';
import type { ConvertRow } from '../src/generated/reports.ts';
import { makeTree } from './convert-trees.ts';

/** A sidecar with white space and escapes that an archive does not keep. */
export const FACE = '{ "face_detection": [1.0, 2],\t"u":"\\u0041" }';
/** JSON that is not a sidecar. */
export const PLAIN = '{"name":"x"}';

/** Returns a function that makes trees, in a folder of the test file. */
export function treeMaker(parent?: string): (files: Readonly<Record<string, string>>) => string {
  const base = temporaryFolder(parent);
  let roots = 0;
  return (files) => {
    roots += 1;
    const root = join(base, `tree-${roots}`);
    mkdirSync(root);
    makeTree(root, new Map(Object.entries(files)));
    return root;
  };
}

/** The request of an engine for a tree. */
export function requestFor(
  root: string,
  to: ConvertRequest['to'],
  more: Partial<ConvertRequest> = {},
): ConvertRequest {
  const run = newRun();
  return {
    root,
    operation: '',
    to,
    legacyLayout: false,
    keep: false,
    dryRun: false,
    volatile: false,
    separator: '\n',
    maxSize: LIMITS.maxFileSize,
    maxDepth: LIMITS.maxDepth,
    run: run.id,
    journal: `${root}/${journalName(run.id)}`,
    after: '',
    ...more,
  };
}

/** Runs a convert to its end. */
export async function drain(source: BatchSource<RowBatch>): Promise<void> {
  while ((await source.next()) !== null);
}

/** The row of a file, by its name or by its path below the root. */
export function row(rows: readonly ConvertRow[], name: string): ConvertRow {
  const found = rows.find(({ file_path }) => file_path.endsWith(`/${name}`));
  if (found === undefined) throw new Error(`no row for ${name}`);
  return found;
}

/** The paths of all files below a root. */
export function names(root: string): string[] {
  return [...treeOf(root).keys()];
}

/** Steps that call `meddle` before the first step of a kind on a path. */
export function meddling(what: FileStep['what'], on: string, meddle: () => void): FileSteps {
  let done = false;
  return jobSteps((step) => {
    if (done || step.what !== what || !(step.to ?? step.path).endsWith(on)) return;
    done = true;
    meddle();
  });
}
