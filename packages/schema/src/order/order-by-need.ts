import { TandemError } from '@tandem/engine';
import type { SelectedFile } from '../selection/selected-file.ts';
import { shownPath } from '../shown-path.ts';
import { IndexHeap } from './index-heap.ts';
import type { ResolvedNeed } from './need.ts';

/**
 * The build order in which every file follows what it needs. It is the configured order wherever the needs
 * allow it: each position takes the first file of that order whose needs have all been placed.
 * @returns indices into `files`
 * @throws {TandemError} ERR_TANDEM_REQUIRES_CIRCLE, with every file of the cycle and the lines that require
 *   them
 */
export function orderByNeed(files: readonly SelectedFile[], needs: readonly ResolvedNeed[]): number[] {
  const missing = new Uint32Array(files.length);
  const dependents: number[][] = files.map(() => []);
  for (const { file, target } of needs) {
    missing[file] = (missing[file] as number) + 1;
    (dependents[target] as number[]).push(file);
  }
  const ready = new IndexHeap();
  for (const [index, count] of missing.entries()) if (count === 0) ready.push(index);
  const order: number[] = [];
  for (let index = ready.pop(); index !== undefined; index = ready.pop()) {
    order.push(index);
    for (const dependent of dependents[index] as number[]) {
      missing[dependent] = (missing[dependent] as number) - 1;
      if (missing[dependent] === 0) ready.push(dependent);
    }
  }
  if (order.length < files.length) throw circle(files, needs, missing);
  return order;
}

function circle(
  files: readonly SelectedFile[],
  needs: readonly ResolvedNeed[],
  missing: Uint32Array,
): TandemError {
  // Every file that was not placed needs another file that was not placed: following these needs ends in a
  // cycle.
  const next = new Map<number, ResolvedNeed>();
  for (const need of needs) {
    if ((missing[need.target] as number) > 0 && !next.has(need.file)) next.set(need.file, need);
  }
  let at = missing.findIndex((count) => count > 0);
  const seen = new Set<number>();
  while (!seen.has(at)) {
    seen.add(at);
    at = (next.get(at) as ResolvedNeed).target;
  }
  const steps: ResolvedNeed[] = [];
  do {
    const step = next.get(at) as ResolvedNeed;
    steps.push(step);
    at = step.target;
  } while (at !== steps[0]?.file);
  const [first] = steps as [ResolvedNeed];
  const label = (index: number): string => (files[index] as SelectedFile).label;
  const words = steps.map(({ file, line, target }) => `${label(file)}:${line} requires ${label(target)}`);
  return new TandemError('ERR_TANDEM_REQUIRES_CIRCLE', {
    path: shownPath((files[first.file] as SelectedFile).path),
    line: first.line,
    column: 1,
    params: { circle: words.join(', ') },
  });
}
