import type { InferredNeed } from './inferred-need.ts';
import { strongComponents } from './strong-components.ts';

/** A foreign key can be added later, and a function body can be checked later. */
const CURABLE = { requires: 0, object: 0, rows: 0, 'function body': 1, 'foreign key': 2 } as const;

/**
 * One cycle for each set of files that need each other: a shortest one through the first of these files, from
 * file to file and back to it.
 */
export function needCircles(files: number, needs: readonly InferredNeed[]): InferredNeed[][] {
  const components = strongComponents(targetsOf(files, needs));
  const inside = new Map<number, InferredNeed[]>();
  // Needs that cannot be written differently are reported before those that can.
  for (const need of needs.toSorted((one, other) => CURABLE[one.kind] - CURABLE[other.kind])) {
    if (components[need.file] !== components[need.target]) continue;
    const found = inside.get(need.file);
    if (found === undefined) inside.set(need.file, [need]);
    else found.push(need);
  }
  const done = new Set<number>();
  const circles: InferredNeed[][] = [];
  for (const start of [...inside.keys()].sort((one, other) => one - other)) {
    const component = components[start] as number;
    if (done.has(component)) continue;
    done.add(component);
    circles.push(circleThrough(start, inside));
  }
  return circles;
}

/** A breadth-first search, so that the cycle is as short as possible. */
function circleThrough(start: number, inside: ReadonlyMap<number, readonly InferredNeed[]>): InferredNeed[] {
  const cameBy = new Map<number, InferredNeed>();
  const queue = [start];
  for (const node of queue) {
    for (const need of inside.get(node) ?? []) {
      if (cameBy.has(need.target)) continue;
      cameBy.set(need.target, need);
      if (need.target !== start) {
        queue.push(need.target);
        continue;
      }
      const circle = [need];
      for (let at = need.file; at !== start; ) {
        const step = cameBy.get(at) as InferredNeed;
        circle.unshift(step);
        at = step.file;
      }
      return circle;
    }
  }
  throw new Error('a component without a circle');
}

function targetsOf(files: number, needs: readonly InferredNeed[]): number[][] {
  const targets = Array.from({ length: files }, () => new Set<number>());
  for (const { file, target } of needs) (targets[file] as Set<number>).add(target);
  return targets.map((each) => [...each]);
}
