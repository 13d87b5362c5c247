import { orderByNeed } from '../order/order-by-need.ts';
import type { SelectedFile } from '../selection/selected-file.ts';
import type { InferredNeed } from './inferred-need.ts';

/**
 * The needs that files have to say, so that a build has the order which all needs together ask for: those that the order of a build does
 * not meet as it is, and those that it would not meet any more with these.
 * @param needs all of them, without circles
 * @returns for each file that has to say more, the files that it has to require
 */
export function missingLines(
  files: readonly SelectedFile[],
  needs: readonly InferredNeed[],
): ReadonlyMap<number, ReadonlySet<number>> {
  const said = needs.filter(({ kind }) => kind === 'requires');
  const missing = new Map<number, Set<number>>();
  // Each round adds needs, so it comes to an end; the order that meets all of them is the one that all of them ask for, since both
  // are the first that can be, seen from the configured one.
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
