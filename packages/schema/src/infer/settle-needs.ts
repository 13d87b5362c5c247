import { IndexHeap } from '../order/index-heap.ts';
import type { InferredNeed } from './inferred-need.ts';
import { strongComponents } from './strong-components.ts';

/** Needs that an order can hold to, or the circles that leave none. */
export interface SettledNeeds {
  readonly needs: readonly InferredNeed[];
  /** Each as its needs, from one file to the next and back to the first. */
  readonly circles: readonly (readonly InferredNeed[])[];
}

/** Leaves out what is not certain where it would close a circle. */
export function settleNeeds(files: number, needs: readonly InferredNeed[]): SettledNeeds {
  const certain = needs.filter(({ isCertain }) => isCertain);
  const circles = findCircles(files, certain);
  if (circles.length > 0) return { needs, circles };
  const components = strongComponents(targetsOf(files, needs));
  const isInCircle = ({ file, target }: InferredNeed): boolean => components[file] === components[target];
  const inside = needs.filter(isInCircle);
  if (inside.length === 0) return { needs, circles };
  const places = placesWithin(files, inside);
  const isMet = ({ file, target }: InferredNeed): boolean =>
    (places[target] as number) < (places[file] as number);
  return { needs: needs.filter((need) => need.isCertain || !isInCircle(need) || isMet(need)), circles };
}

/**
 * An order that meets what is certain, and of the rest as much as goes without looking back: where every file waits for another, the first
 * of them that only waits for what is not certain comes next.
 */
function placesWithin(files: number, needs: readonly InferredNeed[]): Int32Array {
  const [certain, doubtful] = [new Int32Array(files), new Int32Array(files)];
  const dependents: InferredNeed[][] = Array.from({ length: files }, () => []);
  for (const need of needs) {
    const missing = need.isCertain ? certain : doubtful;
    missing[need.file] = (missing[need.file] as number) + 1;
    (dependents[need.target] as InferredNeed[]).push(need);
  }
  const [ready, waiting] = [new IndexHeap(), new IndexHeap()];
  const enter = (file: number): void => {
    if (certain[file] === 0) (doubtful[file] === 0 ? ready : waiting).push(file);
  };
  for (let file = 0; file < files; file++) enter(file);
  const places = new Int32Array(files).fill(-1);
  let count = 0;
  for (let file = ready.pop() ?? waiting.pop(); file !== undefined; file = ready.pop() ?? waiting.pop()) {
    // What waited may have become ready, and stands in both.
    if (places[file] !== -1) continue;
    places[file] = count++;
    for (const need of dependents[file] as InferredNeed[]) {
      const missing = need.isCertain ? certain : doubtful;
      missing[need.file] = (missing[need.file] as number) - 1;
      if (missing[need.file] === 0 && places[need.file] === -1) enter(need.file);
    }
  }
  return places;
}

/** A foreign key can be added later, and a body can be looked into later. */
const CURABLE = { requires: 0, object: 0, rows: 0, 'function body': 1, 'foreign key': 2 } as const;

/** One circle of each set of files that need each other: a shortest one through the first of them. */
function findCircles(files: number, needs: readonly InferredNeed[]): InferredNeed[][] {
  const components = strongComponents(targetsOf(files, needs));
  const inside = new Map<number, InferredNeed[]>();
  // What cannot be written otherwise is told before what can.
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

/** Breadth first, so that it is as short as can be. */
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
