import { FolderWalk } from '../src/walk/folder-walk.ts';
import type { BatchWalk, WalkBatch } from '../src/walk/walk-batch.ts';

/** All batches of a walk. */
export function batchesOf(walk: BatchWalk): WalkBatch[] {
  const batches: WalkBatch[] = [];
  for (let batch = walk.next(); batch !== null; batch = walk.next()) batches.push(batch);
  return batches;
}

/**
 * Candidates as paths below the root, with their mark if it is not `f`; folders with a row as `path/ CODE`.
 */
export function pathsOf(batches: readonly WalkBatch[]): string[] {
  return batches.flatMap(({ segments }) =>
    segments.flatMap(({ folder, fault, names, marks }) =>
      fault !== null
        ? [`${folder} ${fault}`]
        : names
            .split('/')
            .map((name, i) => folder + name + ((marks[i] ?? 'f') === 'f' ? '' : ` ${marks[i]}`)),
    ),
  );
}

export const cursorText = ({ cursor }: WalkBatch): string => Buffer.from(cursor, 'base64').toString('latin1');
export const walkOf = (root: string, weight?: number): WalkBatch[] =>
  batchesOf(new FolderWalk(root, false, '', weight));
