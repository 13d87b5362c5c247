import { orderByNeed } from '../order/order-by-need.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import type { InferredNeed } from './inferred-need.ts';

/**
 * The needs that files must declare, so that a build has the order that all needs together require: those
 * that the build order does not satisfy as it is, and those that it would no longer satisfy with the new
 * lines.
 * @param needs all needs, without cycles
 * @returns for each file that must declare more, the files that it must require
 */
export function missingLines(
  files: readonly SelectedFile[],
  needs: readonly InferredNeed[],
): ReadonlyMap<number, ReadonlySet<number>> {
  const said = needs.filter(({ kind }) => kind === 'requires');
  const missing = new Map<number, Set<number>>();
  // Each round adds needs, so the loop ends. The order that satisfies all of them is the one that all of them
  // require, because both are the first possible order with respect to the configured one.
  for (;;) {
    const places = new Int32Array(files.length);
    for (const [place, index] of orderByNeed(files, said).entries()) places[index] = place;
    const unmet = needs.filter(({ file, target }) => (places[target] as number) > (places[file] as number));
    if (unmet.length === 0) return missing;
    for (const need of unmet) {
      const targets = missing.get(need.file) ?? new Set();
      missing.set(need.file, targets.add(need.target));
      said.push(need);
    }
  }
}
